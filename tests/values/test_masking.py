"""Names of persons are shown by the surname and a star, in every script, and masking again changes nothing."""

import pytest

from chalicelib.values.masking import is_masked, is_shown_name, mask_personal, shown_name, without_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("李 会 芳", "李*"),
        ("欧阳示例", "欧阳*"),
        ("歐陽示例", "歐陽*"),
        ("司徒例", "司徒*"),
        ("欧阳", "欧*"),
        ("古丽巴哈尔", "古*"),
        ("古丽·示例江", "古*"),
        ("𠮷野示例", "𠮷*"),
        ("JOHN EXAMPLE", "J*"),
        ("ｊｏｈｎ", "J*"),
        ("王示（个人）", "王*"),
        ("（个人）王示", "王*"),
        ("王示[自然人]", "王*"),
        ("*示例", "*"),
        ("某某", "*"),
        ("张*", "张*"),
        ("欧阳*", "欧阳*"),
        ("13800001234", "*"),
        ("", ""),
        ("  ", ""),
        ("无", ""),
    ],
)
def test_the_surname_alone_is_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert shown_name(shown) == shown
    assert not shown or (is_masked(shown) and is_shown_name(shown))


@pytest.mark.parametrize(
    ("text", "name", "masked"),
    [
        ("店主李会芳，李 会芳承认", "李会芳", "店主李*，李*承认"),
        ("by john example and JOHNEXAMPLE", "John Example", "by J* and J*"),
        ("古丽•示例江售假", "古丽·示例江", "古*售假"),
        ("王示售假", "王示（个人）", "王*售假"),
        ("an item of Li", "Li", "an item of Li"),
        ("张*售假", "张*", "张*售假"),
        ("其他人售假", "李会芳", "其他人售假"),
    ],
)
def test_a_full_name_is_masked_in_a_text(text: str, name: str, masked: str) -> None:
    assert without_name(text, name) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("回乡证H12345678已核", "回乡证H1234****已核"),
        ("护照：E12345678", "护照：E1234****"),
        ("台胞证 1234567801", "台胞证 1234******"),
        ("永久居留身份证 CHN110190010112", "永久居留身份证 CHN1101********"),
        ("身份证号33010619920307031", "身份证号3301*************"),
    ],
)
def test_documents_named_in_a_text_are_masked(text: str, masked: str) -> None:
    assert mask_personal(text) == (masked, ("identity_document",))


@pytest.mark.parametrize(
    "text", ["证件号码：91330106MA2GT00116", "型号 H12345678", "食品生产许可证 SC10111010500001", "身份证复印件"]
)
def test_codes_of_organisations_and_goods_stay(text: str) -> None:
    assert mask_personal(text) == (text, ())
