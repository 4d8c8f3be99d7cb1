"""A place with one of its characters miswritten or lost, as 宁坡 for 宁波 or 圳市 for 深圳市: the name put right."""

import re
from collections.abc import Iterator
from functools import cache

from chalicelib.matching import find_region
from chalicelib.matching.character_variants import looks_like, sounds_like

_SUFFIXES = ("省", "市", "县", "区", "旗", "州", "盟")
_SIZES = (4, 3, 2)
_LEAST_BEHIND = 4  # a brand, and something of a trade or a form


@cache
def _but_one() -> dict[tuple[str, str], tuple[str, ...]]:
    """The divisions by what is left of their names on both sides of one character.

    Of short forms only those of provinces and cities, for the shortest of counties are in many a brand.
    """
    table: dict[tuple[str, str], list[str]] = {}
    for name in find_region.every():
        if len(name) not in _SIZES:
            continue
        division = find_region.division(name)
        if division is None or not (name.endswith(_SUFFIXES) or len(division.codes[0]) <= 4):
            continue
        for at in range(len(name)):
            table.setdefault((name[:at], name[at + 1 :]), []).append(name)
    return {rest: tuple(names) for rest, names in table.items()}


def corrected(text: str) -> list[str]:
    """The text with its first unreadable place put right, two ways at most; none where nothing is like a place."""
    at, divisions, codes = find_region.read(text, "")
    if divisions and not re.match("..{1,2}[市县区旗]", text[at:]):
        return []
    fitting = [
        text[:at] + name + text[at + size :]
        for name, size in _like(text[at:])
        if not codes or any(code.startswith(codes) for code in _codes(name))
    ]
    return list(dict.fromkeys(fitting))[:2]


def _codes(name: str) -> tuple[str, ...]:
    division = find_region.division(name)
    return division.codes if division else ()


def _like(text: str) -> Iterator[tuple[str, int]]:
    """The divisions that the head of the text may be meant for, and how many characters of it are theirs."""
    for size in _SIZES:
        head = text[:size]
        if len(text) - size < _LEAST_BEHIND:
            continue
        for at, written in enumerate(head):
            for name in _but_one().get((head[:at], head[at + 1 :]), ()):
                if sounds_like(written, name[at]) or looks_like(written, name[at]):
                    yield name, size
        if size <= 3 and head.endswith(_SUFFIXES):
            lost = _but_one().get(("", head), ())
            if len(lost) == 1:
                yield lost[0], size
