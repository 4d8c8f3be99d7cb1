"""A dispute at the three desks: each sees what it may do, wrong forms are drawn again, files go to the store."""

import pytest

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

CODE = uscc(7, "330106")
LISTED = {
    "uscc": CODE,
    "name": "杭州霁川示例食品有限公司",
    "evicted_on": "2026-03-01",
    "reason_text": "假冒注册商标",
    "evidence_level": "E4",
}


@pytest.fixture
def dispute_id(world: World) -> str:
    """A dispute of beta over a listing of alpha."""
    alpha, beta = world.admit("alpha"), world.admit("beta")
    world.call("POST", "/v1/reports", alpha, {"evictions": [LISTED]})
    world.settle()
    found = world.call("POST", "/v1/lookups", beta, {"uscc": CODE, "purpose": "onboarding"})[1]
    listing_id = found["matches"][0]["listings"][0]["listing_id"]
    wanted = {"listing_id": listing_id, "kind": "found_otherwise", "statement": "<b>授权书属实</b>"}
    made = world.call("POST", "/v1/disputes", beta, wanted)[1]
    world.settle()
    return str(made["dispute_id"])


def visitor_of(
    world: World, organisation: str, *duties: Duty, role: str = "platform"
) -> tuple[Visitor, dict[str, str]]:
    visitor, session = signed_in(world, add_person(world, organisation, Duty.READ, *duties, role=role))
    return visitor, {"key": session.csrf_key}


def test_each_desk_has_the_forms_of_its_side_and_no_others(world: World, dispute_id: str) -> None:
    forms = {"answer": "/answer", "decide": "/preview", "withdraw": "/withdrawal", "send": "/evidence"}
    wanted = {"alpha": {"answer", "send"}, "beta": {"withdraw", "send"}, "bureau": {"decide"}}
    for organisation, ours in wanted.items():
        role = Role.REGULATOR if organisation == "bureau" else Role.PLATFORM
        visitor, _ = visitor_of(world, organisation, Duty.DECIDE, role=role)
        status, text = visitor.get(f"/console/disputes/{dispute_id}")
        assert status == 200
        assert {name for name, path in forms.items() if f'disputes/{dispute_id}{path}"' in text} == ours
        assert "&lt;b&gt;授权书属实" in text
        reader, _ = visitor_of(world, organisation, role=role)
        text = reader.get(f"/console/disputes/{dispute_id}")[1]
        assert not [path for path in forms.values() if f'disputes/{dispute_id}{path}"' in text]
    stranger, _ = visitor_of(world, "gamma", Duty.DECIDE)
    assert stranger.get(f"/console/disputes/{dispute_id}")[0] == 404


def test_a_form_that_says_too_little_is_drawn_again(world: World, dispute_id: str) -> None:
    reporter, key = visitor_of(world, "alpha", Duty.DECIDE)
    status, text = reporter.post(f"/console/disputes/{dispute_id}/answer", {**key, "stand": "stand_by"})
    assert (status, 'aria-invalid="true"' in text) == (400, True)
    regulator, key = visitor_of(world, "bureau", Duty.DECIDE, role=Role.REGULATOR)
    path = f"/console/disputes/{dispute_id}/preview"
    for fields in (
        {},
        {"decision": "void"},
        {"decision": "amend", "statement": "改"},
        {"decision": "x", "statement": "x"},
    ):
        status, text = regulator.post(path, {**key, **fields})
        assert (status, 'class="wrong"' in text) == (400, True)
    status, text = regulator.post(path, {**key, "decision": "amend", "statement": "改", "severity": "2"})
    assert (status, "改为 二级（提醒）" in text) == (200, True)


def test_a_decision_is_made_only_after_its_preview_and_ends_the_dispute(world: World, dispute_id: str) -> None:
    regulator, key = visitor_of(world, "bureau", Duty.DECIDE, role=Role.REGULATOR)
    fields = {**key, "decision": "void", "statement": "授权书属实"}
    text = regulator.post(f"/console/disputes/{dispute_id}/preview", fields)[1]
    assert "待监管部门裁定" not in text
    assert "待报送平台答复" in regulator.get(f"/console/disputes/{dispute_id}")[1]
    assert regulator.post(f"/console/disputes/{dispute_id}/decision", fields)[0] == 303
    world.settle()
    assert "裁定撤销" in regulator.get(f"/console/disputes/{dispute_id}")[1]
    assert "裁定撤销" in regulator.get("/console/disputes?state=closed")[1]
    assert "没有申诉" in regulator.get("/console/disputes?state=open")[1]


def test_a_file_is_posted_to_the_store_and_comes_back(world: World, dispute_id: str) -> None:
    opener, key = visitor_of(world, "beta", Duty.REPORT)
    fields = {**key, "file_name": "授权书.pdf", "content_type": "application/pdf"}
    status, text = opener.post(f"/console/disputes/{dispute_id}/evidence", fields)
    assert status == 200
    store = wiring.bucket().upload_form("x", 1, 60)["url"]
    origin = "/".join(store.split("/")[:3])
    assert f"form-action 'self' {origin};" in opener.headers["Content-Security-Policy"]
    assert 'name="success_action_redirect"' in text
    assert f"/console/disputes/{dispute_id}" in text
    status, text = opener.get(f"/console/disputes/{dispute_id}")
    assert (status, "授权书.pdf" in text) == (200, True)
    assert opener.post(f"/console/disputes/{dispute_id}/evidence", {**fields, "content_type": "text/html"})[0] == 415
