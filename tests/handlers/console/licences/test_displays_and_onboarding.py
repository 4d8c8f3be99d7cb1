"""Displays, renewals and the onboarding check at the console: state on PC and mobile, previews, receipts that print."""

import re

import pytest

from chalicelib import wiring
from chalicelib.accounts import api_keys
from chalicelib.displays import display_store
from chalicelib.displays.rules import shop_page_findings
from chalicelib.displays.rules.display import PageVisit, ShopVisit
from chalicelib.handlers.console.screens.licences import licence_texts
from chalicelib.handlers.console.screens.onboarding import PARTS
from chalicelib.onboarding.rules import onboarding_verdicts
from chalicelib.people.duties import Duty
from chalicelib.storage.item_keys import licence_keys
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

SHOP = {"declaration": "handicraft", "shop_id": "s-1", "shop_name": "示例手作<坊>"}


@pytest.fixture
def officer(world: World) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "alpha", *Duty))
    return visitor, session.csrf_key


def display(world: World) -> str:
    key = api_keys.issue_key(wiring.exchange(), "alpha", wiring.now())["key"]
    status, made, _headers = world.call("POST", "/v1/displays", key, SHOP)
    assert status == 201, made
    pages = (
        PageVisit(url="https://shop.example/a", device="pc", finding="displayed"),
        PageVisit(url="https://shop.example/a", device="mobile", finding="missing"),
    )
    watch = ShopVisit(looked_at="2026-11-20T02:00:00.000Z", finding="missing", since="2026-11-13", pages=pages)
    wiring.exchange().set_fields(licence_keys.display(made["display_id"]), {"watch": watch.to_item()})
    return str(made["display_id"])


def test_a_display_shows_what_was_seen_on_pc_and_mobile(world: World, officer: tuple[Visitor, str]) -> None:
    display_id, visitor = display(world), officer[0]
    status, text = visitor.get("/console/licences/displays")
    assert (status, "示例手作&lt;坊&gt;" in text) == (200, True)
    assert re.search(r'tag good">已亮照</span></td><td[^>]*><span class="tag bad">未亮照', text)
    status, text = visitor.get(f"/console/licences/displays/{display_id}")
    assert (status, "https://shop.example/a" in text) == (200, True)
    assert "移动端" in text
    assert "display_id,shop_name" in visitor.get("/console/licences/displays.csv")[1]
    other = signed_in(world, add_person(world, "beta", *Duty))[0]
    assert other.get(f"/console/licences/displays/{display_id}")[0] == 404


def test_a_display_is_suspended_shown_again_and_deleted_with_a_reason(
    world: World, officer: tuple[Visitor, str]
) -> None:
    display_id, (visitor, key) = display(world), officer
    path = f"/console/licences/displays/{display_id}"
    status, text = visitor.post(f"{path}/suspension", {"key": key, "why": ""})
    assert (status, "请填写原因" in text) == (400, True)
    assert visitor.post(f"{path}/suspension", {"key": key, "why": "店铺整改"})[0] == 303
    assert "恢复展示" in visitor.get(path)[1]
    assert visitor.post(f"{path}/resumption", {"key": key})[0] == 303
    assert visitor.post(f"{path}/deletion", {"key": key, "why_deleted": "店铺关闭"})[0] == 303
    status, text = visitor.get(f"{path}?done=deleted")
    assert (status, "永久删除" in text) == (200, False)
    stored = display_store.find_display(wiring.exchange(), display_id)
    assert stored is not None
    assert (stored.state, stored.why) == ("deleted", "店铺关闭")


def test_the_half_yearly_report_is_made_and_leads_to_its_file(world: World, officer: tuple[Visitor, str]) -> None:
    display(world)
    visitor, key = officer
    assert "本期尚未生成" in visitor.get("/console/licences/displays")[1]
    assert visitor.post("/console/licences/identity-report", {"key": key})[0] == 303
    _status, text = visitor.get("/console/licences/displays")
    assert "下载 CSV" in text
    assert re.search(r"已生成，共 \s*1", text)


def test_an_onboarding_check_leads_to_a_receipt_part_by_part(world: World, officer: tuple[Visitor, str]) -> None:
    visitor, key = officer
    listed = {
        "uscc": uscc(7, "330106"), "name": "杭州霁川示例食品有限公司", "evicted_on": "2026-03-01",
        "reason_text": "假冒注册商标", "evidence_level": "E4",
    }  # fmt: skip
    world.call("POST", "/v1/reports", world.admit("beta"), {"evictions": [listed]})
    world.settle()
    fields = {"key": key, "uscc": listed["uscc"], "name": listed["name"], "phone": "13812345678"}
    status, text = visitor.post("/console/onboarding", {**fields, "enrol": "yes"})
    assert status == 400
    assert "加入名册需要 merchant_id" in text
    assert visitor.post("/console/onboarding", {**fields, "enrol": "yes", "merchant_id": "m-1"})[0] == 303
    where = visitor.headers["Location"].rpartition("/")[2]
    assert "13812345678" not in visitor.headers["Location"]
    status, text = visitor.get(f"/console/onboarding/{where}")
    assert status == 200, text
    assert "不得入驻" in text
    assert all(zh in text for zh, _en in PARTS.values())
    assert "商标侵权/假冒注册商标" in text
    assert where in visitor.get("/console/onboarding")[1]
    assert where in visitor.get("/console/onboarding.csv")[1]
    other = signed_in(world, add_person(world, "gamma", *Duty))[0]
    assert other.get(f"/console/onboarding/{where}")[0] == 404
    reader, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    assert reader.post("/console/onboarding", {**fields, "key": session.csrf_key})[0] == 403


def test_renewals_say_that_none_is_due(officer: tuple[Visitor, str]) -> None:
    assert "没有到期的执照" in officer[0].get("/console/licences/renewals?within=184")[1]
    assert officer[0].get("/console/licences/renewals?after=nonsense")[0] == 400


def test_every_part_finding_and_state_has_its_words() -> None:
    assert set(PARTS) == set(onboarding_verdicts.PARTS)
    assert set(licence_texts.FINDINGS) == set(shop_page_findings.GRAVEST_FIRST)
