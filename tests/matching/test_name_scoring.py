"""The matcher beside the tables of cases: keys, reasons, policy."""

from benchmarks.matching import CAP, Register
from chalicelib.matching import find_region
from chalicelib.matching.name_scoring import (
    FEATURES,
    FIELDS,
    PART_RELATIONS,
    RELATIONS,
    asked_keys,
    compare,
    listed_keys,
    rank,
)
from chalicelib.matching.parse_name import parse
from chalicelib.matching.readings.asked_names import read_names

LISTED = parse("杭州澜岳森纺织有限公司", "330100")


def test_every_reason_of_a_match_can_be_said_in_two_languages() -> None:
    made = compare(parse("杭州兰岳森纺织有限责任公司"), LISTED)
    result = {(reason.field, reason.relation) for reason in made.reasons}
    assert result == {("brand", "same_sound"), ("trade", "same"), ("region", "same"), ("form", "alike")}
    for field, relation in result:
        assert all(FIELDS[field])
        assert all(PART_RELATIONS[relation])
    assert all(RELATIONS[made.relation])
    (brand,) = [reason for reason in made.reasons if reason.field == "brand"]
    assert (brand.query, brand.candidate) == ("兰岳森", "澜岳森")


def test_the_policy_is_a_table_of_claims() -> None:
    assert all(feature.claim and feature.zh for feature in FEATURES)
    assert len({feature.function for feature in FEATURES}) == len(FEATURES)
    assert {feature.function.__name__ for feature in FEATURES if feature.ceiling} >= {
        "another_brand",
        "another_trade",
        "another_region",
    }


def test_strength_and_richness_are_two_things() -> None:
    poor = compare(parse("杭州鑫华商贸有限责任公司"), parse("杭州鑫华商贸有限公司", "330100"))
    rich = compare(parse("杭州瀚荻屿纺织机械有限责任公司"), parse("杭州瀚荻屿纺织机械有限公司", "330100"))
    assert poor.relation == rich.relation == "likely_same"
    assert rich.richness > poor.richness + 10
    assert 0.5 < poor.score < rich.score < 0.99


def test_a_brand_that_many_candidates_bear_says_less_of_each() -> None:
    asked = parse("澜岳森纺织有限公司")
    alone = rank(asked, [LISTED])[0].score
    crowd = [parse(f"{place}澜岳森纺织有限公司") for place in ("杭州", "南京", "成都", "武汉")]
    assert all(made.score < alone for made in rank(asked, crowd))


def test_a_name_tells_nothing_by_its_keys() -> None:
    for key in (*listed_keys(LISTED), *asked_keys(LISTED)):
        kind, _, value = key.partition("#")
        assert len(kind) == 1
        assert set(value) <= set("0123456789abcdef")


def test_a_key_past_the_cap_holds_none_and_the_others_still_find() -> None:
    register = Register()
    cities = [name for name in sorted(find_region.every()) if name.endswith("市") and name != "杭州市"]
    for number, city in enumerate(cities[: CAP + 12]):
        register.add(f"91{number:06d}X", f"{city}澜岳森纺织有限公司")
    register.add("91330100X", "杭州澜岳森纺织有限公司")
    assert register.common
    code, made = register.look_up(read_names("杭州市兰岳森纺织有限公司"))
    assert (code, made.relation if made else "") == ("91330100X", "likely_same")


def test_a_shop_is_found_by_the_brand_behind_a_mark_or_behind_a_town_that_can_be_a_brand() -> None:
    register = Register()
    register.add("91330100X", "杭州澜岳森纺织有限公司")
    register.add("91231083X", "海林市瀚荻屿家居有限公司")
    for asked, code in {
        "雅芙澜岳森纺织专卖店": "91330100X",
        "卡妮丝澜岳森专卖店": "91330100X",
        "雅芙杭州澜岳森官方专卖店": "91330100X",
        "海林瀚荻屿家居旗舰店": "91231083X",
        "海林瀚荻屿旗舰店": "91231083X",
    }.items():
        keys = asked_keys(parse(asked))
        assert len(keys) <= 24
        assert register.look_up(read_names(asked))[0] == code
