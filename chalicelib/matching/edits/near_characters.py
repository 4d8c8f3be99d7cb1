"""What is nearly another character: sounds that speakers of many dialects do not keep apart, as n and l, f and h, zh
and z, -in and -ing; drawings that a poor scan confuses; and the two characters that one splits into.
"""

from functools import cache

from chalicelib.matching.character_variants import SYLLABLES

# Each pair counts as its second.
_NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "n"), ("h", "f"))
_NEAR_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


@cache  # of the readings of the table alone
def _blurred(syllable: str) -> tuple[str, str]:
    """The initial and final of a reading as a speaker has them who keeps neighbouring sounds apart no more."""
    initial = next((spelt for spelt, _ in _NEAR_INITIALS if syllable.startswith(spelt)), "")
    rest = syllable[len(initial) :]
    start = dict(_NEAR_INITIALS).get(initial, "")
    if not initial and syllable[:1] in "zcsnf":
        start, rest = syllable[0], syllable[1:]
    final = next((spelt for spelt, _ in _NEAR_FINALS if rest.endswith(spelt)), "")
    return start, rest.removesuffix(final) + dict(_NEAR_FINALS).get(final, "")


def sounds_near(char: str, other: str) -> bool:
    """The two readings differ by one of n and l, f and h, r and l, zh and z, ch and c, sh and s, -ing and -in,
    -eng and -en, -ang and -an."""
    a, b = SYLLABLES.get(char), SYLLABLES.get(other)
    if a is None or b is None or a == b:
        return False
    return _blurred(a) == _blurred(b)


@cache
def _near_looks() -> tuple[dict[str, str], dict[str, str]]:
    from chalicelib.matching.tables.near_look_characters import FAR_LOOKS, NEAR_LOOKS

    near, far = ({line[0]: line[1:] for line in grade.splitlines()} for grade in (NEAR_LOOKS, FAR_LOOKS))
    return near, far


def looks_near(char: str, other: str) -> str:
    """How the two are drawn that are no look-alikes: near_look, as 运 and 这; far_look, as 黄 and 美; '' otherwise."""
    first, last = min(char, other), max(char, other)
    near, far = _near_looks()
    if last in near.get(first, ""):
        return "near_look"
    return "far_look" if last in far.get(first, "") else ""


@cache
def _components() -> dict[str, str]:
    from chalicelib.matching.tables.near_look_characters import COMPONENTS

    return {line[0]: line[1:] for line in COMPONENTS.splitlines()}


def splits_into(char: str, first: str, second: str) -> bool:
    """The character is made of the two: 启 of 户 and 口."""
    ways = _components().get(char, "")
    return any(ways[n] == first and ways[n + 1] == second for n in range(0, len(ways), 2))
