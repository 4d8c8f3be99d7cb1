"""Shapes of workbooks that programs and people leave behind, read alike by both readers."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.table_files.find_header_row import find_table, table_rows
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.table_files.workbooks import workbook as books
from tests.support.builders import uscc
from tests.table_files.example_files import HEADER, outcome, records, row, workbook
from tests.table_files.test_workbook import streamed

SHEET = "xl/worksheets/sheet1.xml"
Reader = Callable[[Path, bytes], list[TableRow]]
BOTH = pytest.mark.parametrize("reader", [records, streamed], ids=["small", "large"])


def changed(content: bytes, rename: Callable[[str], str], **parts: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose parts are renamed, and some of them changed, by the last word of their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = parts.get(Path(name).stem, lambda body: body)
            new.writestr(rename(name), change(old.read(name)))
    return file.getvalue()


def as_it_is(name: str) -> str:
    return name


def cells_of(taken: list[TableRow], *fields: str) -> list[tuple[str, ...]]:
    return [tuple((each.cells or {})[field] for field in fields) for each in taken]


@BOTH
def test_escaped_characters_are_read_as_what_they_stand_for(tmp_path: Path, reader: Reader) -> None:
    given = row(1)
    given[0] = f"{given[0]}_x000D_"
    given[-1] = "售假_x000D_\n第二行，_x005F_x000D_ 是原文"
    taken = reader(tmp_path, workbook({"清退": [HEADER, given]}))
    plain = [tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells) for cells in cells_of(
        taken, "shop_name", "reason_text")]  # fmt: skip
    assert plain == [(f"{row(1)[0]}\n", "售假\n第二行，_x000D_ 是原文")]


@BOTH
def test_cells_merged_downwards_hold_for_each_row(tmp_path: Path, reader: Reader) -> None:
    shops = [[f"店铺{number}", None, None, "2021-07-03", "刷单"] for number in (2, 3)]
    book = workbook({"清退": [HEADER, row(1), *shops, row(4)]}, merged=["B2:B4", "C2:C4"])
    assert cells_of(reader(tmp_path, book), "uscc", "shop_name") == [
        (uscc(1), row(1)[0]), (uscc(1), "店铺2"), (uscc(1), "店铺3"), (uscc(4), row(4)[0]),
    ]  # fmt: skip


def test_many_merged_cells_cost_no_more_than_their_rows(tmp_path: Path) -> None:
    rows = [HEADER]
    for number in range(1, 301):
        rows += [row(number), ["另一店铺", None, None, "2021-07-03", "刷单"]]
    merged = [f"{column}{line}:{column}{line + 1}" for line in range(2, 602, 2) for column in "BC"]
    taken = streamed(tmp_path, workbook({"清退": rows}, merged=merged))
    assert [cells[0] for cells in cells_of(taken, "uscc")] == [uscc(n) for n in range(1, 301) for _ in range(2)]


@BOTH
@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name.replace("/", "\\"),
        str.upper,
        lambda name: name.replace("/", "\\").title(),
        lambda name: name.replace("xl/workbook", "xl/Workbook").replace("sheet1", "Sheet1"),
    ],
    ids=["backslashes", "upper", "both", "capitals"],
)
def test_parts_under_other_slashes_and_case_are_found(
    tmp_path: Path, reader: Reader, rename: Callable[[str], str]
) -> None:
    book = changed(workbook({"清退": [HEADER, row(1), row(2)]}), rename)
    assert cells_of(reader(tmp_path, book), "uscc") == [(uscc(1),), (uscc(2),)]


@BOTH
@pytest.mark.parametrize("hidden", [b' hidden="1"', b' hidden="true"'])
def test_hidden_rows_are_read_and_remarked(tmp_path: Path, reader: Reader, hidden: bytes) -> None:
    def hide(body: bytes) -> bytes:
        assert b'<row r="3"' in body
        return body.replace(b'<row r="3"', b'<row r="3"' + hidden)

    taken = reader(tmp_path, changed(workbook({"清退": [HEADER, row(1), row(2), row(3)]}), as_it_is, sheet1=hide))
    assert [each.remarks for each in taken] == [(), ("hidden_rows",), ()]
    assert len(cells_of(taken, "uscc")) == 3


@BOTH
def test_hidden_columns_hide_no_row(tmp_path: Path, reader: Reader) -> None:
    def hide(body: bytes) -> bytes:
        return body.replace(b"<sheetData>", b'<cols><col min="1" max="1" hidden="1"/></cols><sheetData>')

    taken = reader(tmp_path, changed(workbook({"清退": [HEADER, row(1)]}), as_it_is, sheet1=hide))
    assert [each.remarks for each in taken] == [()]


@BOTH
def test_a_cell_beyond_the_header_is_remarked_in_a_workbook(tmp_path: Path, reader: Reader) -> None:
    taken = reader(tmp_path, workbook({"清退": [HEADER, row(1), [*row(2), "", "补充说明"]]}))
    assert [each.remarks for each in taken] == [(), ("extra_cells",)]


def test_a_month_that_is_a_number_is_not_taken_for_january(tmp_path: Path) -> None:
    dated = [[*row(number)[:3], day, "售假"] for number, day in enumerate((2026.10, 2026.11, 2026.2, "2026年1月"), 1)]
    accepted, rejected = outcome(tmp_path, workbook({"清退": [HEADER, *dated]}))
    assert (accepted + len(rejected), rejected.get(1)) == (4, "invalid_date")
    assert set(rejected.values()) <= {"invalid_date", "future_date"}


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body><table><tr><td>1</td></tr></table></body></html>",
        b"\xef\xbb\xbf\r\n<HTML>",
        "\ufeff<table>".encode("utf-16"),
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
        b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n",
    ],
)
def test_a_page_that_is_called_xls_is_refused_with_how_to_save_it(tmp_path: Path, page: bytes) -> None:
    from chalicelib.errors import FileRefused

    with pytest.raises(FileRefused) as refused:
        records(tmp_path, page, "名单.xls")
    assert refused.value.code == "unreadable_file"
    how: Any = refused.value.details["save_as"]
    assert "另存为 .xlsx" in how["zh"]
    assert ".xlsx" in how["en"]


def test_a_workbook_that_calamine_alone_understands_is_read(tmp_path: Path) -> None:
    """Its relations name no sheet by the id that the book uses; then nothing is said of hidden rows."""
    book = workbook({"清退": [HEADER, row(1)]})
    path = tmp_path / "a.xlsx"
    path.write_bytes(book)
    (sheet,) = books.read_workbook(path)
    table, _any = find_table(sheet.rows)
    assert table is not None
    assert len(list(table_rows(table, sheet.name, 0))) == 1
