from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl.utils.datetime as epochs
import pytest

from chalicelib.errors import FileRefused
from chalicelib.table_files.find_header_row import find_table, table_rows
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.table_files.workbooks import workbook as books
from tests.support.builders import uscc
from tests.table_files.example_files import HEADER, old_table, outcome, records, repacked, row, workbook

MIDNIGHT = datetime.fromisoformat("2021-07-01")
TITLE = ["2021年第一季度严重违法清退商户名单"]


def streamed(folder: Path, content: bytes) -> list[TableRow]:
    """The records as the reader of large workbooks gives them."""
    path = folder / "large.xlsx"
    path.write_bytes(content)
    result: list[TableRow] = []
    sheets = books.read_workbook(path, large_bytes=0)
    try:
        for sheet in sheets:
            table, _any = find_table(sheet.rows)
            if table:
                result += table_rows(table, sheet.name, len(result), sheet.serial_shift)
    finally:
        sheets.close()  # type: ignore[attr-defined]
    return result


def rich() -> bytes:
    """A workbook with all that the two readers must see alike."""
    return workbook(
        {
            "说明": [["本表由平台治理部填写，请勿修改表头"]],
            "清退名单": [
                TITLE,
                ["序号", *HEADER],
                [1, *row(1)[:3], date(2021, 7, 12), "售假"],
                [2, *row(2)[:3], 44459, "刷单"],
                [3, *row(3)[:3], datetime.fromisoformat("2021-07-12T11:34:43"), None],
                [],
                [4, "店铺", 12345, 9.13302e17, "2021年7月1日", "售假"],
                [5, "店铺", None, True, 44459.5, "价格欺诈"],
                ["合计", "4户"],
            ],
            "空": [],
            "第二季度": [
                ["统一代码", "公司名称", "清退时间", "清退原因"],
                [uscc(9), "霁昱商行", "2021.7.2", "售假"],
            ],
        }
    )


def test_sheets_title_rows_footers_dates_and_serials(tmp_path: Path) -> None:
    result = records(tmp_path, rich())
    assert [(r.number, r.sheet) for r in result] == [
        (1, "清退名单"),
        (2, "清退名单"),
        (3, "清退名单"),
        (4, "清退名单"),
        (5, "清退名单"),
        (6, "第二季度"),
    ]
    days = [r.cells and r.cells["evicted_on"] for r in result]
    assert days == ["2021-07-12", "44459", "2021-07-12 11:34:43", "2021年7月1日", "44459.5", "2021.7.2"]
    rejected = {3: "missing_reason", 4: "damaged_uscc", 5: "invalid_uscc"}
    assert outcome(tmp_path, rich()) == (3, rejected)


def test_both_readers_see_the_same_records(tmp_path: Path) -> None:
    small, large = records(tmp_path, rich()), streamed(tmp_path, rich())
    for first, second in zip(small, large, strict=True):
        assert first.cells
        assert second.cells
        left, right = dict(first.cells), dict(second.cells)
        # The first reader gives the time of a day cell, the second its day.
        left["evicted_on"] = left["evicted_on"].partition(" ")[0]
        assert (first.number, first.sheet, left) == (second.number, second.sheet, right)


@pytest.mark.parametrize("reader", [records, streamed])
def test_days_of_the_1904_system(tmp_path: Path, reader: Any) -> None:
    rows = [HEADER, [*row(1)[:3], date(2021, 7, 12), "售假"], [*row(2)[:3], 42927, "售假"]]
    book = workbook({"清退": rows}, epoch=epochs.CALENDAR_MAC_1904)
    result = reader(tmp_path, book)
    assert [r.cells["evicted_on"] for r in result] == ["2021-07-12", "44389"]


def test_workbooks_of_before_2007(tmp_path: Path) -> None:
    rows = [TITLE, HEADER, row(1), [*row(2)[:3], 44459.0, "售假"], [None, None, 9.13302e17, 44459.0, "售假"], ["合计"]]
    content = old_table(rows)
    assert outcome(tmp_path, content, "清退.xls") == (2, {3: "damaged_uscc"})
    for place in range(0, len(content), 61):
        with suppress(FileRefused):
            assert len(records(tmp_path, content[:place] + b"\xff" + content[place + 1 :])) <= 5


def test_a_merchant_merged_over_its_shops(tmp_path: Path) -> None:
    rows = [TITLE, HEADER, row(1), ["另一店铺", None, None, "2021-07-03", "刷单"], row(3)]
    book = workbook({"清退": rows}, merged=["A1:E1", "B3:B4", "C3:C4"])
    result = [r.cells for r in records(tmp_path, book)]
    assert [c and (c["uscc"], c["shop_name"]) for c in result] == [
        (uscc(1), "霁昱1号专营店"),
        (uscc(1), "另一店铺"),
        (uscc(3), "霁昱3号专营店"),
    ]


