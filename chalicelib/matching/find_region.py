"""Where a name says its firm is: the divisions of GB/T 2260, today's and former, in full and short."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from chalicelib.matching.tables.place_aliases import ALIASES, TAIWAN
from chalicelib.matching.tables.regions import LENGTHS, REGIONS


@dataclass(frozen=True, slots=True)
class Division:
    """A division as a name writes it: its codes over time (2, 4 or 6 digits) and its stem without 市 or 县."""

    name: str
    codes: tuple[str, ...]
    stem: str
    doubtful: bool  # a short form that can be a brand as well


_SUFFIXES = ("自治州", "自治县", "自治旗", "自治区", "地区", "新区", "林区", "省", "市", "县", "区", "旗", "盟", "州")
_MOST_DIVISIONS = 3  # province, city, county
_FIELDS = REGIONS.replace("\n", "\t").split("\t")  # one split of the whole: a list for each line costs more
_CODES = dict(zip(_FIELDS[::2], _FIELDS[1::2], strict=True))
_LINES = LENGTHS.split("\n")
_SIZES = {sizes: tuple([int(size, 36) for size in sizes]) for sizes in {line[3:] for line in _LINES}}
_LENGTHS = {line[:2]: _SIZES[line[3:]] for line in _LINES}


_STANDARD = tuple(_CODES)
_STANDS_FOR: dict[str, str] = {}  # names in common use, each with that of the standard


def _add_aliases() -> None:
    """File the names in common use beside those of the standard; two divisions may share one."""
    for line in ALIASES.splitlines():
        name, *aliases = line.split(" ")
        codes = _CODES[name].removeprefix("~")
        for alias in aliases:
            shared = _CODES[alias].removeprefix("~") + " " if alias in _CODES else ""
            _CODES[alias] = shared + codes
            _STANDS_FOR.setdefault(alias, name)
            lengths = {*_LENGTHS.get(alias[:2], ()), len(alias)}
            _LENGTHS[alias[:2]] = tuple(sorted(lengths, reverse=True))


def every() -> Iterator[str]:
    """The names of all divisions in the standard, in full and short."""
    return iter(_STANDARD)


def division(name: str) -> Division | None:
    """The division of that name, if there is or was one."""
    return _listed(name) if name in _CODES else None


@cache  # of names in the table alone, so that it does not grow with the texts that are asked for
def _listed(name: str) -> Division:
    """The division of a name in the table; a name with the mark `~` can be a brand as well."""
    codes = _CODES[name]
    suffix = next((s for s in _SUFFIXES if name.endswith(s) and len(name) - len(s) >= 2), "")
    return Division(
        name=name,
        codes=tuple(codes.removeprefix("~").split(" ")),
        stem=_stem(name, codes, suffix),
        doubtful=codes[0] == "~",
    )


def _stem(name: str, codes: str, suffix: str) -> str:
    """The name without 市 or 县; of one in common use that of the division that it stands for."""
    if name in _STANDS_FOR and _STANDS_FOR[name] != name:
        return _listed(_STANDS_FOR[name]).stem
    return _short(name, codes) or name.removesuffix(suffix)


def _short(name: str, codes: str) -> str:
    """What an autonomous division is called without its peoples: 凉山 for 凉山彝族自治州; '' of any other name."""
    if "自治" not in name or len(name) < 5:
        return ""
    own = set(codes.removeprefix("~").split(" "))
    heads = [name[:size] for size in range(2, len(name) - 2)]
    return next((h for h in heads if not own.isdisjoint(_CODES.get(h, "").removeprefix("~").split(" "))), "")


def related(some: Iterable[str], others: Iterable[str]) -> bool:
    """One of the codes is, or lies in, or holds one of the others."""
    some, others = tuple(some), tuple(others)
    return any(code.startswith(others) for code in some) or any(code.startswith(some) for code in others)


def read(text: str, home: str) -> tuple[int, tuple[Division, ...], tuple[str, ...]]:
    """The divisions at the head of a name: how many characters, which, and the codes that fit all of them.

    A later division must lie in the earlier one; a doubtful short form must agree with the subject's own
    division code (`home`) where that is given, for 北辰 is a district of Tianjin and a brand elsewhere.
    """
    at = 0
    divisions: tuple[Division, ...] = ()
    codes: tuple[str, ...] = ()
    while len(divisions) < _MOST_DIVISIONS and (lengths := _LENGTHS.get(text[at : at + 2])):
        following = _division_at(text, at, lengths, codes, home)
        if following is None:
            break
        last, codes = following
        at += len(last.name)
        divisions += (last,)
    return at, divisions, _confirmed(codes, home) if home and len(codes) > 1 else codes


def _division_at(
    text: str, at: int, lengths: tuple[int, ...], codes: tuple[str, ...], home: str
) -> tuple[Division, tuple[str, ...]] | None:
    """The first division of those lengths at a place of the text that fits what stands before it, and its codes.

    Two characters at least must follow it, for every name has more than its places.
    """
    room = len(text) - at - 2
    for length in lengths:
        if length <= room and (written := text[at : at + length]) in _CODES:
            candidate = _listed(written)
            fitting = _fitting(candidate, codes, home) if codes or candidate.doubtful else candidate.codes
            if fitting:
                return candidate, fitting
    return None


def _fitting(candidate: Division, codes: tuple[str, ...], home: str) -> tuple[str, ...]:
    """The codes of a division that lie in the divisions before it; at the head, those that the home allows."""
    if codes:
        return tuple([c for c in candidate.codes if c.startswith(codes)])
    if home and candidate.doubtful and home not in candidate.codes:
        return tuple([c for c in candidate.codes if c[:4] == home[:4]])
    return candidate.codes


@lru_cache(maxsize=20_000)
def _confirmed(codes: tuple[str, ...], home: str) -> tuple[str, ...]:
    """Those of several codes in which the subject's own division lies; all of them where it lies in none."""
    return tuple([c for c in codes if home.startswith(c[:4])]) or codes


def place_length(text: str) -> int:
    """How many characters the place has that a text begins with, read as where a name follows it; 0 for none."""
    return read(text + "某某", "")[0]


def _add_taiwan() -> None:
    """File the cities and counties of Taiwan beside the divisions of the standard."""
    for line in TAIWAN.splitlines():
        name, codes = line.split(" ")
        _CODES[name] = codes if name not in _CODES else _CODES[name] + " " + codes.removeprefix("~")
        _LENGTHS[name[:2]] = tuple(sorted({*_LENGTHS.get(name[:2], ()), len(name)}, reverse=True))


_add_taiwan()
_add_aliases()
