"""Where a name in Latin letters says its firm is: divisions in pinyin, and what foreign usage calls them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from chalicelib.matching import find_region
from chalicelib.matching.edits.name_edits import letters
from chalicelib.matching.find_region import Division
from chalicelib.matching.tables.english_trades import PLACES

_LONGEST, _MOST = 36, 3
_BROKEN = (
    "ng",
    "nz",
    "nj",
    "ns",
    "nl",
    "nm",
    "nb",
    "nd",
    "nt",
    "nh",
    "ny",
    "nx",
    "nf",
    "ng",
    "nk",
    "np",
    "nq",
    "nw",
    "nc",
)
_SURE = ("省", "市", "县", "区", "旗", "州", "盟")


@dataclass(frozen=True, slots=True)
class Place:
    """Divisions that the letters at a name's head spell: up to which letter, those the last of them may be, and the
    codes that fit."""

    end: int
    divisions: tuple[Division, ...]
    stems: tuple[str, ...]
    codes: tuple[str, ...]


@cache
def _spelt() -> dict[str, tuple[Division, ...]]:
    """The divisions by their letters; several may be spelt alike, as 苏州 and 宿州."""
    table: dict[str, tuple[Division, ...]] = {}
    named = [(letters(name), name) for name in find_region.every()]
    named += [(line.split(":")[0].replace(" ", ""), line.split(":")[1]) for line in PLACES.strip().splitlines()]
    for spelling, name in named:
        if division := find_region.division(name):
            others = table.get(spelling, ())
            table[spelling] = others if division in others else (*others, division)
    return table


def read(text: str, bounds: frozenset[int]) -> list[Place]:
    """The ways to read places at the head of the letters, the likeliest first; `bounds` are ends of written words.

    Where words are written apart a place ends with one of them, unless its own word, as 市 or 县, is written with it.
    """
    ways = list(_ways(text, bounds, 0, ()))
    apart = len(bounds) > 1
    return sorted(
        ways, key=lambda way: (any(d.doubtful for d in way.divisions), apart and way.end not in bounds, -way.end)
    )[:3]


def _ways(text: str, bounds: frozenset[int], at: int, before: tuple[Division, ...]) -> Iterator[Place]:
    codes = _codes(before)
    for size in range(min(_LONGEST, len(text) - at - 2), 2, -1):
        fitting = [
            d
            for d in _spelt().get(text[at : at + size], ())
            if not codes or any(code.startswith(codes) for code in d.codes)
        ]
        if not fitting or not (at + size in bounds or len(bounds) <= 1 or fitting[0].name.endswith(_SURE)):
            continue
        if len(bounds) <= 1 and (text[at + size] in "aoeiuv" or text[at + size : at + size + 2] in _BROKEN):
            continue
        if len(before) + 1 < _MOST and len(fitting) == 1:
            deeper = list(_ways(text, bounds, at + size, (*before, fitting[0])))
            yield from deeper[:1]
            if deeper:
                continue
        stems = tuple(dict.fromkeys(d.stem for d in fitting))
        every = tuple(code for d in fitting for code in d.codes if not codes or code.startswith(codes))
        yield Place(at + size, (*before, fitting[0]), stems, every)


def _codes(divisions: tuple[Division, ...]) -> tuple[str, ...]:
    codes: tuple[str, ...] = ()
    for division in divisions:
        codes = tuple(c for c in division.codes if not codes or c.startswith(codes))
    return codes
