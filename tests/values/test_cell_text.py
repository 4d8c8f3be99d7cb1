import doctest

import pytest

from chalicelib.values import cell_text
from chalicelib.values.cell_text import given, is_null, is_placeholder, printable, tidy


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(cell_text).failed == 0


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("\u3000霁昱商行\t\r\n", "霁昱商行"),
        ("霁昱\u00a0商行\u200b", "霁昱 商行"),
        ("霁昱\n商行", "霁昱 商行"),
        ("'0012", "0012"),
        ('="0012"', "0012"),
        ('"霁昱"商行"', '霁昱"商行'),
        ("'霁昱'商行", "霁昱'商行"),
        ("霁昱\ue863商行", "霁昱\ue863商行"),
        ("N/A", ""),
        ("－－", ""),
        ("（空白）", ""),
        ("无锡", "无锡"),
        ("'", ""),
        ("", ""),
    ],
)
def test_what_spreadsheets_put_around_a_text_comes_off(written: str, text: str) -> None:
    assert tidy(written) == text
    assert tidy(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "无", "N/A", "n.a.", "-", "——", "null", "None", "nil", "NaN", "暂无", "待补充", "未知", "不详", "/", "0",
        "0000", "00000000", "11111111", "999999999999999999", "TBD", "空", "（无）", "【暂无】", "无/无", "N/A N/A",
        "\u200b",
        "\ufeff", "\u3000 ", "。。。", "***", "?", "？", "無", "ＮＵＬＬ",
    ],
)  # fmt: skip
def test_placeholders_are_no_values(text: str) -> None:
    assert given(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "无锡", "无印良品", "未知星球科技", "空中花园", "无名小店", "NA商行", "没有烦恼茶铺", "1688", "007", "8888",
        "无忌", "13800001236", "91350203M000123456", "00后奶茶", "缺一", "N/A乐队",
    ],
)  # fmt: skip
def test_names_that_hold_such_words_are_values(text: str) -> None:
    assert given(text) == text
    assert not is_placeholder(text)


@pytest.mark.parametrize("width", [0, 0xFEE0], ids=["ascii", "fullwidth"])
def test_every_word_for_nothing_is_a_placeholder_in_any_case_and_width(width: int) -> None:
    written = {
        "".join(chr(ord(char) + width) if "!" <= char <= "~" else char for char in cased)
        for word in cell_text._NO_VALUE
        for cased in (word, word.upper(), word.title(), f"（{word}）", f"{word}-{word}", f"{word} {word}。")
    }
    assert len(written) > 200
    assert [text for text in sorted(written) if not is_placeholder(text)] == []


def test_what_a_rejection_shows() -> None:
    assert printable("a\udcff" + "b" * 300) == "a\\xff" + "b" * 195 + "…"
    assert is_null(" 暂无 ")
