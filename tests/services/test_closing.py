"""The closure ledger: asked once, told later, answered, undone."""

from datetime import timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.handlers import desks
from chalicelib.services import answering, monitoring
from tests.builders import uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}


def evict(world: World, key: str, **changes: Any) -> None:
    world.call("POST", "/v1/reports", key, {"evictions": [{**EVICTION, **changes}]})
    world.settle()


def test_a_platform_that_had_asked_is_told_answers_and_undoes(world: World) -> None:
    alpha, beta, gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
    ear = world.listen(wiring.topics().platform_arn("beta"))
    assert world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "onboarding"})[1]["verdict"] == "clear"
    evict(world, alpha)
    (notice,) = world.heard(ear)
    assert (notice["kind"], notice["task"]["task"], notice["task"]["subject"]["uscc"]) == (
        "task_opened",
        "check",
        uscc(1),
    )
    page = world.call("GET", "/v1/tasks", beta)[1]
    assert [task["state"] for task in page["tasks"]] == ["told"]
    assert world.call("GET", "/v1/tasks", gamma)[1]["tasks"] == [], "who never asked is not bothered"
    assert world.call("GET", "/v1/tasks", alpha)[1]["tasks"] == [], "the reporter knows"

    path = f"/v1/tasks/{page['tasks'][0]['task_id']}/outcome"
    status, body, _ = world.call("POST", path, beta, {"outcome": "kept"})
    assert (status, body["error"]["code"]) == (400, "invalid_request")
    assert world.call("POST", path, beta, {"outcome": "closed"})[1]["state"] == "closed"
    assert world.call("POST", path, gamma, {"outcome": "closed"})[0] == 404
    assert world.call("POST", "/v1/tasks/x/outcome", beta, {"outcome": "closed"})[0] == 404

    listing = page["tasks"][0]["listing"]["listing_id"]
    world.call("POST", f"/v1/listings/{listing}/withdrawal", alpha, {})
    world.settle()
    later = world.call("GET", f"/v1/tasks?after={page['next']}", beta)[1]["tasks"]
    assert [(task["task"], task["listing"]["state"]) for task in later] == [("undo", "withdrawn")]
    assert [one["task"]["task"] for one in world.heard(ear)] == ["undo"]


def test_a_listing_that_is_not_grave_opens_no_task(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "onboarding"})
    evict(world, alpha, reason_text="虚假宣传")
    assert world.call("GET", "/v1/changes", beta)[1]["changes"]
    assert world.call("GET", "/v1/tasks", beta)[1]["tasks"] == []


def test_a_regulator_that_had_asked_has_no_ledger_and_stops_nothing(world: World) -> None:
    alpha, bureau = world.admit("alpha"), world.admit("bureau", "regulator")
    world.call("POST", "/v1/lookups", bureau, {"uscc": uscc(1), "purpose": "investigation"})
    evict(world, alpha)
    assert len(world.call("GET", "/v1/changes", bureau)[1]["changes"]) == 1


def test_what_is_written_beside_an_outcome_or_a_withdrawal_keeps_no_number_of_a_person(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "onboarding"})
    evict(world, alpha)
    kept = {"outcome": "kept", "reason": "已联系 13812345678"}
    assert "138****5678" in world.call("POST", "/v1/tasks/1/outcome", beta, kept)[1]["reason"]
    listing = world.call("GET", "/v1/tasks", beta)[1]["tasks"][0]["listing"]["listing_id"]
    world.call("POST", f"/v1/listings/{listing}/withdrawal", alpha, {"reason": "误报，电话 13812345678"})
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    assert subject["listings"][listing]["history"][-1]["why"] == "误报，电话 138****5678"
    assert "13812345678" not in world.everything_stored()


def test_after_360_days_nobody_is_told_for_having_asked_once(world: World) -> None:
    world.admit("beta")
    then = wiring.now() - timedelta(days=361)
    monitoring.remember_asking(wiring.exchange(), f"uscc:{uscc(1)}", "beta", then)
    alpha = world.admit("alpha")
    evict(world, alpha)
    assert answering.page(desks.ledger(), "beta", "", 0, 100)["tasks"] == []


def test_a_stream_delivered_twice_opens_one_task_and_tells_once(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    ear = world.listen(wiring.topics().platform_arn("beta"))
    world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "onboarding"})
    evict(world, alpha)
    import app

    app.subject_announced({"Records": world.stream_records()}, None)
    assert len(world.heard(ear)) == 1
    assert len(world.call("GET", "/v1/tasks", beta)[1]["tasks"]) == 1
