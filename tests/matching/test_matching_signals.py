"""What subjects share besides names: values that many share say nothing, two independent ones make a successor."""

import pytest

from benchmarks.matching import CAP
from chalicelib.matching.matching_signals import compare_signals, is_successor, normal_address, normal_url, signal_keys

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
    assert normal_address("杭州市西湖区文三路478号3号楼501室") == normal_address(other)


def test_addresses_of_two_counties_differ() -> None:
    assert normal_address("青田县人民路1号") != normal_address("缙云县人民路1号")


def test_a_url_is_told_by_host_and_path() -> None:
    assert normal_url("HTTPS://WWW.Example.com:443/Shop/1/", path=True) == "example.com/Shop/1"
    assert normal_url("shop.example.com?id=3", path=True) == "shop.example.com?id=3"
    assert normal_url("http://[bad", path=True) == ""
