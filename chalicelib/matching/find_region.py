"""Where a name says its firm is: the divisions of GB/T 2260, today's and former, in full and short."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from chalicelib.matching.tables.regions import LENGTHS, REGIONS


@dataclass(frozen=True, slots=True)
class Division:
    """A division as a name writes it: its codes over time (2, 4 or 6 digits) and its stem without 市 or 县."""

    name: str
    codes: tuple[str, ...]
    stem: str
    doubtful: bool  # a short form that can be a brand as well


_SUFFIXES = ("自治州", "自治县", "自治旗", "自治区", "地区", "新区", "林区", "省", "市", "县", "区", "旗", "盟", "州")
_CODES = dict([line.split("\t") for line in REGIONS.split("\n")])
_SIZES = {sizes: tuple([int(size, 36) for size in sizes]) for sizes in {line[3:] for line in LENGTHS.split("\n")}}
_LENGTHS = {line[:2]: _SIZES[line[3:]] for line in LENGTHS.split("\n")}


def every() -> Iterator[str]:
    """The names of all divisions, in full and short."""
    return iter(_CODES)


@cache
def division(name: str) -> Division | None:
    """The division of that name, if there is or was one."""
    codes = _CODES.get(name)
    if codes is None:
        return None
    suffix = next((s for s in _SUFFIXES if name.endswith(s) and len(name) - len(s) >= 2), "")
    return Division(name, tuple(codes.removeprefix("~").split(" ")), name.removesuffix(suffix), codes[0] == "~")


def related(some: Iterable[str], others: Iterable[str]) -> bool:
    """One of the codes is, or lies in, or holds one of the others."""
    return any(a.startswith(b) or b.startswith(a) for a in some for b in others)


def read(text: str, home: str) -> tuple[int, tuple[Division, ...], tuple[str, ...]]:
    """The divisions at the head of a name: how many characters, which, and the codes that fit all of them.

    A later division must lie in the earlier one; a doubtful short form must agree with the subject's own
    division code where that is known, for 北辰 is a district of Tianjin and a brand elsewhere.
    """
    at = 0
    found: list[Division] = []
    codes: tuple[str, ...] = ()
    while (lengths := _LENGTHS.get(text[at : at + 2])) and len(found) < 3:
        for length in lengths:
            if len(text) - at - length < 2 or (known := division(text[at : at + length])) is None:
                continue
            fit = known.codes
            if found:
                fit = tuple(c for c in fit if any(c.startswith(o) for o in codes))
            elif home and known.doubtful and home not in fit:
                fit = tuple(c for c in fit if c[:4] == home[:4])
            if fit:
                at, codes = at + length, fit
                found.append(known)
                break
        else:
            break
    if home and len(codes) > 1:
        codes = tuple(c for c in codes if home.startswith(c[:4])) or codes
    return at, tuple(found), codes
