"""The time that a file may cost, and the widths that no table reaches."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib.errors import FileRefused
from chalicelib.table_files.reading_budget import MOST_COLUMNS, SECONDS, SECONDS_PER_ROW, ReadingBudget
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.table_files.workbooks.sheet_extent import extent_of
from tests.table_files.example_files import HEADER, outcome, records, repacked, row, text, workbook
from tests.table_files.test_workbook import streamed

Reader = Callable[[Path, bytes], list[TableRow]]
SHEET = "xl/worksheets/sheet1.xml"


class Clock:
    """CPU time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_grows_with_rows_and_ends() -> None:
    clock = Clock()
    budget = ReadingBudget(clock)
    clock.now += SECONDS
    budget.check()
    clock.now += 50 * SECONDS_PER_ROW
    with pytest.raises(FileRefused) as refused:
        budget.check()
    assert (refused.value.code, refused.value.details["why"]) == ("too_large", "CPU time")
    budget.add_rows(51)
    budget.check()


def slow_rows(clock: Clock, seconds: float) -> Iterator[int]:
    budget = ReadingBudget(clock)
    for number in range(10_000):
        budget.add_rows(1)
        budget.check()
        yield number
        clock.now += seconds


def test_rows_that_are_slow_to_check_are_refused_while_they_are_read() -> None:
    assert sum(1 for _ in slow_rows(Clock(), 0.0009)) == 10_000
    taken: list[int] = []
    with pytest.raises(FileRefused):
        taken.extend(slow_rows(Clock(), 0.01))
    assert 600 < len(taken) < 700


@pytest.mark.parametrize("more", [0, 1])
def test_texts_as_wide_as_a_table_may_be(tmp_path: Path, more: int) -> None:
    spare = MOST_COLUMNS - len(HEADER) + more
    table = text([[*HEADER, *(f"x{n}" for n in range(spare))], [*row(1), *[""] * spare]])
    if not more:
        assert outcome(tmp_path, table) == (1, {})
        return
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, table)
    assert (refused.value.code, refused.value.details["why"]) == ("too_large", "columns")


@pytest.mark.parametrize("reader", [records, streamed])
def test_styled_empty_cells_and_a_wrong_dimension_say_nothing_of_a_sheet(tmp_path: Path, reader: Reader) -> None:
    book = workbook({"清退": [HEADER, row(1), row(2)]})
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/><c r="XFC1048576" s="1"></c></row></sheetData>'
    sheet = part(book).replace(b"</sheetData>", far).replace(b'ref="A1:E3"', b'ref="A1:XFD1048576"')
    assert sheet.count(b"XFD1048576") == 2
    assert len(reader(tmp_path, repacked(book, SHEET, sheet))) == 2


@pytest.mark.parametrize("reader", [records, streamed])
def test_a_stray_cell_far_below_a_table_is_no_reason_to_refuse_it(tmp_path: Path, reader: Reader) -> None:
    book = workbook({"清退": [HEADER, row(1), row(2)]})
    stray = b'<row r="1048576"><c r="E1048576"><v>7</v></c></row></sheetData>'
    taken = reader(tmp_path, repacked(book, SHEET, part(book).replace(b"</sheetData>", stray)))
    assert [each.number for each in taken][:2] == [1, 2]


@pytest.mark.parametrize("reader", [records, streamed])
@pytest.mark.parametrize("reference", ["KO3", "XFD3", "ZZ60000", "IV1048576", "CV900000"])
def test_a_filled_cell_where_no_table_reaches_is_refused(tmp_path: Path, reader: Reader, reference: str) -> None:
    book = workbook({"清退": [HEADER, row(1)]})
    number = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{number}"><c r="{reference}"><v>7</v></c></row></sheetData>'.encode()
    with pytest.raises(FileRefused) as refused:
        reader(tmp_path, repacked(book, SHEET, part(book).replace(b"</sheetData>", cell)))
    assert refused.value.code == "too_large"


def part(book: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(SHEET)


@pytest.mark.parametrize("size", [1, 7, 33, 1000])
def test_the_extent_is_the_same_however_the_bytes_come(size: int) -> None:
    sheet = b'<sheetData><row r="2"><c r="B2" s="1"/><c r="AA2" s="1"></c><c r="C2" t="n"><v>1</v></c></row><row></row>'
    extent = extent_of((sheet[at : at + size] for at in range(0, len(sheet), size)), each_cell=True)
    assert (extent.last_row, extent.last_column, extent.rows) == (2, 3, 2)
