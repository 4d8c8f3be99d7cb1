"""Which column a header may have meant that is not understood: the nearest name that is understood.

A slip of the hand is near, another word is not: 清退日其 for 清退日期, but not 商品名称 for 商户名称. So of the
characters that were typed or should have been, whichever are more, four in five must stand; or three in four, where
the one that differs was added, left out, swapped, or put for one of the same sound or look. Of 5,337 names with one
such slip or an arbitrary character in them these bounds answer 89 % rightly (95 to 100 % of the slips), and 3 % of
164 headers that mean nothing to an exchange; three in four without a condition would answer 97 % and 8 %.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from chalicelib.matching.edits.brand_edits import brand_relation
from chalicelib.matching.edits.name_edits import edits
from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS
from chalicelib.table_files.rules.match_headers import read_header, squeeze, without_brackets
from chalicelib.values.cell_text import printable

_NEAR, _SURE = 0.75, 0.8
_CANDIDATES = 5
_SHORTEST, _LONGEST = 3, 40  # characters of a header that is compared
# What is looked at of one table, so that a file of any shape costs little.
_MOST_HEADERS, _MOST_ROWS, _MOST_TABLES = 40, 50, 20


def nearest_headers(headers: Iterable[str], present: Collection[str] = ()) -> dict[str, str]:
    """For each header that is near to a name of a column, that name; `present` are fields that the table has.

    A name of a field that is present is no suggestion. Only what is near to a name is given back, so no cell of
    personal data is.
    """
    names = [name for name, (_written, field) in _names().items() if field not in present]
    suggestions: dict[str, str] = {}
    for header in list(headers)[:_MOST_HEADERS]:
        for text in dict.fromkeys((squeeze(header), squeeze(without_brackets(header)))):
            if name := _nearest(text, names):
                suggestions[printable(header)] = _names()[name][0]
                break
    return suggestions


def nearest_in_rows(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """The suggestions for that row which has most, where no row is a header and one may have been meant."""
    best: dict[str, str] = {}
    for _, row in zip(range(_MOST_ROWS), filter(any, rows), strict=False):
        columns = read_header(row)
        suggestions = nearest_headers(columns.unread(), columns.places)
        if len(suggestions) > len(best):
            best = suggestions
    return best


class FileHeaders:
    """The headers of one file that are not understood, each table's beside the fields that it has."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, ...], Collection[str]] = {}

    def see(self, unread: tuple[str, ...], present: Collection[str]) -> None:
        """Note a row's table, by its headers that are not understood; the same table may be noted for each row."""
        if unread and unread not in self._tables and len(self._tables) < _MOST_TABLES:
            self._tables[unread] = present

    def nearest(self) -> dict[str, dict[str, str]]:
        """`nearest` with the suggestions for all tables, or nothing: what a report's item and answer hold of it."""
        suggestions: dict[str, str] = {}
        for unread, present in self._tables.items():
            suggestions |= nearest_headers(unread, present)
        return {"nearest": suggestions} if suggestions else {}


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Every name of a column as it is compared: how it is written, and its field."""
    names: dict[str, tuple[str, str]] = {}
    for field, words in HEADER_SYNONYMS.items():
        for word in (field, *words.split("|")):
            names.setdefault(squeeze(word), (word, field))
    return names


def _nearest(text: str, names: Sequence[str]) -> str:
    """The nearest of the names, of equals the first; '' if none is near."""
    # Compiled code that only a header with a slip needs.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    if not _SHORTEST <= len(text) <= _LONGEST:
        return ""
    near = extract(text, names, scorer=OSA.normalized_similarity, score_cutoff=_NEAR, limit=_CANDIDATES)
    for name, score, _place in sorted(near, key=lambda candidate: (-candidate[1], candidate[2])):
        if score >= _SURE or _is_slip(text, name):
            return name
    return ""


def _is_slip(text: str, name: str) -> bool:
    """What differs was added, left out, swapped, or put for one of the same sound or look."""
    changes = edits(text, name)
    if changes is None or any(edit.kind in ("near_look", "far_look") for edit in changes):
        return False
    return brand_relation(changes, len(name)) != "other"
