"""A file that somebody sent, as a stream of raw records: told by its bytes, never by its name.

CSV and its kin in any usual encoding, XLSX and XLS, JSON and JSON lines. Everything is read as it is needed; nothing
is decided here about a row but that it is one (see `domain/report.py` for the rest).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from chalicelib.errors import FileRefused
from chalicelib.table_files.csv_text import open_text, rows_of
from chalicelib.table_files.find_header_row import Record, find_table, records, renamed
from chalicelib.table_files.json_records import looks_like_json, read_json
from chalicelib.table_files.rules.match_headers import squeeze

__all__ = ["Record", "read_records"]

NO_HEADERS: Final[Mapping[str, str]] = {}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# What is no table although some of it might decode: PDF, images, archives, web pages, programs.
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ",
           b"PK\x05\x06", b"\x7fELF", b"MZ\x90", b"{\\rtf", b"SQLite format 3", b"PAR1", b"<")  # fmt: skip


def read_records(path: Path, file_name: str, headers: Mapping[str, str] = NO_HEADERS) -> Iterator[Record]:
    """The records of a file in order; the same file always gives the same records.

    `headers` are names of columns that only this source uses, each with our field.

    Raises FileRefused (unreadable_file, unknown_columns, empty_file, too_large), at the latest before the first
    record, but for a workbook whose later sheets are damaged. `file_name` is only told in the refusal.
    """
    try:
        yield from _read(path, {squeeze(name): field for name, field in headers.items()})
    except FileRefused as refusal:
        raise FileRefused(refusal.code, file_name=file_name, **refusal.details) from refusal


def _read(path: Path, also: Mapping[str, str]) -> Iterator[Record]:
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        if b"\0" in head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")[:1] and len(head) > 8:
            raise FileRefused("unreadable_file", why="NUL bytes")
        raise FileRefused("empty_file")
    if head.startswith(_WORKBOOKS):
        yield from _from_workbook(path, also)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_OTHERS):
        raise FileRefused("unreadable_file", why="not a table")
    else:
        yield from _from_text(path, also)


def _from_text(path: Path, also: Mapping[str, str]) -> Iterator[Record]:
    file, start = open_text(path)
    with file:
        if looks_like_json(start):
            yield from read_json(file, also)
            return
        table, _any = find_table(rows_of(file, also))
        if table is None:
            raise FileRefused("unknown_columns")
        found = False
        for record in records(table, "", 0):
            found = True
            yield record
        if not found:
            raise FileRefused("empty_file")


def _from_workbook(path: Path, also: Mapping[str, str]) -> Iterator[Record]:
    # Two megabytes of compiled code that a lookup never needs.
    from chalicelib.table_files.workbook import read_workbook

    number, anything, any_table = 0, False, False
    for sheet in read_workbook(path):
        table, filled = find_table(renamed(sheet.rows, also))
        anything |= filled
        if table is None:
            continue
        any_table = True
        for record in records(table, sheet.name, number, sheet.serial_shift):
            number = record.row
            yield record
    if number == 0:
        raise FileRefused("unknown_columns" if anything and not any_table else "empty_file")
