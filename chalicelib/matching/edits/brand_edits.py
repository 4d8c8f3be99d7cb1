"""What edits make of a brand: how it relates to the listed one, and how many bits of it they leave."""

from chalicelib.matching import trade_words
from chalicelib.matching.character_variants import bits
from chalicelib.matching.edits.name_edits import Edit


def brand_relation(changes: tuple[Edit, ...], length: int) -> str:
    """What the edits make of a brand of that length: same, the one kind of edit, mixed, or other.

    Other where a character is another, or where too little of the listed brand stands where it stood.
    """
    kinds = {e.kind for e in changes}
    if not kinds:
        return "same"
    if "other" in kinds or {"added", "dropped"} <= kinds or _is_remade(changes, length):
        return "other"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _is_remade(changes: tuple[Edit, ...], length: int) -> bool:
    """Nothing of it is left; a brand of two has two more, or is swapped and changed; or a swap reaches its trade."""
    kinds = [e.kind for e in changes]
    if 0 < length <= sum(e.kind == "dropped" and e.at < length for e in changes):
        return True
    if length < 2 or len(changes) < 2:
        return False
    if any(e.kind == "swapped" and e.at < length < e.at + len(e.listed) for e in changes):
        return True
    return length == 2 and (kinds.count("added") >= 2 or "swapped" in kinds)


# What is left of a changed character's bits when it keeps its sound or its look.
_KEPT = {
    "spelt": 0.75,
    "same_sound": 0.45,
    "same_look": 0.45,
    "near_sound": 0.4,
    "near_look": 0.2,
    "far_look": 0.1,
    "split": 0.8,
    "initial": 0.25,
}


def worth(listed: str, changes: tuple[Edit, ...], until: int) -> float:
    """Bits of the first `until` characters of the listed text that the asked one has, unchanged or changed in part.

    Characters that stand in words of trades say little, and the fifth and later ones of a brand half.
    """
    kept = {e.at + n: _KEPT.get(e.kind, 0.0) for e in changes for n in range(len(e.listed)) if e.kind != "swapped"}
    in_words = trade_words.covered(listed[:until])
    total = 0.0
    for n, char in enumerate(listed[:until]):
        total += kept.get(n, 1.0) * (1.5 if n in in_words else bits(char) * (1.0 if n < 4 else 0.5))
    return total
