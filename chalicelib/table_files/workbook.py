"""Workbooks as sheets of rows of text: XLSX, XLSM, XLSB, XLS and ODS, read by calamine.

calamine holds a sheet whole (24 bytes a cell and more), so a large XLSX is streamed by `large_xlsx.py` instead.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files import large_xlsx
from chalicelib.table_files.merged_cells import FillMerged, MergedCells
from chalicelib.table_files.rules.table_row import HiddenRow
from chalicelib.table_files.xlsx_parts import Parts, hidden_rows, plain_part, visible_sheets

# A million rows of seven columns are 490 MB of XML at most; a bomb says much more, or lies.
_MOST_BYTES = 2 << 30
_MOST_PARTS = 10_000
# Below this the whole workbook takes less than 150 MB with calamine.
_LARGE_BYTES = 64 << 20
_MOST_OTHER_BYTES = 48 << 20
# Where XLSX, XLSB and ODS keep what they are.
_BOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
# From the 1904 system of old Macs to the 1900 system.
_FROM_1904 = 1462


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: its name, its rows as text, and what to add to a bare number that is a day."""

    name: str
    rows: Iterator[list[str]]
    serial_shift: int = 0


def read_workbook(path: Path, *, large_bytes: int = _LARGE_BYTES) -> Iterator[Sheet]:
    """The visible sheets of a workbook in order; raises FileRefused if it is none, or locked, or absurdly large."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > _MOST_OTHER_BYTES:
            raise FileRefused(ErrorCode.TOO_LARGE, why="an .xls of this size; save it as .xlsx")
        return _by_calamine(path, 0, {})
    names, unpacked, shift = _look_inside(path)
    if unpacked > large_bytes:
        if "xl/workbook.xml" not in names:
            raise FileRefused(ErrorCode.TOO_LARGE, why="only .xlsx may be this large")
        return (Sheet(name, rows, shift) for name, rows in large_xlsx.read_sheets(path))
    return _by_calamine(path, shift, _hidden_rows(path) if "xl/workbook.xml" in names else {})


def _hidden_rows(path: Path) -> dict[str, frozenset[int]]:
    """The hidden rows of each visible sheet of an XLSX by its name, which calamine does not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = Parts(archive)
            return {name: hidden_rows(parts, part) for name, part in visible_sheets(parts)[0]}
    except (*large_xlsx.DAMAGE, expat.ExpatError, StopIteration):
        return {}  # What calamine reads all the same is read without it.


def _look_inside(path: Path) -> tuple[set[str], int, int]:
    """The parts of a zipped workbook, the bytes of its sheets and strings, and the shift of its days."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or total > _MOST_BYTES:
                raise FileRefused(ErrorCode.TOO_LARGE, why="unpacked size")
            names = {plain_part(part.filename) for part in parts}
            # Reading a part checks its size and checksum, so what the directory says of it is true.
            if total <= _LARGE_BYTES and archive.testzip() is not None:
                raise FileRefused(ErrorCode.UNREADABLE_FILE, why="damaged archive")
            book = Parts(archive).read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
    except large_xlsx.DAMAGE as error:
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="damaged archive") from error
    if not names & _BOOKS:
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="an archive, but no workbook")
    shift = _FROM_1904 if re.search(rb'date1904="(?:1|true)"', book) else 0
    return names, total, shift


def _by_calamine(path: Path, shift: int, hidden: Mapping[str, frozenset[int]]) -> Iterator[Sheet]:
    with _refusing("not a workbook, or locked with a password"):
        book = python_calamine.load_workbook(path)
    return _sheets(book, shift, hidden)


def _sheets(
    book: python_calamine.CalamineWorkbook, shift: int, hidden: Mapping[str, frozenset[int]]
) -> Iterator[Sheet]:
    for meta in book.sheets_metadata:
        if meta.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        with _refusing("damaged sheet"):
            sheet = book.get_sheet_by_name(meta.name)
        yield Sheet(meta.name, _rows(sheet, hidden.get(meta.name, frozenset())), shift)


@contextmanager
def _refusing(why: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why=why) from error
    except BaseException as error:
        # A panic of compiled code does not derive from Exception, and says no more than that the file is bad.
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why=why) from error


def _rows(sheet: python_calamine.CalamineSheet, hidden: frozenset[int]) -> Iterator[list[str]]:
    merged = FillMerged(_merged(sheet))
    for number, values in enumerate(sheet.iter_rows()):
        row = [value if type(value) is str else text_of(value) for value in values]
        merged.fill(number, row)
        yield HiddenRow(row) if number in hidden else row


def _merged(sheet: python_calamine.CalamineSheet) -> list[MergedCells]:
    # Rows are given from the first, columns from the first that is filled.
    shift = (sheet.start or (0, 0))[1]
    ranges = sheet.merged_cell_ranges or []
    return [MergedCells(left - shift, top, bottom) for (top, left), (bottom, _right) in ranges if left >= shift]


def text_of(value: Any) -> str:
    """A cell's value as text: days as YYYY-MM-DD, whole numbers without .0, large ones as the damage they are."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel keeps fifteen digits; more of them were zeros that nobody wrote.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
