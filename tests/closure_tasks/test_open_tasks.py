"""The closure ledger: asked once, told later, answered, undone."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.closure_tasks import read_tasks
from chalicelib.closure_tasks.rules.task_deadlines import Overlay
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index, platforms_to_alert
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from tests.support.builders import stored_subject, uscc
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
    assert (notice["kind"], notice["task"]["kind"], notice["task"]["subject"]["uscc"]) == (
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
    assert [(task["kind"], task["listing"]["state"]) for task in later] == [("undo", "withdrawn")]
    assert [notice["task"]["kind"] for notice in world.heard(ear)] == ["undo"]


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
    assert stored_subject().listings[listing].history[-1].why == "误报，电话 138****5678"
    assert "13812345678" not in world.everything_stored()


def test_after_360_days_nobody_is_told_for_having_asked_once(world: World) -> None:
    world.admit("beta")
    then = wiring.now() - timedelta(days=361)
    lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(1)}", "beta", then)
    alpha = world.admit("alpha")
    evict(world, alpha)
    assert read_tasks.list_tasks(dependencies.closure_tasks(), "beta", "", 0, 100)["tasks"] == []


def test_a_stream_delivered_twice_opens_one_task_and_tells_once(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    ear = world.listen(wiring.topics().platform_arn("beta"))
    world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "onboarding"})
    evict(world, alpha)
    import app

    app.subject_announced({"Records": world.stream_records()}, None)
    assert len(world.heard(ear)) == 1
    assert len(world.call("GET", "/v1/tasks", beta)[1]["tasks"]) == 1


def looked_up(world: World, *keys: str, number: int = 1) -> None:
    for key in keys:
        world.call("POST", "/v1/lookups", key, {"uscc": uscc(number), "purpose": "onboarding"})


def tasks_of(world: World, key: str) -> list[dict[str, Any]]:
    return list(world.call("GET", "/v1/tasks", key)[1]["tasks"])


def the_listing(number: int = 1) -> str:
    (listing_id,) = stored_subject(number).listings
    return listing_id


def test_a_finding_of_the_platforms_own_opens_nothing_until_it_is_proven_and_then_once(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    looked_up(world, beta)
    evict(world, alpha, evidence_level="E1")
    assert tasks_of(world, beta) == []
    evict(world, alpha, evidence_level="E2")
    assert [task["listing"]["evidence_level"] for task in tasks_of(world, beta)] == ["E2"]
    evict(world, alpha, evidence_level="E4")
    (task,) = tasks_of(world, beta)
    assert (task["listing"]["evidence_level"], task["state"]) == ("E4", "told"), "amended in place, with its clock"


def test_what_blocks_no_more_is_undone_by_all_who_were_told_and_its_clock_stops(world: World) -> None:
    alpha, beta, gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
    looked_up(world, beta, gamma)
    evict(world, alpha)
    world.call("POST", "/v1/tasks/1/outcome", gamma, {"outcome": "closed"})
    # Beta's memory of having asked runs out; it was told, and so it is told again.
    wiring.exchange().put({"id": f"asked#uscc:{uscc(1)}"})
    evict(world, alpha, evidence_level="E1")
    assert [(entry["kind"], entry["state"]) for entry in tasks_of(world, beta)] == [
        ("check", "lifted"),
        ("undo", "told"),
    ]
    assert [(entry["kind"], entry["state"]) for entry in tasks_of(world, gamma)] == [
        ("check", "closed"),
        ("undo", "told"),
    ]
    world.call("POST", f"/v1/listings/{the_listing()}/withdrawal", alpha, {})
    world.settle()
    assert len(tasks_of(world, beta)) == 2, "it had stopped blocking before; nothing new to undo"
    status, body, _ = world.call("POST", "/v1/tasks/2/outcome", gamma, {"outcome": "closed"})
    assert (status, body["error"]["code"]) == (409, "wrong_outcome")
    assert world.call("POST", "/v1/tasks/2/outcome", gamma, {"outcome": "reopened"})[1]["state"] == "reopened"


def test_listed_again_it_is_checked_again_and_what_was_not_yet_undone_is_left(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    looked_up(world, beta)
    evict(world, alpha)
    world.call("POST", f"/v1/listings/{the_listing()}/withdrawal", alpha, {})
    world.settle()
    evict(world, alpha, reason_text="售假。")
    result = [(entry["kind"], entry["state"]) for entry in tasks_of(world, beta)]
    assert result == [("check", "lifted"), ("undo", "lifted"), ("check", "told")]


def test_a_platform_that_comes_to_know_a_merchant_later_gets_one_task_and_none_when_it_is_over(world: World) -> None:
    from chalicelib.closure_tasks import open_tasks
    from chalicelib.monitoring.platforms_to_alert import Recipient
    from chalicelib.registry.rules import listing as listings

    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    context, recipient = dependencies.closure_tasks(), Recipient("beta", "roster", ("S-1", "S-2"))
    subject = stored_subject()
    change = open_tasks.current_change(wiring.change_log(), subject.listings[the_listing()])
    assert change is not None
    for _ in range(2):
        open_tasks.open_task_for(context, subject, change, recipient, wiring.now())
    (task,) = tasks_of(world, beta)
    assert task["known_by"] == {"by": "roster", "relation": "same_uscc", "merchants": ["S-1", "S-2"]}
    reporter = dataclasses.replace(recipient, platform_id="alpha")
    assert open_tasks.open_task_for(context, subject, change, reporter, wiring.now()) is None, "the reporter knows"
    # It ends while a screening of gamma's still holds the subject as it was: the undo follows at once.
    gamma = world.admit("gamma")
    world.call("POST", f"/v1/listings/{the_listing()}/withdrawal", alpha, {})
    world.settle()
    open_tasks.open_task_for(context, subject, change, Recipient("gamma", "roster"), wiring.now())
    assert [(entry["kind"], entry["state"]) for entry in tasks_of(world, gamma)] == [
        ("check", "lifted"),
        ("undo", "told"),
    ]
    over = stored_subject()
    assert listings.subject_of(the_listing()) == over.subject_id
    assert open_tasks.open_task_for(context, over, change, Recipient("delta", "roster"), wiring.now()) is None


def test_an_overlay_tightens_the_clock_of_what_it_covers(world: World) -> None:
    from chalicelib.closure_tasks import open_tasks

    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    subject = stored_subject()

    def campaign(platform_id: str, kind: str, _subject: Subject, listing: Listing, _now: datetime) -> list[Overlay]:
        covered = kind == "check" and "QC01" in listing.reasons
        return [Overlay(answer_hours=2, why=f"campaign:{platform_id}")] if covered else []

    context = dataclasses.replace(dependencies.closure_tasks(), overlays=campaign)
    change = wiring.change_log().read(0, 1)[0]
    open_tasks.open_task_for(context, subject, change, platforms_to_alert.Recipient("beta", "roster"), wiring.now())
    (task,) = tasks_of(world, beta)
    assert task["clock"] == {"answer_days": 1, "escalate_days": 1, "answer_hours": 2, "why": ["campaign:beta"]}
    assert task["due_at"] < (wiring.now() + timedelta(hours=3)).isoformat()


def test_the_ledger_of_a_listing_shows_everyones_clocks_to_the_regulator_and_a_platform_its_own(world: World) -> None:
    alpha, beta, gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
    bureau = world.admit("bureau", "regulator")
    looked_up(world, beta, gamma)
    evict(world, alpha)
    world.call("POST", "/v1/tasks/1/outcome", beta, {"outcome": "seen"})
    world.call("POST", "/v1/tasks/1/outcome", beta, {"outcome": "kept", "reason": "已整改，电话 13812345678"})
    answer = world.call("GET", f"/v1/ledger/{the_listing()}", bureau)[1]
    assert (answer["open"], [(task["platform_id"], task["state"]) for task in answer["tasks"]]) == (
        1,
        [("beta", "kept"), ("gamma", "told")],
    )
    history = answer["tasks"][0]["history"]
    assert [(event["before"], event["after"]) for event in history] == [
        ("", "told"),
        ("told", "seen"),
        ("seen", "kept"),
    ]
    assert history[-1]["by"].startswith("platform:beta#")
    assert history[-1]["why"] == "已整改，电话 138****5678"
    own = world.call("GET", f"/v1/ledger/{the_listing()}", gamma)[1]
    assert [task["platform_id"] for task in own["tasks"]] == ["gamma"]
    assert world.call("GET", "/v1/ledger/l_uscc-x_0123456789abcdef", bureau)[0] == 404


def test_what_asks_for_nothing_is_read_from_the_changes_complete_and_in_order(world: World) -> None:
    alpha, beta, gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
    looked_up(world, beta)
    evict(world, alpha)
    evict(world, alpha, uscc=uscc(2))
    evict(world, alpha, uscc=uscc(3), reason_text="虚假宣传")
    world.call("POST", f"/v1/listings/{the_listing(2)}/withdrawal", alpha, {})
    world.settle()

    def informed(key: str) -> list[tuple[str, str, str]]:
        seen: list[tuple[str, str, str]] = []
        after = "0"
        while True:
            page = world.call("GET", f"/v1/tasks?kind=informational&limit=1&after={after}", key)[1]
            seen += [(task["task_id"], task["kind"], task["subject"]["uscc"]) for task in page["tasks"]]
            if page["next"] == after:
                return seen
            after = page["next"]

    others = [("i2", "inform", uscc(2)), ("i4", "inform_over", uscc(2))]
    assert informed(gamma) == [("i1", "inform", uscc(1)), *others]
    assert informed(beta) == others, "what it has a task for is no mere information"
    assert informed(alpha) == [], "the reporter knows"
    assert world.call("GET", "/v1/tasks?kind=other", beta)[0] == 400
    assert world.call("GET", "/v1/tasks?state=other", beta)[0] == 400


def test_tasks_are_found_by_their_state_with_a_cursor(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    for number in (1, 2, 3, 4):
        looked_up(world, beta, number=number)
        evict(world, alpha, uscc=uscc(number))
    world.call("POST", "/v1/tasks/2/outcome", beta, {"outcome": "closed"})
    first = world.call("GET", "/v1/tasks?state=told&limit=2", beta)[1]
    assert [task["task_id"] for task in first["tasks"]] == ["1", "3"]
    rest = world.call("GET", f"/v1/tasks?state=told&limit=2&after={first['next']}", beta)[1]
    assert [task["task_id"] for task in rest["tasks"]] == ["4"]
