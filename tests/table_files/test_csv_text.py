from pathlib import Path

import pytest

from chalicelib.errors import FileRefused
from chalicelib.table_files.read_table_file import read_table_file
from tests.support.builders import uscc
from tests.table_files.example_files import HEADER, outcome, records, row, text

ROWS = [HEADER, *(row(n) for n in range(1, 31))]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("gb18030", b"\xef\xbb\xbf"),
        ("gb18030", b"\x84\x31\x95\x33"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end(
    tmp_path: Path, encoding: str, mark: bytes, delimiter: str, end: str
) -> None:
    content = mark + text(ROWS, delimiter, end).encode(encoding)
    assert outcome(tmp_path, content) == (30, {})


def test_rare_and_private_use_hanzi_survive(tmp_path: Path) -> None:
    name = "北京\ue863堃喆𠮷昇商贸有限公司"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        result = records(tmp_path, text([HEADER, row(1, 主体名称=name)]).encode(encoding))
        assert result[0].cells
        assert result[0].cells["name"] == name


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_broken_bytes_reject_their_own_row_only(tmp_path: Path, encoding: str) -> None:
    lines = text(ROWS).encode(encoding).split(b"\n")
    lines[3] = lines[3].replace("商贸".encode(encoding), b"\xff\xff")
    lines[9] = lines[9][:4] + b"\xfe" + lines[9][4:].replace("有限".encode(encoding), b"\x81")
    assert outcome(tmp_path, b"\n".join(lines)) == (28, {3: "damaged_text", 9: "damaged_text"})


def test_a_gbk_line_in_a_utf8_file_is_damaged_and_not_guessed(tmp_path: Path) -> None:
    content = text(ROWS).encode() + text([row(31)]).encode("gb18030")
    assert outcome(tmp_path, content) == (30, {31: "damaged_text"})


def test_utf16_cut_in_the_middle_of_a_character_rejects_the_last_row(tmp_path: Path) -> None:
    content = text(ROWS).encode("utf-16").rstrip(b"\n\0")[:-1]
    assert outcome(tmp_path, content) == (29, {30: "damaged_text"})


@pytest.mark.parametrize("lost", ["\ufffd\ufffd", "锟斤拷", "??"])
def test_text_that_was_destroyed_before_it_was_sent(tmp_path: Path, lost: str) -> None:
    content = text([*ROWS, row(31, 主体名称=f"北京{lost}科技有限公司")])
    assert outcome(tmp_path, content) == (30, {31: "damaged_text"})


def test_damage_in_a_column_nobody_needs_still_rejects_the_row(tmp_path: Path) -> None:
    rows = [[*HEADER, "经办说明"], [*row(1), "正常"], [*row(2), "坏\ufffd"]]
    assert outcome(tmp_path, text(rows)) == (1, {2: "damaged_text"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\xff\xfe", "empty_file"),
        (b" \r\n\t\r\n", "empty_file"),
        (text([HEADER]).encode(), "empty_file"),
        (text([HEADER]).encode("utf-16"), "empty_file"),
        (text([HEADER, ["", "", "", "", ""], ["合计", "", "0", "", ""]]).encode(), "empty_file"),
        (b"%PDF-1.7 \n1 0 obj", "unreadable_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "unreadable_file"),
        (b"<html><table><tr><td>\xe7\xbb\x9f</td></tr></table>", "unreadable_file"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "unreadable_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unreadable_file"),
        (b"PK\x03\x04" + b"nothing" * 50, "unreadable_file"),
        (text(ROWS).encode().replace(b"2021", b"20\x0021"), "unreadable_file"),
        (b"\0" * 5000, "unreadable_file"),
        (bytes(range(128, 256)) * 40 + b"\n" + b"\xff\xfe\xfd\n" * 300, "unreadable_file"),
        ("甲,乙\n1,2\n".encode(), "unknown_columns"),
        ("日期,原因\n2021-01-01,售假\n".encode(), "unknown_columns"),
        ("就是一段文字，没有表格。\n第二行。\n".encode(), "unknown_columns"),
    ],
)
def test_files_refused_whole(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, content)
    assert refused.value.code == code


def test_title_rows_blank_rows_footers_and_headers_that_come_again_are_not_counted(tmp_path: Path) -> None:
    again = ["清退时间", "清退原因", "统一社会信用代码", "主体名称", "店铺名称"]
    turned = row(3)
    turned = [turned[3], turned[4], turned[2], turned[1], turned[0]]
    rows = [
        ["2021年清退商户名单", "", "", "", ""],
        ["填报单位：某平台", "", "", "", ""],
        [],
        HEADER,
        row(1),
        ["", "", "", "", ""],
        [],
        HEADER,
        row(2),
        ["小计", "", "2", "", ""],
        ["第二季度清退商户名单", "", "", "", ""],
        again,
        turned,
        ["合计：3户", "", "", "", ""],
        ["制表人：甲", "", "审核人：乙", "", ""],
        ["注：以上均为终止服务", "", "", "", ""],
    ]
    result = records(tmp_path, text(rows))
    assert [r.number for r in result] == [1, 2, 3]
    assert result[2].cells
    assert (result[2].cells["uscc"], result[2].cells["evicted_on"]) == (uscc(3), "2021-07-04")
    assert outcome(tmp_path, text(rows)) == (3, {})


def test_tables_put_together_with_lines_about_them(tmp_path: Path) -> None:
    head = text([["商户名称", "社会信用代码", "清退日期", "违规类型"], ["甲商行", uscc(1), "2021-01-01", "售假"]], ";")
    tail = text([["店铺名称", "企业名称", "统一信用代码", "关店日期", "关店原因"], row(2)], ";")
    content = f"平台;某平台\n\n{head}合计;1;;\n\n平台：;另一平台\n填报日期：2021-02-01;\n{tail}总计：1;;;;\n"
    assert outcome(tmp_path, content.encode("gb18030")) == (2, {})


def test_a_company_named_like_a_footer_is_a_row(tmp_path: Path) -> None:
    rows = [["主体名称", *HEADER[2:]], ["总计科技有限公司", *row(1)[2:]], ["合计商行", "", "2021-01-01", "售假"]]
    assert outcome(tmp_path, text(rows)) == (2, {})


def test_header_in_two_rows(tmp_path: Path) -> None:
    rows = [
        ["序号", "经营主体", "", "清退", ""],
        ["", "名称", "统一社会信用代码", "日期", "原因"],
        ["1", "霁昱商贸有限公司", uscc(1), "2021-01-01", "售假"],
    ]
    result = records(tmp_path, text(rows))
    assert result[0].cells == {
        "name": "霁昱商贸有限公司",
        "uscc": uscc(1),
        "evicted_on": "2021-01-01",
        "reason_text": "售假",
    }


def test_quoted_cells_with_line_breaks_quotes_and_delimiters(tmp_path: Path) -> None:
    rows = [HEADER, row(1, 清退原因='"售假，\n""高仿"", 多次\r\n警告"'), row(2)]
    result = records(tmp_path, text(rows))
    assert [r.cells and r.cells["reason_text"] for r in result] == ['售假，\n"高仿", 多次\r\n警告', "销售三无产品"]


@pytest.mark.parametrize("place", ["店铺名称", "主体名称", "清退原因"])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_quote_that_is_never_closed_swallows_no_other_row(tmp_path: Path, place: str, quoted: bool) -> None:
    plain = [row(n) for n in range(1, 400)]
    if quoted:
        plain = [[f'"{cell}"' for cell in cells] for cells in plain]
    broken = row(1000, **{place: '"霁昱没有收尾'})
    result = records(tmp_path, text([HEADER, *plain[:50], broken, *plain[50:]]))
    assert len(result) == 400
    codes = [r.cells["uscc"] for r in result if r.cells]
    assert codes[49:53] == [uscc(50), uscc(1000), uscc(51), uscc(52)]


def test_a_file_cut_within_quotes_keeps_the_rows_before(tmp_path: Path) -> None:
    rows = [HEADER, row(1), row(2, 清退原因='"售假')]
    assert outcome(tmp_path, text(rows).rstrip("\n")) == (2, {})


def test_short_and_long_rows(tmp_path: Path) -> None:
    rows = [HEADER, row(1)[:4], [*row(2), "", ""], row(3)[:2], [*row(4), "多出的一格"]]
    assert outcome(tmp_path, text(rows)) == (1, {1: "missing_reason", 3: "missing_date", 4: "extra_cells"})


def test_excel_hint_line_and_formula_quotes(tmp_path: Path) -> None:
    rows = [HEADER, row(1, 统一社会信用代码=f'="{uscc(1)}"'), row(2, 统一社会信用代码=f'"=""{uscc(2)}"""')]
    assert outcome(tmp_path, "sep=;\n" + text(rows, ";")) == (2, {})


def test_of_several_columns_for_one_field_the_surer_leads_and_reasons_are_joined(tmp_path: Path) -> None:
    rows = [
        ["名称", "企业名称", "处理日期", "清退时间", "违规类型", "清退原因", "统一社会信用代码"],
        ["简短", "霁昱商贸有限公司", "2020-01-01", "2021-01-01", "售假", "刷单", uscc(1)],
        ["只有简称", "", "2020-01-01", "", "售假", "售假", uscc(2)],
    ]
    result = [r.cells for r in records(tmp_path, text(rows))]
    assert result[0]
    assert result[1]
    assert (result[0]["name"], result[0]["evicted_on"]) == ("霁昱商贸有限公司", "2021-01-01")
    assert result[0]["reason_text"] == "刷单；售假"
    assert (result[1]["name"], result[1]["evicted_on"], result[1]["reason_text"]) == ("只有简称", "2020-01-01", "售假")


def test_a_list_of_nothing_but_codes_is_a_table(tmp_path: Path) -> None:
    result = records(tmp_path, f"统一社会信用代码\n{uscc(1)}\n{uscc(2)}\n")
    assert [r.cells for r in result] == [{"uscc": uscc(1)}, {"uscc": uscc(2)}]


def test_a_line_without_end_stays_within_bounds(tmp_path: Path) -> None:
    content = text([HEADER, row(1)]) + "x" * 3_000_000
    result = records(tmp_path, content)
    assert result[0].cells
    assert result[0].cells["uscc"] == uscc(1)
    assert max(len(cell) for r in result if r.cells for cell in r.cells.values()) <= 1 << 20


def test_headers_are_told_as_the_file_wrote_them(tmp_path: Path) -> None:
    result = records(tmp_path, text([["*社会信用代码：", "清退日期（必填）", "原因"], [uscc(1), "2021-01-01", "售假"]]))
    assert result[0].headers == {"uscc": "*社会信用代码：", "evicted_on": "清退日期（必填）", "reason_text": "原因"}


def test_quotes_escaped_by_a_backslash_are_quotes(tmp_path: Path) -> None:
    given = row(1)
    line = ",".join((*given[:4], '"销售\\"假冒\\",无授权商品，C:\\\\盘"'))
    taken = records(tmp_path, ",".join(HEADER) + "\n" + line + "\n")
    assert [r.cells and r.cells["reason_text"] for r in taken] == ['销售"假冒",无授权商品，C:\\盘']


def test_a_backslash_before_a_closing_quote_stays_where_quotes_are_doubled(tmp_path: Path) -> None:
    given = row(1)
    line = ",".join((*given[:4], '"路径 C:\\"'))
    other = ",".join((*row(2)[:4], '"他说""假""货"'))
    taken = records(tmp_path, "\n".join((",".join(HEADER), line, other)))
    assert [r.cells and r.cells["reason_text"] for r in taken] == ["路径 C:\\", '他说"假"货']


def test_a_row_whose_cells_are_shifted_is_rejected(tmp_path: Path) -> None:
    shifted = ",".join((*row(1)[:4], "销售假冒", "无授权商品"))
    ragged = ",".join((*row(2), "", ""))
    body = "\n".join((",".join(HEADER), shifted, ragged))
    assert outcome(tmp_path, body) == (1, {1: "extra_cells"})


def test_a_title_with_a_slash_is_no_part_of_the_header(tmp_path: Path) -> None:
    body = "\n".join(("清退/企业名称名单（2026/11）,,,,", ",".join(HEADER), ",".join(row(1, 清退时间="x"))))
    (taken,) = records(tmp_path, body)
    assert taken.headers["evicted_on"] == "清退时间"


def test_rare_hanzi_of_gb18030_are_no_damage(tmp_path: Path) -> None:
    rows = ["企业名称,清退日期,清退原因", "苏州\ue81e昱商行,2021-07-01,售假", "苏州\ue864昱商行,2021-07-01,售假"]
    path = tmp_path / "gb.csv"
    path.write_bytes("\n".join(rows).encode("gb18030"))
    names = [(row.cells or {}).get("name") for row in read_table_file(path, "gb.csv")]
    assert names == ["苏州\u9fb4昱商行", "苏州\u9fbb昱商行"]
