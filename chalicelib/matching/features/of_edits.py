"""The features that look at amounts: the bits that agree, and the edits of the brand."""

from chalicelib.matching.character_variants import bits
from chalicelib.matching.compare_names import Likeness


def _count(like: Likeness, *kinds: str) -> float:
    return float(sum(1 for edit in like.edits if edit.kind in kinds))


def brand_agrees(like: Likeness) -> float:
    """The bits of the brand's characters that agree, in full or by sound or look; rare characters have more."""
    return min(like.brand_bits, 36.0)


def trade_agrees(like: Likeness) -> float:
    """The bits of the words of trade that agree; rare trades have more."""
    return like.trade_bits


def region_agrees(like: Likeness) -> float:
    """The bits of the place that agrees: a county has more than a city, a city more than a province."""
    return like.region_bits


def sounds_alike(like: Likeness) -> float:
    """Characters that were replaced by others of the same toneless reading."""
    return _count(like, "same_sound")


def looks_alike(like: Likeness) -> float:
    """Characters that were replaced by others that a reader takes for them."""
    return _count(like, "same_look")


def sounds_near(like: Likeness) -> float:
    """Characters that were replaced by others of a neighbouring sound, as n and l, or letters that are missing."""
    return _count(like, "near_sound")


def looks_near(like: Likeness) -> float:
    """Characters that were replaced by others that a poor scan may show for them, as 运 and 这."""
    return _count(like, "near_look")


def looks_far(like: Likeness) -> float:
    """Characters that were replaced by others that are drawn less alike, as 美 and 黄."""
    return _count(like, "far_look")


def often_borne(like: Likeness) -> float:
    """The bits below 13 of characters drawn somewhat alike that were put in: what brands often have is another firm's.

    What brands hardly ever have, as 这 and 脚, is rather misread.
    """
    return sum(max(0.0, 13.0 - bits(e.asked)) for e in like.edits if e.kind in ("near_look", "far_look"))


def split(like: Likeness) -> float:
    """Characters that were written as the two that they are made of, as 户口 for 启."""
    return _count(like, "split")


def one_more_or_less(like: Likeness) -> float:
    """Characters added or left out."""
    return _count(like, "added", "dropped")


def swapped(like: Likeness) -> float:
    """Neighbouring characters that changed places."""
    return _count(like, "swapped")


def changed_again(like: Likeness) -> float:
    """Every change beyond the first makes chance likelier; less so where each keeps the sound, as dictation does."""
    kinds = ("same_sound", "same_look", "near_sound", "near_look", "far_look", "added", "dropped", "swapped", "other")
    beyond = max(0.0, _count(like, *kinds) - 1.0)
    return beyond * (0.9 if like.brand == "same_sound" else 1.0)
