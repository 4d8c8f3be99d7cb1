"""What names are made of."""

import pytest

from chalicelib.matching.parse_name import comparison_key, parse


@pytest.mark.parametrize(
    ("raw", "division", "region", "brand", "trade", "form", "kind"),
    [
        ("杭州澜岳森纺织有限公司", "", "3301", "澜岳森", "纺织", "有限公司", "company"),
        ("浙江省杭州市西湖区澜岳森纺织有限责任公司", "", "330106", "澜岳森", "纺织", "有限责任公司", "company"),
        ("澜岳森（杭州）纺织有限公司", "", "3301", "澜岳森", "纺织", "有限公司", "company"),
        ("广西省澜岳森纺织有限公司", "", "45", "澜岳森", "纺织", "有限公司", "company"),
        ("莫力达瓦达斡尔族自治旗澜岳种养殖专业合作社", "", "150722", "澜岳", "种养殖", "专业合作社", "company"),
        ("莫力达瓦旗澜岳种养殖专业合作社", "", "150722", "澜岳", "种养殖", "专业合作社", "company"),
        ("襄樊市澜岳森纺织有限公司", "", "4206", "澜岳森", "纺织", "有限公司", "company"),
        ("鄞县澜岳森纺织厂", "", "330212", "澜岳森", "纺织", "厂", "sole_trader"),
        ("宁海县供销合作社", "", "330226", "", "供销", "合作社", "company"),
        ("澜岳森旗舰店", "", "", "澜岳森", "", "旗舰店", "shop"),
        ("澜岳森纺织官方专营店", "", "", "澜岳森", "纺织", "专营店", "shop"),
        ("澜岳森纺织经营部（个体工商户）", "", "", "澜岳森", "纺织", "经营部", "sole_trader"),
        ("澜岳森（集团）有限公司", "", "", "澜岳森", "", "集团有限公司", "company"),
        ("北辰实业有限公司", "110105", "", "北辰", "实业", "有限公司", "company"),
        ("北辰澜岳森实业有限公司", "120113", "120113", "澜岳森", "实业", "有限公司", "company"),
        ("海林市澜岳森木业有限公司", "", "231083", "澜岳森", "木业", "有限公司", "company"),
    ],
)
def test_a_name_falls_into_its_parts(
    raw: str, division: str, region: str, brand: str, trade: str, form: str, kind: str
) -> None:
    name = parse(raw, division)
    assert (name.region, name.brand, name.trade, name.form, name.kind) == (region, brand, trade, form, kind)
    assert name.raw == raw


def test_a_town_that_may_be_a_brand_is_left_open_until_the_code_decides() -> None:
    assert parse("北辰澜岳实业有限公司").unread == "北辰"
    assert parse("北辰澜岳实业有限公司", "120113").unread == ""
    assert parse("北辰澜岳实业有限公司", "110105").body == "北辰澜岳实业"


def test_a_branch_keeps_its_parents_parts_beside_its_own() -> None:
    name = parse("杭州澜岳森纺织有限公司滨江分公司")
    assert (name.kind, name.brand, name.form, name.branch) == ("branch", "澜岳森", "有限公司", "滨江分公司")


def test_a_town_is_no_part_of_the_brand() -> None:
    name = parse("青田县北山镇澜岳竹木制品厂")
    assert (name.town, name.brand) == ("北山镇", "澜岳")
    assert parse("青田县水乡澜岳竹木制品厂").town == ""


@pytest.mark.parametrize(
    "odd", ["", " ", "()", "（）", "公司", "有限公司", "旗舰店", "北京", "★", "\u200b", "a", "123", "("]
)
def test_no_text_is_too_odd_to_take_apart(odd: str) -> None:
    for shop in (False, True):
        assert parse(odd, "110000", shop).raw == odd


def test_characters_with_a_meaning_of_their_own_stay() -> None:
    assert comparison_key("乾坤昇") == "乾坤昇"
    assert comparison_key("杭州○七商行") == comparison_key("杭州〇七商行")
