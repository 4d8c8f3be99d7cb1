import doctest

import pytest

from chalicelib.values import cell_text
from chalicelib.values.cell_text import is_destroyed, is_null, lost_hanzi, printable, tidy


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


def test_what_was_destroyed() -> None:
    for text in ("\ufffd", "\udcff", "锟斤拷", "å\u0093\u0081"):
        assert is_destroyed(("霁昱", text))
    for text in ("霁昱", "\ue863", "a\u00a0b", "铁锟商行", "\u200b"):
        assert not is_destroyed((text,))
    assert lost_hanzi("北京??商行")
    assert not lost_hanzi("what?? ever")


def test_what_a_rejection_shows() -> None:
    assert printable("a\udcff" + "b" * 300) == "a\\xff" + "b" * 195 + "…"
    assert is_null(" 暂无 ")
