import subprocess
import sys

import pytest

from chalicelib.table_files.rules.match_headers import field_of, read_header
from chalicelib.table_files.rules.suggest_headers import FileHeaders, nearest_headers, nearest_in_rows


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("清退日其", "清退日期"),  # the same sound
        ("清推日期", "清退日期"),
        ("企业名秤", "企业名称"),  # the same look
        ("清退日期时", "清退日期"),  # one too many
        ("统一社信用代码", "统一社会信用代码"),  # one too few
        ("统一社会信用码代", "统一社会信用代码"),  # swapped
        ("＊ 清退原困（必填）：", "清退原因"),
        ("evcted_on", "evicted_on"),
    ],
)
def test_a_slip_is_near(written: str, meant: str) -> None:
    assert field_of(written) == ""
    assert nearest_headers([written]) == {written.strip(): meant}


@pytest.mark.parametrize(
    "written",
    [
        "序号",
        "备注",
        "联系人",
        "商品名称",
        "商品编号",
        "发货时间",
        "行业代码",
        "退款率",
        "amount",
        "category",
        "",
        "名",
        "9" * 500,
    ],
)
def test_another_word_is_far(written: str) -> None:
    assert field_of(written) == ""
    assert nearest_headers([written]) == {}


def test_a_field_that_the_table_has_is_not_suggested() -> None:
    assert nearest_headers(["企业名秤", "清退日其"], {"name"}) == {"清退日其": "清退日期"}


def test_the_suggestions_are_in_the_order_of_the_headers_and_the_same_each_time() -> None:
    headers = ["清退原困", "备注", "清退日其", "企业名秤"]
    first = nearest_headers(headers)
    assert list(first) == ["清退原困", "清退日其", "企业名秤"]
    assert nearest_headers(headers) == first


def test_of_rows_without_a_header_the_one_that_was_meant_answers() -> None:
    rows = [["某平台清退名单", ""], [], ["统一社会信用代吗", "清推日期", "清退原困"], ["", "2021-01-02", "售假"]]
    assert nearest_in_rows(rows) == {
        "统一社会信用代吗": "统一社会信用代码",
        "清推日期": "清退日期",
        "清退原困": "清退原因",
    }
    assert nearest_in_rows([["甲", "乙", "丙"], ["1", "2", "3"]]) == {}
    assert nearest_in_rows([]) == {}


def test_only_headers_that_are_not_understood_are_suggested_for() -> None:
    columns = read_header(["统一社会信用代码", "清退日其", "备注", "企业名称", "名称"])
    assert columns.unread() == ("清退日其", "备注")
    headers = FileHeaders()
    assert headers.nearest() == {}
    for unread in (columns.unread(), columns.unread(), ("备注",), ("清退原困",), ()):
        headers.see(unread, columns.places)
    assert headers.nearest() == {"nearest": {"清退日其": "清退日期", "清退原困": "清退原因"}}


def test_nothing_is_loaded_until_a_header_is_compared() -> None:
    code = "import sys, chalicelib.table_files.rules.suggest_headers; print('rapidfuzz' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
