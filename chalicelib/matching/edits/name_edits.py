"""The edits that make one name of another, character by character, and how much of a name they leave."""

from dataclasses import dataclass
from functools import lru_cache

from chalicelib.matching.character_variants import (
    SECOND_READINGS,
    SYLLABLES,
    looks_like,
    sounds_like,
    syllables,
)
from chalicelib.matching.edits.near_characters import looks_near, sounds_near, splits_into

_PINYIN = frozenset(SYLLABLES.values())
_FAR = 6  # a middle part longer than this on either side is not compared by characters
_MOST_EDITS = 3
_NUMERALS = frozenset("一二三四五六七八九十百零〇0123456789")


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where the asked name differs.

    The kinds: same_sound, same_look, near_sound, near_look, far_look, split, initial, spelt, added, dropped, swapped,
    other.
    """

    kind: str
    asked: str
    listed: str
    at: int  # position in the listed name's brand and trade


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """Characters; a run of Latin letters falls into syllables of pinyin, the longest first."""
    if text.isascii() is False and not any(c.isascii() for c in text):
        return tuple(text)
    parts, at = [], 0
    while at < len(text):
        size = 1
        if text[at].isascii():
            size = next((n for n in (6, 5, 4, 3, 2) if text[at : at + n] in _PINYIN), 1)
        parts.append(text[at : at + size])
        at += size
    return tuple(parts)


@lru_cache(maxsize=20_000)
def sounds(text: str) -> frozenset[str]:
    """The toneless readings in a text."""
    return frozenset([SYLLABLES.get(token, token) for token in tokens(text)])


def letters(text: str) -> str:
    """The toneless reading, without gaps."""
    return "".join(syllables(text))


def spells(asked: str, listed: str) -> bool:
    """The letters are a spelling of the text, by either reading of a character that has two."""
    ends = {0}
    for char, usual in zip(listed, syllables(listed), strict=True):
        ways = (usual, SYLLABLES.get(char, char), SECOND_READINGS.get(char, usual))
        ends = {at + len(way) for at in ends for way in ways if asked.startswith(way, at)}
    return len(asked) in ends


def change(asked: str, listed: str) -> str:
    """How one character became another."""
    if asked.isascii() and not listed.isascii():
        if len(asked) == 1 and asked.isalpha() and SYLLABLES.get(listed, "")[:1] == asked:
            return "initial"
        return "spelt" if asked in (SYLLABLES.get(listed), SECOND_READINGS.get(listed)) else "other"
    is_number = asked in _NUMERALS, listed in _NUMERALS
    if all(is_number):
        return "other"
    if sounds_like(asked, listed):
        return "same_sound"
    if looks_like(asked, listed):  # a number distinguishes firms, so that few write another character for it
        return "near_look" if any(is_number) else "same_look"
    if sounds_near(asked, listed):
        return "near_sound"
    return "other" if any(is_number) else looks_near(asked, listed) or "other"


_COST = {
    "near_sound": 0.7, "near_look": 0.9, "far_look": 1.2,
    "initial": 0.8, "spelt": 0.3, "same_sound": 0.5, "same_look": 0.5, "other": 1.9, "added": 1.0,
    "dropped": 1.0, "swapped": 0.8,
}  # fmt: skip


def edits(asked: str, listed: str) -> tuple[Edit, ...] | None:
    """The cheapest way from the listed text to the asked one; None where they have too little in common."""
    if asked == listed:
        return ()
    a, b = tokens(asked), tokens(listed)
    if len(a) > len(b) and (whole := _put_together(a, b)):
        return whole
    if max(len(a), len(b)) - len(sounds(asked) & sounds(listed)) > _MOST_EDITS + 4:
        return None
    start, stop = _common_ends(a, b)
    a, b = a[start : len(a) - stop], b[start : len(b) - stop]
    if initials := _initials(a, b, start):
        return initials
    if _is_spelling(a, b):
        return tuple([Edit("spelt", SYLLABLES.get(c, c), c, start + n) for n, c in enumerate(b)])
    if not a or not b or len(a) == len(b) == 1:
        return _plain(a, b, start)
    if not _comparable(a, b):
        return None
    return _moved(a, b, start) or _cheapest(a, b, start)


def _put_together(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[Edit, ...]:
    """The edits where the asked text has a character of the listed one split into its components: 户口 for 启."""
    start, stop = _common_ends(a, b)
    first, second = a[start : start + 1], a[start + 1 : start + 2]
    if start >= len(b) - stop or not second or not splits_into(b[start], first[0], second[0]):
        return ()
    rest = edits("".join((*a[:start], b[start], *a[start + 2 :])), "".join(b))
    return () if rest is None else (Edit("split", first[0] + second[0], b[start], start), *rest)


def _common_ends(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[int, int]:
    """How many tokens the two texts share at their heads, and how many of the rest at their ends."""
    start, stop = 0, 0
    least = min(len(a), len(b))
    while start < least and a[start] == b[start]:
        start += 1
    while stop < least - start and a[-1 - stop] == b[-1 - stop]:
        stop += 1
    return start, stop


def _is_spelling(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """The asked middle has Latin letters and reads, letter by letter, as the listed one does."""
    return bool(b) and any(x.isascii() for x in a) and spells(letters("".join(a)), "".join(b))


def _initials(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...]:
    """Each asked letter is the first of a listed character's reading, two at least: yhc for 禾屿川 is none, hyc is."""
    letters_asked = "".join(a)
    if len(b) < 2 or len(letters_asked) != len(b) or not letters_asked.isascii():
        return ()
    made = tuple([Edit(change(x, y), x, y, start + n) for n, (x, y) in enumerate(zip(letters_asked, b, strict=True))])
    return made if all(edit.kind == "initial" for edit in made) else ()