def test_a_table_that_does_not_start_at_the_corner(tmp_path: Path) -> None:
    rows = [
        [],
        [],
        [None, None, *HEADER],
        [None, None, *row(1)],
        [None, None, "另一店铺", None, None, "2021-07-03", "刷单"],
    ]
    book = workbook({"清退": rows}, merged=["D4:D5", "E4:E5"])
    assert outcome(tmp_path, book) == (2, {})


def test_hidden_sheets_and_lists_of_reasons_are_not_read(tmp_path: Path) -> None:
    sheets = {
        "清退": [HEADER, row(1)],
        "旧": [HEADER, row(2)],
        "字典": [["原因代码", "清退原因"], ["QC01", "售假"]],
    }
    assert outcome(tmp_path, workbook(sheets, hidden=["旧"])) == (1, {})


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"清退": []}, "empty_file"),
        ({"清退": [HEADER]}, "empty_file"),
        ({"说明": [["请勿修改"]]}, "unknown_columns"),
        ({"一": [["甲", "乙"], [1, 2]], "二": [["丙"]]}, "unknown_columns"),
    ],
)
def test_workbooks_refused_whole(tmp_path: Path, sheets: dict[str, Any], code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, workbook(sheets))
    assert refused.value.code == code


def test_a_workbook_without_a_header_is_told_what_was_perhaps_meant(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, workbook({"一": [["说明"]], "二": [["清退名单"], ["统一社会信用代吗", "备注"], ["1", "2"]]}))
    assert refused.value.details["nearest"] == {"统一社会信用代吗": "统一社会信用代码"}


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    whole = rich()
    no_sheet = repacked(whole, "xl/worksheets/sheet2.xml", None)
    broken = repacked(whole, "xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row><c")
    for content in (whole[:-200], whole[:2000], no_sheet, broken, repacked(whole, "xl/workbook.xml", None)):
        for reader in (records, streamed):
            with pytest.raises(FileRefused) as refused:
                reader(tmp_path, content)
            assert refused.value.code in {"unreadable_file", "too_large"}


@pytest.mark.parametrize("reader", [records, streamed])
def test_every_overwritten_byte_is_survived(tmp_path: Path, reader: Any) -> None:
    whole = rich()
    read = 0
    for place in range(0, len(whole), 97):
        with suppress(FileRefused):
            read += len(reader(tmp_path, whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])) <= 6
    assert read


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = repacked(rich(), "xl/worksheets/sheet2.xml", b"<worksheet>" + b" " * 200_000_000)
    lying = bytearray(bomb)
    size = (200_000_011).to_bytes(4, "little")
    while (at := lying.find(size)) >= 0:
        lying[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, bytes(lying))
    assert refused.value.code == "unreadable_file"


def test_entities_are_refused(tmp_path: Path) -> None:
    laugh = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><row><c t="str"><v>&a;</v></c></row></worksheet>'
    with pytest.raises(FileRefused):
        streamed(tmp_path, repacked(rich(), "xl/worksheets/sheet2.xml", laugh))


def test_prefixed_tags_phonetic_hints_and_rich_text(tmp_path: Path) -> None:
    sheet = (
        '<?xml version="1.0"?>'
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="inlineStr"><x:is><x:t>统一社会</x:t><x:rPh><x:t>とういつ</x:t></x:rPh>'
        "<x:r><x:t>信用代码</x:t></x:r></x:is></x:c>"
        '<x:c t="str"><x:v>清退日期</x:v></x:c><x:c t="str"><x:f>A1</x:f><x:v>清退原因</x:v></x:c></x:row>'
        f'<x:row><x:c t="str"><x:v>{uscc(1)}</x:v></x:c><x:c><x:v>44459</x:v></x:c>'
        '<x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    ).encode()
    book = repacked(rich(), "xl/worksheets/sheet2.xml", sheet)
    result = streamed(tmp_path, book)
    assert result[0].cells == {"uscc": uscc(1), "evicted_on": "44459"} | {"reason_text": ""}


def test_numbers_keep_what_they_lost() -> None:
    texts = [books.text_of(value) for value in (3.0, 44459.5, 9.13302e17, 110108012660422.0, True, MIDNIGHT)]
    assert texts == ["3", "44459.5", "9.13302e+17", "110108012660422", "TRUE", "2021-07-01"]
