"""How far the cells of a sheet of an XLSX reach, read from its bytes before a reader allocates anything for them.

What is only styled does not count: programs style whole rows and columns of empty cells. What this reading misses (it
knows no entities and one encoding) the parser refuses as it comes to it, and the memory of its process is bounded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.table_files.reading_budget import MOST_COLUMNS, too_large
from chalicelib.table_files.workbooks.merged_cells import column_number

MOST_ROWS: Final = 1_048_576
# A million rows of sixty columns, which a workbook of allowed size cannot hold.
MOST_RECTANGLE: Final = 64 << 20
_OVERLAP: Final = 256
_ROWS: Final = (b"<row>", b"<row ", b":row>", b":row ")
# A cell that is not empty: not closed in its own tag, nor right behind it.
_CELL: Final = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]{0,100}(?<!/)>(?=[^<]|<[^/])")
# The same in a column from KO (the 301st) on.
_WIDE: Final = re.compile(rb"\sr=[\"'](?:[A-Z]{3}|[L-Z][A-Z]|K[O-Z])[0-9]{1,7}[\"'][^<>]{0,100}(?<!/)>(?=[^<]|<[^/])")


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and the last column with a filled cell, counted from 1, and how many rows there are."""

    last_row: int
    last_column: int
    rows: int


def check_extent(last_row: int, last_column: int) -> None:
    """Raise FileRefused for a table of more columns, or a larger rectangle, than a table has."""
    if last_column > MOST_COLUMNS:
        raise too_large("columns", columns=last_column, most=MOST_COLUMNS)
    if last_row > MOST_ROWS or last_row * last_column > MOST_RECTANGLE:
        raise too_large("rows times columns", rows=last_row, columns=last_column, most=MOST_RECTANGLE)


def extent_of(chunks: Iterable[bytes], *, each_cell: bool) -> Extent:
    """How far a sheet reaches; raises FileRefused where that is too far.

    Without `each_cell` only wide columns are looked for, at a tenth of the time; the last row and column are then 0.
    """
    rows = last_row = 0
    letters: set[bytes] = set()
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        rows += sum(text.count(mark) for mark in _ROWS) - sum(rest.count(mark) for mark in _ROWS)
        if rows > MOST_ROWS:
            raise too_large("rows", rows=rows, most=MOST_ROWS)
        if each_cell:
            cells = _CELL.findall(text)
            letters.update(column for column, _row in cells)
            last_row = max(last_row, *(int(row) for _column, row in cells)) if cells else last_row
        elif wide := _WIDE.search(text):
            raise too_large("columns", cell=wide[0][3:16].decode("ascii", "replace"), most=MOST_COLUMNS)
        rest = text[-_OVERLAP:]
    last_column = max((column_number(column.decode()) + 1 for column in letters), default=0)
    check_extent(last_row, last_column)
    return Extent(last_row, last_column, rows)
