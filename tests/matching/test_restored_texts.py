"""A text that a program or a writer damaged leads to the firm whose name was meant; a sound text is left as it is."""

import pytest

from benchmarks.matching import Register
from chalicelib.matching.character_variants import bits
from chalicelib.matching.edits.name_edits import change
from chalicelib.matching.name_scoring import compare
from chalicelib.matching.parse_name import parse
from chalicelib.matching.readings.asked_names import listed_names, read_names
from chalicelib.matching.readings.restored_texts import restored, unescaped

FIRM = "深圳市云麓泉电子有限公司"
WORKS = "大通县云麓泉养殖农民专业合作社"


def _relation(asked: str, listed: str) -> str:
    """The relation of the best candidate, when one name alone is listed."""
    register = Register()
    register.add("91440300X000000001", listed)
    made = register.look_up(read_names(asked))[1]
    return made.relation if made else "different"


@pytest.mark.parametrize("firm", [FIRM, WORKS])
@pytest.mark.parametrize(
    "write",
    [
        lambda name: name.encode("unicode_escape").decode(),
        lambda name: "".join(f"%{byte:02x}" for byte in name.encode()),
        lambda name: "".join(f"%u{ord(char):04X}" for char in name),
        lambda name: "".join(f"&#{ord(char)};" for char in name),
        lambda name: name.encode().decode("latin-1"),
        lambda name: name.encode("gbk").decode("latin-1"),
        lambda name: f"<td>{name[:5]}</b>{name[5:]}",
        lambda name: rf"{name[:5]}\n{name[5:]}",
        lambda name: name[::-1],
        lambda name: name + name,
        lambda name: name[:3] + name,
        lambda name: name.replace("云麓泉", "云麓泉云麓泉"),
        lambda name: name.replace("云麓泉", "云（yún）麓（lù）泉（quán）"),
        lambda name: name.replace("云麓泉", "云麓泉/YLQ"),
        lambda name: name.replace("云麓泉", "Yunluquan云麓泉"),
        lambda name: name.replace("有限公司", "油鲜宫司").replace("合作社", "合坐社"),
        lambda name: name.replace("电子", "店籽").replace("养殖", "洋植"),
        lambda name: f"广东省深圳市南山区学院路15号3栋801室{name}",
        lambda name: f"深圳市南山区学院路15号云麓大厦12层 {name}",
        lambda name: f"{name}（南山区学院路15号）",
        lambda name: f"委托方：{name}",
        lambda name: f"供货商（全称）{name}",
        lambda name: f"本店由{name}运营",
        lambda name: f"与{name}合作",
        lambda name: f"尊敬的{name}",
        lambda name: f"{name}提供技术支持",
        lambda name: f"{name}与洛阳市禾屿川食品有限公司",
        lambda name: f"洛阳市禾屿川食品有限公司和{name}",
        lambda name: name.replace("有限公司", "有限責仼公司"),
    ],
)
def test_a_damaged_name_is_the_name_that_was_meant(write: object, firm: str) -> None:
    assert callable(write)
    assert _relation(write(firm), firm) in ("same_name", "likely_same")


@pytest.mark.parametrize(
    "letters",
    [
        "shen1 zhen4 shi4 yun2 lu4 quan2 dian4 zi3 you3 xian4 gong1 si1",
        "Shen1zhen4shi4 yun2lu4quan2 dian4zi3 you3xian4gong1si1",
        "Yunluquan (Shenzhen) Electronics Co., Ltd.",
        "Yunluquan（Shenzhen）Dianzi Co., Ltd",
    ],
)
def test_a_damaged_name_in_letters_is_the_name_that_was_meant(letters: str) -> None:
    assert _relation(letters, FIRM) in ("same_name", "likely_same")


@pytest.mark.parametrize("mask", "某*×□X〇")
def test_a_character_that_is_not_shown_may_be_any(mask: str) -> None:
    assert _relation(FIRM.replace("麓", mask), FIRM) == "likely_same"


@pytest.mark.parametrize(
    "branch", ["和田销售分公司", "和平路店", "与民路营业部", "及第街分公司", "学院路15号店", "北京北京路分公司"]
)
def test_a_branch_stays_a_branch(branch: str) -> None:
    assert _relation(FIRM + branch, FIRM) == "branch_of"


def test_a_trade_of_the_same_sounds_is_never_the_same_name() -> None:
    assert _relation(FIRM.replace("电子", "点籽"), FIRM) == "likely_same"


def test_a_listed_text_of_a_program_is_read_as_well() -> None:
    assert listed_names("".join(f"%{byte:02X}" for byte in FIRM.encode()))[0].key == FIRM


@pytest.mark.parametrize(
    "text",
    [
        FIRM,
        "云麓泉",
        "Café Müller GmbH",
        "Yunluquan Trading Co., Ltd.",
        "100% 云麓泉",
        "A&B电子",
        "云麓泉<3",
        "联通",
        "ÅÄÖ",
    ],
)
def test_a_sound_text_is_left_as_it_is(text: str) -> None:
    assert unescaped(text) == text


@pytest.mark.parametrize(
    "name", [FIRM, WORKS, "深圳市TCL电子有限公司", "上海滴滴出行科技有限公司", "北京云麓泉有限公司"]
)
def test_a_sound_name_has_no_other_reading(name: str) -> None:
    assert restored(parse(name)) == []


def test_what_brands_hardly_ever_have_is_rather_misread() -> None:
    listed = parse("深圳市云麓运电子有限公司")
    assert {change(char, "运") for char in "这通"} == {"near_look"}
    assert bits("这") > bits("通")
    rare, common, other = [compare(parse(f"深圳市云麓{char}电子有限公司"), listed).score for char in "这通泉"]
    assert rare > common + 0.2 > other + 0.2


def test_a_number_is_not_misread_for_what_it_is_drawn_like() -> None:
    assert {change(char, "三") for char in "开示五春"} == {"other"}