def _comparable(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """The middles are short, of like length, and alike enough in sound or look that few edits may join them."""
    longest = max(len(a), len(b))
    if longest > _FAR or abs(len(a) - len(b)) > _MOST_EDITS:
        return False
    alike = {SYLLABLES.get(x, x) for x in a} & {SYLLABLES.get(y, y) for y in b}
    if longest - len(alike) > _MOST_EDITS:
        return False
    return bool(alike) or any(looks_like(x, y) or sounds_near(x, y) for x in a for y in b)


def _moved(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...]:
    """Two or three characters in another order with one more or less among them: 乐颐达星 for 乐星颐."""
    if min(len(a), len(b)) < 2 or abs(len(a) - len(b)) != 1:
        return ()
    more, fewer = (a, b) if len(a) > len(b) else (b, a)
    left = list(more)
    for token in fewer:
        if token not in left:
            return ()
        left.remove(token)
    at = more.index(left[0])
    if more[:at] + more[at + 1 :] == fewer:
        return ()
    extra = Edit("added", left[0], "", start) if more is a else Edit("dropped", "", left[0], start + at)
    return Edit("swapped", "".join(a), "".join(b), start), extra


def _plain(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...] | None:
    """The edits where one middle is empty or each is one character: no search is needed."""
    if len(a) > _MOST_EDITS or len(b) > _MOST_EDITS:
        return None
    if a and b:
        return (Edit(change(a[0], b[0]), a[0], b[0], start),)
    if a:
        return tuple([Edit("added", x, "", start) for x in a])
    return tuple([Edit("dropped", "", y, start + n) for n, y in enumerate(b)])


_Way = tuple[float, tuple[Edit, ...]]  # what a way costs, and its edits


def _cheapest(a: tuple[str, ...], b: tuple[str, ...], start: int) -> tuple[Edit, ...]:
    """Damerau-Levenshtein over the two middles with the costs of `_COST`."""
    row: list[_Way] = [(0.0, ())]
    for j, y in enumerate(b):
        row.append((row[j][0] + 1.0, (*row[j][1], Edit("dropped", "", y, start + j))))
    before: list[_Way] = []
    for i, x in enumerate(a):
        new = [(row[0][0] + 1.0, (*row[0][1], Edit("added", x, "", start)))]
        for j, y in enumerate(b):
            best = _step((row[j], row[j + 1], new[j]), x, y, start + j)
            if i and j and (swap := _swapped(a[i - 1], x, b[j - 1], y, start + j - 1)):
                cost = before[j - 1][0] + sum([_COST[e.kind] for e in swap])
                if cost < best[0]:
                    best = cost, (*before[j - 1][1], *swap)
            new.append(best)
        before, row = row, new
    return row[-1][1]


def _step(ways: tuple[_Way, _Way, _Way], x: str, y: str, at: int) -> _Way:
    """The cheapest of three ways on: `x` kept or put for `y`, `x` added, `y` dropped; the first of equals."""
    changed, added, dropped = ways
    if x == y:
        best = changed
    else:
        kind = change(x, y)
        best = changed[0] + _COST[kind], (*changed[1], Edit(kind, x, y, at))
    if added[0] + 1.0 < best[0]:
        best = added[0] + 1.0, (*added[1], Edit("added", x, "", at + 1))
    if dropped[0] + 1.0 < best[0]:
        best = dropped[0] + 1.0, (*dropped[1], Edit("dropped", "", y, at))
    return best


def _swapped(a: str, b: str, c: str, d: str, at: int) -> tuple[Edit, ...]:
    """The edits by which the listed pair `c d` became the asked pair `a b`, if they changed places."""
    swap = Edit("swapped", a + b, c + d, at)
    if a == d and b == c:
        return (swap,)
    if a == d and (kind := change(b, c)) != "other":
        return swap, Edit(kind, b, c, at)
    if b == c and (kind := change(a, d)) != "other":
        return swap, Edit(kind, a, d, at + 1)
    return ()
