"""A file that was sent, as a stream of rows: its format is read from its bytes, never from its name.

CSV and its kin in any usual encoding, XLSX and XLS, JSON and JSON lines. Everything is read as it is needed; nothing
is decided here about a row but that it is one.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Final

from chalicelib import logs
from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.csv_text import text_rows
from chalicelib.table_files.find_header_row import HEADER_ROWS, find_table, renamed, table_rows, unknown_columns
from chalicelib.table_files.json_rows import looks_like_json, read_json
from chalicelib.table_files.reading_budget import ReadingBudget
from chalicelib.table_files.rules.match_headers import squeeze
from chalicelib.table_files.rules.table_row import RawRow, TableRow
from chalicelib.table_files.text_encoding import open_text
from chalicelib.table_files.workbooks.read_workbook_in_child import read_workbook_in_child as in_child
from chalicelib.table_files.workbooks.workbook_frames import Sheet

ReadWorkbook = Callable[[Path], Iterator[Sheet]]
NO_HEADERS: Final[Mapping[str, str]] = {}
# The budget is looked at after so many rows.
_CHECKED_ROWS: Final = 8
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# What is no table although some of it might decode: PDF, images, archives, web pages, programs.
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ",
           b"PK\x05\x06", b"\x7fELF", b"MZ\x90", b"{\\rtf", b"SQLite format 3", b"PAR1")  # fmt: skip
# Web pages, Excel's XML of 2003, and web archives: what many systems export under the name .xls.
_PAGES = (b"<", b"mime-version:", b"from: <saved by", b"content-type: multipart")
_SAVE_AS = {
    "zh": "请用 Excel 或 WPS 打开该文件，另存为 .xlsx 后重新发送",
    "en": "open it in Excel or WPS, save it as .xlsx, send that",
}


def read_table_file(
    path: Path,
    file_name: str,
    headers: Mapping[str, str] = NO_HEADERS,
    read_workbook: ReadWorkbook = in_child,
) -> Iterator[TableRow]:
    """The rows of a file in order; the same file always gives the same rows.

    `headers` are names of columns that only this source uses, each with our field. A workbook is read in a process of
    its own unless another reader is given.

    Raises FileRefused (unreadable_file, unknown_columns, empty_file, too_large), at the latest before the first row,
    but for a workbook whose later sheets are damaged, and for a file that costs more time than its rows may
    (`ReadingBudget`). `file_name` only goes into the refusal.
    """
    budget = ReadingBudget()
    try:
        for row in _read(path, {squeeze(name): field for name, field in headers.items()}, read_workbook, budget):
            # What is no record is cheap to write, and gives no time.
            if row.cells is not None:
                budget.add_rows(1)
            if row.number % _CHECKED_ROWS == 0:
                budget.check()
            yield row
    except FileRefused as refusal:
        raise FileRefused(refusal.code, file_name=file_name, **refusal.details) from refusal
    except MemoryError as error:
        raise FileRefused(ErrorCode.TOO_LARGE, file_name=file_name, why="memory") from error
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        # The readers failed on the content of the file. That is no reason to try it again.
        logs.warn("file_reader_failed", kind=type(error).__name__)
        raise FileRefused(ErrorCode.UNREADABLE_FILE, file_name=file_name, why=type(error).__name__) from error


def _read(
    path: Path, source_headers: Mapping[str, str], read_workbook: ReadWorkbook, budget: ReadingBudget
) -> Iterator[TableRow]:
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        if b"\0" in head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")[:1] and len(head) > 8:
            raise FileRefused(ErrorCode.UNREADABLE_FILE, why="NUL bytes")
        raise FileRefused(ErrorCode.EMPTY_FILE)
    if head.startswith(_WORKBOOKS):
        yield from _from_workbook(read_workbook(path), source_headers)
    elif _plain(head).startswith(_PAGES):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="a web page or XML and no table", save_as=_SAVE_AS)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_OTHERS):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="not a table")
    else:
        yield from _from_text(path, source_headers, budget)


def _plain(head: bytes) -> bytes:
    """The start of a text in lower case, without byte order mark, blanks, and the zeros that UTF-16 puts between."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip().lower()


def _from_text(path: Path, source_headers: Mapping[str, str], budget: ReadingBudget) -> Iterator[TableRow]:
    file, start = open_text(path, budget.check)
    with file:
        if looks_like_json(start):
            yield from read_json(file, source_headers)
            return
        table, _any = find_table(text_rows(file, source_headers))
        if table is None:
            raise FileRefused(ErrorCode.UNKNOWN_COLUMNS)
        is_empty = True
        for row in table_rows(table, "", 0):
            is_empty = False
            yield row
        if is_empty:
            raise FileRefused(ErrorCode.EMPTY_FILE)


def _from_workbook(sheets: Iterator[Sheet], source_headers: Mapping[str, str]) -> Iterator[TableRow]:
    number, any_table = 0, False
    without_header: list[RawRow] = []
    for sheet in sheets:
        rows = renamed(sheet.rows, source_headers)
        head = list(islice(rows, HEADER_ROWS))
        table, filled = find_table(chain(head, rows))
        if table is None:
            without_header += head if filled and len(without_header) < HEADER_ROWS else ()
            continue
        any_table = True
        for row in table_rows(table, sheet.name, number, sheet.serial_shift):
            number = row.number
            yield row
    if number == 0:
        raise unknown_columns(without_header) if without_header and not any_table else FileRefused(ErrorCode.EMPTY_FILE)
