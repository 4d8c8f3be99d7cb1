"""Cells merged downwards: one merchant over several rows, of which the file holds the first alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.table_files.reading_budget import MOST_COLUMNS

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class MergedCells:
    """Merged cells by their left column: `column`, `first` row and `last` row, all counted from 0."""

    column: int
    first: int
    last: int


class FillMerged:
    """Fills the rows of a sheet, in order, with what the cells that they are merged with hold.

    Merged cells do not overlap (18.3.1.55), so a column has one of them at a time; columns that no table has are left.
    """

    def __init__(self, merged: Iterable[MergedCells]) -> None:
        self._starts: dict[int, list[MergedCells]] = {}
        for cells in merged:
            if cells.last > cells.first and 0 <= cells.column < MOST_COLUMNS:
                self._starts.setdefault(cells.first, []).append(cells)
        # The last row, and the text, of the merged cells that this row is in, by their column.
        self._open: dict[int, tuple[int, str]] = {}

    def fill(self, number: int, row: list[str]) -> None:
        """Fill the row of that number."""
        if self._open:
            self._open = {column: held for column, held in self._open.items() if held[0] >= number}
        for column, (_last, text) in self._open.items():
            if text:
                row += [""] * (column + 1 - len(row))
                row[column] = text
        for cells in self._starts.pop(number, ()):
            self._open[cells.column] = cells.last, row[cells.column] if cells.column < len(row) else ""


def merged_at(reference: str) -> MergedCells | None:
    """The merged cells of a reference such as A2:B5 (ECMA-376 part 1, 18.3.1.55); None for another text."""
    match = _REFERENCE.fullmatch(reference)
    return MergedCells(column_number(match[1]), int(match[2]) - 1, int(match[4]) - 1) if match else None


def column_number(letters: str) -> int:
    """The number of a column, A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
