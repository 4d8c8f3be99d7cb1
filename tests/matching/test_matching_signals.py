"""What subjects share besides names: values that many share say nothing, two independent ones make a successor."""

import pytest

from benchmarks.matching import CAP
from chalicelib.matching.matching_signals import (
    asked_signal_keys,
    compare_signals,
    is_successor,
    normal_address,
    normal_url,
    signal_keys,
)

EVICTED = {
    "legal_representative": "digest-of-a-person",
    "phone": "digest-of-a-phone",
    "address": "岚海市青禾区文汇路478号3号楼501室",
    "domain": "https://www.lanyuesen.example/",
    "shop_url": "https://lanyuesen.example/shop/88",
}


def test_two_independent_signals_make_a_successor() -> None:
    asked = {"legal_representative": "digest-of-a-person", "phone": "digest-of-a-phone"}
    reasons = compare_signals(asked, EVICTED)
    assert [reason.field for reason in reasons] == ["legal_representative", "phone"]
    assert is_successor(reasons)


def test_one_signal_or_two_of_one_source_do_not() -> None:
    assert not is_successor(compare_signals({"phone": "digest-of-a-phone"}, EVICTED))
    web = {"domain": "lanyuesen.example", "shop_url": "http://lanyuesen.example/shop/88/"}
    assert len(compare_signals(web, EVICTED)) == 2
    assert not is_successor(compare_signals(web, EVICTED))


def test_an_office_address_of_five_hundred_firms_fires_nothing() -> None:
    shared = {"address": "岚海市青禾区创业大厦1号楼101室", "phone": "digest-of-an-agents-phone"}
    postings: dict[str, list[int]] = {}
    for firm in range(500):
        for key in signal_keys(shared):
            postings.setdefault(key, []).append(firm)
    common = {key for key, firms in postings.items() if len(firms) > CAP}
    reasons = compare_signals(shared, shared, common)
    assert reasons == ()
    assert not is_successor(reasons)
    assert is_successor(compare_signals(shared, shared))


def test_nothing_shared_and_nothing_given_give_no_reason() -> None:
    assert compare_signals({"phone": "", "address": "—"}, {"phone": "", "address": "*"}) == ()
    assert signal_keys({"phone": "", "address": " "}) == ()


@pytest.mark.parametrize(
    "other",
    [
        "浙江省杭州市西湖区文三路478号3幢501",
        "杭州市西湖区文三路 ４７８号（3栋）501室",
        "西湖区文三路四七八号3号楼501房",
    ],
)
def test_one_address_has_one_form(other: str) -> None:
    # Several cities have a 西湖区: the registrar says which one is meant, and without it nothing is told.
    address = normal_address("杭州市西湖区文三路478号3号楼501室")
    assert address == normal_address(other, "330106") != ""


@pytest.mark.parametrize(
    "other",
    [
        "杭州市文三路478号3号楼501室",  # the district, the province, the street office left out or said
        "西湖区文三路478号3号楼501室",
        "浙江省杭州市西湖区青竹街道文三路478号3号楼501室",
        "杭州市西湖区青竹街道示例社区文三路478号3号楼501室",
        "杭州市西湖区文三路478#3#楼501",  # # for 号, hyphens, other words, 第, numerals in hanzi, notes
        "杭州市西湖区文三路478号3-501",
        "杭州市西湖区文三路478号，3幢501号房",
        "杭州市西湖区文三路478号第3栋501室",
        "杭州市西湖区文三路478号三栋501室",
        "杭州市西湖区文三路478号3座501房间（自主申报）",
        "杭州市西湖区文三路478号３号楼 501 室（仅限办公使用）",
        "杭州市西湖区文三路478号3#501",  # the second number's sign is the building's; the floor is the room's too
        "杭州市西湖区文三路478号3栋5层501室",
        "杭州市西湖区文三路478号（3-501）室",
    ],
)
def test_one_place_has_one_key_however_it_is_written(other: str) -> None:
    place = "浙江省杭州市西湖区文三路478号3号楼501室"
    assert signal_keys({"address": place}, "330106") == signal_keys({"address": other}, "330106") != ()


def test_floors_and_numbers_above_ten_are_numbers() -> None:
    assert (
        normal_address("成都市锦江区梧桐大道6号示例大厦8F") == normal_address("成都市锦江区梧桐路6号示例大厦八层") != ""
    )
    assert normal_address("成都市梧桐路6号十二栋") == normal_address("成都市梧桐路6号12幢") != ""


@pytest.mark.parametrize(
    ("some", "other"),
    [
        ("南京市鼓楼区示例路1号", "福州市鼓楼区示例路1号"),
        ("鼓楼区示例路1号", "鼓楼区示例路1号"),  # which of the cities is not said
        ("办公楼一楼", "办公楼1楼"),
        ("深圳市南山区办公楼一楼", "深圳市南山区办公楼1楼"),
        ("深圳市南山区", "深圳市南山区"),
        ("无", "无"),
        ("杭州市文三路78号3-109", "杭州市文三路78号31-09"),
        ("杭州市文三路78号3栋109室", "杭州市文三路78号3栋110室"),
        ("保定市涿州市示例路1号", "保定市定兴县示例路1号"),
        ("杭州市文三路78号A2栋", "杭州市文三路78号A3栋"),
        ("杭州市文三路78号附3号", "杭州市文三路78号附4号"),
        ("杭州市文三路78号3层", "杭州市文三路78号5层"),
    ],
)
def test_what_is_no_place_or_another_one_is_not_shared(some: str, other: str) -> None:
    assert compare_signals({"address": some}, {"address": other}) == ()


def test_an_address_without_its_unit_is_shared_and_two_units_are_not() -> None:
    building, unit = "杭州市文三路78号3栋", "杭州市文三路78号3栋109室"
    assert len(compare_signals({"address": building}, {"address": unit})) == 1
    assert set(signal_keys({"address": building})) < set(signal_keys({"address": unit}))


def test_the_registrar_says_which_city_is_meant() -> None:
    asked, listed = {"address": "鼓楼区示例路1号"}, {"address": "南京市鼓楼区示例路1号"}
    assert len(compare_signals(asked, listed, divisions=("320106", ""))) == 1
    assert compare_signals(asked, listed, divisions=("350102", "")) == ()


def test_an_address_filed_by_an_earlier_version_is_still_asked_for() -> None:
    assert set(signal_keys({"address": "杭州市文三路78号"})) < set(asked_signal_keys({"address": "杭州市文三路78号"}))


def test_addresses_of_two_counties_differ() -> None:
    assert normal_address("青田县人民路1号") != normal_address("缙云县人民路1号")


def test_a_url_is_told_by_host_and_path() -> None:
    assert normal_url("HTTPS://WWW.Example.com:443/Shop/1/", path=True) == "example.com/Shop/1"
    assert normal_url("shop.example.com?id=3", path=True) == "shop.example.com?id=3"
    assert normal_url("http://[bad", path=True) == ""
