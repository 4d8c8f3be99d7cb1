"""What a file holds, before it counts: its columns as they are read, its first rows, what would become of them.

Read as every file is, with the same budget, by the same reader; hostile files are refused here as they are there.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chalicelib.table_files.rules.shown_cells import shown_cells
from chalicelib.table_files.rules.table_row import TableRow

SHOWN: Final = 5
# So many rows are checked; a workbook beyond them is not read on.
MOST_CHECKED: Final = 1_000


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row would be rejected: the code, and the column as the file calls it."""

    code: str
    column: str


Read = Callable[[Path, str], Iterator[TableRow]]
Check = Callable[[TableRow], RowFault | None]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first rows: its number, its cells by field (masked), and why it would be rejected."""

    number: int
    cells: Mapping[str, str]
    fault: RowFault | None


@dataclass(slots=True)
class Preview:
    """What was read of a file.

    `columns`: what the file calls each field that was recognised, in its order; `unread`: the headers that were not.
    `checked`: how many rows were read, all of them where `is_whole`; `faults`: how many of these would be rejected, by
    code.
    """

    columns: dict[str, str] = field(default_factory=dict)
    unread: Sequence[str] = ()
    rows: list[PreviewRow] = field(default_factory=list)
    checked: int = 0
    is_whole: bool = True
    faults: Counter[str] = field(default_factory=Counter)


def preview_file(content: bytes, name: str, read: Read, check: Check) -> Preview:
    """The preview of a file. Raises `FileRefused` for one that is refused whole."""
    preview = Preview()
    with closing(rows_of(content, name, read)) as rows:
        for row in rows:
            if preview.checked == MOST_CHECKED:
                preview.is_whole = False
                break
            _add(preview, row, check(row))
    return preview


def rows_of(content: bytes, name: str, read: Read) -> Generator[TableRow, None, None]:
    """The rows of a file whose bytes are here; its reader wants it on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        yield from read(path, name)


def _add(preview: Preview, row: TableRow, fault: RowFault | None) -> None:
    preview.checked += 1
    if fault:
        preview.faults[fault.code] += 1
    for name, header in row.headers.items():
        preview.columns.setdefault(name, header)
    preview.unread = preview.unread or row.unread
    if len(preview.rows) < SHOWN:
        preview.rows.append(PreviewRow(row.number, shown_cells(row.cells or {}), fault))
