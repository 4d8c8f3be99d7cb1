"""A listing at the console: its ledger and history for whom they are, and a dispute opened from it."""

import re

import pytest

from chalicelib.people.duties import Duty
from tests.disputes.dispute_calls import evict, look_up
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

STATEMENT = "有授权书，电话 13812345678。"


@pytest.fixture
def listing_id(world: World) -> str:
    """A listing of alpha, whose name is hostile, and which beta's merchant is told of."""
    look_up(world, world.admit("beta"))
    return evict(world, world.admit("alpha"), name="杭州<b>示例</b>商贸有限公司")


def visitor_of(world: World, organisation: str, *duties: Duty, role: str = "platform") -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, organisation, *duties, role=role))
    return visitor, session.csrf_key


def test_a_regulator_sees_who_was_told_and_the_history_and_text_stays_text(world: World, listing_id: str) -> None:
    visitor, _ = visitor_of(world, "bureau", Duty.READ, role="regulator")
    status, text = visitor.get(f"/console/listings/{listing_id}")
    assert status == 200
    assert "<b>示例" not in text
    assert re.search(r'href="[^"]*tasks/\d+\?platform=beta"', text)
    assert '<ol class="steps"><li><b>列入</b>' in text
    assert 'name="statement"' not in text
    status, text = visitor.get(f"/console/listings/{listing_id}/ledger.csv")
    assert status == 200
    assert re.search(r"^beta,\d+,check,told,", text, re.MULTILINE)


def test_another_platform_sees_no_history_and_no_tasks_but_its_own(world: World, listing_id: str) -> None:
    visitor, _ = visitor_of(world, "gamma", Duty.READ)
    status, text = visitor.get(f"/console/listings/{listing_id}")
    assert status == 200
    assert "没有任务" in text
    assert 'class="steps"' not in text
    assert "beta" not in visitor.get(f"/console/listings/{listing_id}/ledger.csv")[1]
    assert visitor.get("/console/listings/l_uscc-91330106MA2GT00116_0123456789abcdef")[0] == 404
    assert visitor.post(f"/console/listings/{listing_id}/dispute", {"kind": "for_merchant"})[0] == 403


def test_a_platform_disputes_once_and_what_does_not_fit_is_said_beside_it(world: World, listing_id: str) -> None:
    visitor, key = visitor_of(world, "beta", Duty.READ, Duty.REPORT)
    path = f"/console/listings/{listing_id}/dispute"
    fields = {"key": key, "kind": "for_merchant", "statement": STATEMENT, "once": "r1"}
    status, text = visitor.post(path, {**fields, "kind": "", "statement": "仍在"})
    assert (status, "仍在</textarea>" in text) == (400, True)
    assert '<p class="wrong">' in text
    assert visitor.post(path, {**fields, "key": "wrong"})[0] == 403
    assert visitor.post(path, fields)[0] == 303
    first = visitor.headers["Location"]
    assert visitor.post(path, fields)[0] == 303
    assert visitor.headers["Location"] == first
    status, text = visitor.post(path, {**fields, "once": "r2"})
    assert (status, "已有未结的申诉" in text) == (409, True)
    assert "申诉中" in visitor.get(f"/console/listings/{listing_id}")[1]
    assert "13812345678" not in world.everything_stored()
    bureau = world.admit("bureau", "regulator")
    entries = world.call("GET", "/v1/audit?action=openDispute", bureau)[1]["entries"]
    assert {entry["outcome"] for entry in entries} == {"done", "refused"}


def test_its_reporter_withdraws_it_and_disputes_it_not(world: World, listing_id: str) -> None:
    visitor, key = visitor_of(world, "alpha", Duty.READ, Duty.DECIDE)
    text = visitor.get(f"/console/listings/{listing_id}")[1]
    assert "reports/listings/l_uscc-" in text
    assert 'name="statement"' not in text
    fields = {"key": key, "kind": "for_merchant", "statement": STATEMENT}
    assert visitor.post(f"/console/listings/{listing_id}/dispute", fields)[0] == 409


def test_merchants_by_code_for_all_and_by_name_for_regulators(world: World, listing_id: str) -> None:
    visitor, key = visitor_of(world, "bureau", Duty.READ, role="regulator")
    status, text = visitor.post("/console/merchants", {"key": key, "name": "杭州示例商贸有限公司"})
    assert status == 200
    assert f"merchants/{uscc(1)}" in text
    assert "<b>示例" not in text
    assert visitor.post("/console/merchants", {"key": key, "name": "，"})[0] == 400
    status, text = visitor.get(f"/console/merchants/{uscc(1)}")
    assert (status, f"listings/{listing_id}" in text) == (200, True)
    assert "没有记录" in visitor.get(f"/console/merchants/{uscc(2)}")[1]
    assert visitor.get("/console/merchants/nonsense")[0] == 400
    other, _ = visitor_of(world, "beta", Duty.READ)
    assert other.get("/console/merchants")[0] == 403
    assert other.get(f"/console/merchants/{uscc(1)}")[0] == 200
