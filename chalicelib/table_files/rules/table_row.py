"""One row of a table that was read from a file, whatever the format of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

# A cell by canonical field; the cells of a row as they are in the file.
Cells = dict[str, str]
RawRow = Sequence[str]


# A filled cell behind the last column: in a text a cell of that name, since the cells before it are shifted; in a
# workbook a remark.
EXTRA_CELLS: Final = "extra_cells"


class HiddenRow(list[str]):
    """The cells of a row that its sender has hidden, by a filter or by hand."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a file: its number over the whole file from 1, and its cells by canonical field.

    `cells` is None for what is not a record. `headers` says what the file calls each field. Bytes that are no text
    are in the cells as lone surrogates. `unread` are the headers of its table that are not understood. `remarks` are
    codes of warnings about the row as it stands in the file: `hidden_rows`, `extra_cells`.
    """

    number: int
    cells: Cells | None
    sheet: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
