"""Lookups that were made, at the console: the last ten, the list, one with its receipt, and what leads on from them."""

import html
import re

import pytest

from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

CODE = uscc(7, "330106")
NAME = "杭州霁川示例食品有限公司"
LISTED = {"uscc": CODE, "name": NAME, "evicted_on": "2026-03-01", "reason_text": "假冒注册商标", "evidence_level": "E4"}
PHONE = "13800001234"


@pytest.fixture
def reviewer(world: World) -> tuple[Visitor, str]:
    world.call("POST", "/v1/reports", world.admit("beta"), {"evictions": [LISTED]})
    world.settle()
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ, Duty.REPORT))
    return visitor, session.csrf_key


def searched(reviewer: tuple[Visitor, str], **fields: str) -> str:
    visitor, key = reviewer
    status, text = visitor.post("/console/search", {"key": key, **fields})
    assert status == 200
    return text


def receipt_of(text: str) -> str:
    found = re.search(r'data-copy="([^"]*回执[^"]*)"', text)
    assert found is not None
    return html.unescape(found[1])


def ident_of(text: str) -> str:
    found = re.search(r"lookups/(k_\w+)", text)
    assert found is not None
    return found[1]


def test_the_last_lookups_of_a_person_and_of_its_organisation_lead_to_their_records(
    world: World, reviewer: tuple[Visitor, str]
) -> None:
    visitor = reviewer[0]
    assert "七天内没有查询" in visitor.get("/console/search")[1]
    ident = ident_of(searched(reviewer, q=CODE))
    colleague, session = signed_in(world, add_person(world, "alpha", Duty.READ, Duty.REPORT))
    for number in range(21, 32):
        searched((colleague, session.csrf_key), q=uscc(number, "440106"))
    mine = visitor.get("/console/search")[1]
    assert (f"lookups/{ident}" in mine, mine.count('class="main"'), "不得入驻" in mine) == (True, 1, True)
    assert visitor.get("/console/search?whose=organisation")[1].count('class="main"') == 10
    assert visitor.get("/console/lookups?verdict=block")[1].count('class="main"') == 1
    assert visitor.get("/console/lookups.csv?verdict=block")[1].count("k_") == 1
    status, text = visitor.get(f"/console/lookups/{ident}")
    assert (status, "不得入驻" in text, f"merchants/{CODE}" in text, "入驻审核" in text) == (200, True, True, True)
    stranger, _ = signed_in(world, add_person(world, "beta", *Duty))
    assert stranger.get(f"/console/lookups/{ident}")[0] == 404
    regulator, _ = signed_in(world, add_person(world, "bureau", *Duty, role="regulator"))
    text = regulator.get("/console/lookups?platform=alpha")[1]
    assert (text.count('class="main"'), "王示例" in text.partition("<main")[2]) == (12, False)


def test_a_receipt_says_what_was_asked_and_why_and_names_no_person(reviewer: tuple[Visitor, str]) -> None:
    text = searched(reviewer, q=CODE, name=NAME, phone=PHONE, legal_representative="欧阳例示")
    receipt = receipt_of(text)
    for words in ("不得入驻", ident_of(text), "UTC+8", f"{CODE[:8]} {CODE[8:]}", NAME, "beta", "电话", "完全一致"):
        assert words in receipt, words
    assert (PHONE in receipt, "欧阳例示" in receipt) == (False, False)
    text = reviewer[0].get(f"/console/lookups/{ident_of(text)}")[1]
    assert PHONE not in text
    assert "不得入驻" in receipt_of(text)


def test_an_onboarding_check_begins_with_what_was_typed_and_no_address_has_it(reviewer: tuple[Visitor, str]) -> None:
    visitor, key = reviewer
    text = searched(reviewer, q="霁川示例食品有限公司", phone=PHONE)
    form = re.search(r'<form method="post" action="[^"]*onboarding/start">(.*?)</form>', text)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    assert fields == {"key": key, "uscc": CODE, "name": "霁川示例食品有限公司", "phone": PHONE}
    status, text = visitor.post("/console/onboarding/start", {**fields, "shop_name": '"><script>'})
    assert (status, f'value="{CODE}"' in text, f'value="{PHONE}"' in text, "<script>" in text) == (
        200,
        True,
        True,
        False,
    )
    assert PHONE not in str(visitor.headers)
