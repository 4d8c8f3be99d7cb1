"""What was destroyed before it came is recognised; what people write is not mistaken for it."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.values import text_damage
from chalicelib.values.text_damage import (
    is_damaged,
    is_damaged_name,
    is_damaged_sentence,
    is_damaged_text,
    may_be_damaged,
)

NAME = "杭州云栖谷示例服饰有限公司"
HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3, max_size=20)
# The thousand hanzi that GB 2312 lists first, as names are made of them.
PLENTY = [bytes((first, second)).decode("gb2312") for first in range(0xB0, 0xBB) for second in range(0xA1, 0xFE)]
COMMON = st.text(st.sampled_from(PLENTY), min_size=2, max_size=20)


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(text_damage).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd", f"{NAME}\ufffd", chr(0xDCFF), "\ue000", "\uf8ff商行", "\U000f0001", "\U0010ffff", "\ufdd0",
        "\uffff", "\U0001fffe", "锟斤拷", "杭州锟斤", "斤拷商行", "烫烫烫烫", "屯屯屯屯", "??", "？？？", "????????",
        "????(??)????", "??????2026?11?5?", "?????? Mall", "ï¿½ï¿½", "CafÃ©", "â€œ售假â€\x9d", "å\u0093\u0081",
        NAME.encode().decode("gbk", "replace"), NAME.encode().decode("gb18030", "ignore"),
        NAME.encode().decode("latin-1"), NAME.encode().decode("cp1252", "ignore"), "张三".encode().decode("cp1252"),
        NAME.encode("gbk").decode("latin-1"), NAME.encode("gbk").decode("cp1252"), "浜戞爾璋?", "锘挎澀宸炰簯",
    ],
)  # fmt: skip
def test_destroyed_text_is_recognised_in_every_field(text: str) -> None:
    for field in ("name", "address", "statement"):
        assert is_damaged(field, text), field
    assert may_be_damaged(["", "91330106", text])


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "？", "无锡", "大屯镇", "麻辣烫烫", "铁锟商行", "Café à l'été", "Ürün Çiçek", "ÅÄÖ ÆØÅ", "璐瑶",
        "珞珈山商行",
        "楠溪江", "淼淼商行", "Ａ１", "한국", "100㎡½", "澳門", "古丽巴哈尔", "a\u00a0b", "\u200b", "𠮷野家",
        "㐂商行", "À LA CARTE",
        "https://shop.example.cn/?id=1", "溪口镇", "渝州路", "What is it?",
    ],
)  # fmt: skip
def test_what_people_write_is_whole(text: str) -> None:
    assert not is_damaged_name(text)
    assert not is_damaged_text(text)
    assert not is_damaged_sentence(text)


def test_a_question_mark_beside_hanzi_counts_by_the_kind_of_text() -> None:
    for text, name, short, sentence in (
        ("杭州云?谷服饰", True, False, False),
        ("张?", True, False, False),
        ("?州云栖谷", True, False, False),
        ("杭州云栖谷??服饰", True, True, False),
        ("销售？？注册商标商品", True, True, False),
        ("是真的吗??不是", True, True, False),
        ("What??? Why???", True, False, False),
    ):
        assert (is_damaged_name(text), is_damaged_text(text), is_damaged_sentence(text)) == (name, short, sentence), (
            text
        )


@given(HANZI)
def test_no_hanzi_alone_are_damaged(text: str) -> None:
    words = ("锟斤", "斤拷", "烫烫烫", "屯屯屯", "锘")
    decodes = True
    try:
        text.encode("gbk").decode("utf-8")
    except UnicodeError as error:
        decodes = isinstance(error, UnicodeDecodeError) and error.start >= len(error.object) - 2
    if not decodes and not any(word in text for word in words):
        assert not is_damaged_name(text)


@given(COMMON)
def test_common_hanzi_in_the_wrong_character_set_are_damaged(text: str) -> None:
    for wrong in (text.encode().decode("latin-1"), text.encode("gbk").decode("latin-1")):
        assert is_damaged_sentence(wrong)
        assert may_be_damaged([wrong])
