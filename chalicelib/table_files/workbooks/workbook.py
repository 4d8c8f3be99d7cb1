"""Workbooks as sheets of rows of text: XLSX, XLSM, XLSB, XLS and ODS, read by calamine.

calamine holds the rectangle around the cells of a sheet whole, so an XLSX that is large, or whose cells lie far apart,
is streamed by `large_xlsx.py` instead. Files that others sent are read so in a process of their own
(`workbook_process.py`), which may take only so much memory and time.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import too_large
from chalicelib.table_files.rules.table_row import HiddenRow
from chalicelib.table_files.workbooks import large_xlsx
from chalicelib.table_files.workbooks.merged_cells import FillMerged, MergedCells
from chalicelib.table_files.workbooks.sheet_extent import check_extent, extent_of
from chalicelib.table_files.workbooks.workbook_archive import DAMAGE, check_contents, check_directory, check_parts
from chalicelib.table_files.workbooks.workbook_frames import Sheet
from chalicelib.table_files.workbooks.xlsx_parts import Parts, hidden_rows, visible_sheets

# calamine takes 40 bytes for a cell, and 32 for each place of the rectangle around them; XML of these bytes, and
# rectangles of these cells, take less than 150 MB.
_DENSE_BYTES = 16 << 20
_MOST_CELLS = 2_000_000
# XLSB and ODS are read by it alone.
_LARGE_BYTES = 64 << 20
_MOST_OTHER_BYTES = 48 << 20
# Where XLSX, XLSB and ODS keep what they are.
_BOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
# From the 1904 system of old Macs to the 1900 system.
_FROM_1904 = 1462


def read_workbook(path: Path, *, large_bytes: int = _DENSE_BYTES) -> Iterator[Sheet]:
    """The visible sheets of a workbook in order; raises FileRefused if it is none, or locked, or absurdly large.

    An XLSX that unpacks to more than `large_bytes`, or whose cells lie far apart, is streamed.
    """
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > _MOST_OTHER_BYTES:
            raise too_large("an .xls of this size; save it as .xlsx")
        return _by_calamine(path, 0, {})
    names, unpacked, shift = _look_inside(path)
    if "xl/workbook.xml" not in names:
        if unpacked > _LARGE_BYTES:
            raise too_large("only .xlsx may be this large")
        return _by_calamine(path, shift, {})
    hidden, cells = _survey(path) if unpacked <= large_bytes else ({}, 0)
    if unpacked > large_bytes or cells > _MOST_CELLS:
        return _streamed(path, shift)
    return _by_calamine(path, shift, hidden)


def _streamed(path: Path, shift: int) -> Iterator[Sheet]:
    with closing(large_xlsx.read_sheets(path)) as sheets:
        for name, rows in sheets:
            yield Sheet(name, rows, shift)


def _survey(path: Path) -> tuple[dict[str, frozenset[int]], int]:
    """The hidden rows of each visible sheet of an XLSX by its name, which calamine does not say, and the cells of the
    largest rectangle that it would allocate."""
    hidden: dict[str, frozenset[int]] = {}
    cells = 0
    try:
        with zipfile.ZipFile(path) as archive:
            parts = Parts(archive)
            for name, part in visible_sheets(parts)[0]:
                with closing(parts.chunks(part)) as chunks:
                    extent = extent_of(chunks, each_cell=True)
                cells = max(cells, extent.last_row * extent.last_column)
                hidden[name] = hidden_rows(parts, part)
    except (*DAMAGE, expat.ExpatError, StopIteration):
        return {}, 0  # What calamine reads all the same is read without it.
    return hidden, cells


def _look_inside(path: Path) -> tuple[set[str], int, int]:
    """The parts of a zipped workbook, the bytes of its sheets and strings, and the shift of its days."""
    check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names, total = check_parts(archive, path.stat().st_size)
            if total <= _LARGE_BYTES:
                check_contents(path, archive)
            book = Parts(archive).read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
    except DAMAGE as error:
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
        check_extent(sheet.total_height, sheet.width)
        yield Sheet(meta.name, _rows(sheet, hidden.get(meta.name, frozenset())), shift)


@contextmanager
def _refusing(why: str) -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        if "limit exceeded" in str(error):  # calamine's own, for cells that are repeated by number
            raise too_large("rows times columns") from error
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
