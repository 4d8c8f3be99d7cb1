"""Clocks: overdue in time, reminded once, the regulator told once; whatever dies on the way."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib import wiring
from chalicelib.closure_tasks import open_tasks, task_reminders
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_CLOCKS_UNTIL
from chalicelib.stream import publish_changes
from chalicelib.values.timestamps import iso
from tests.interruptions.interruption import Killed, killed_after
from tests.journeys.test_report_to_withdrawal import SCHEMA
from tests.support.builders import listed, stored_subject, uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}


def always() -> bool:
    return True


def start(world: World, merchants: int = 1) -> dict[str, str]:
    """Beta has looked merchants up, alpha reports them; the bureau looks on."""
    keys = {name: world.admit(name) for name in ("alpha", "beta")}
    keys["bureau"] = world.admit("bureau", "regulator")
    for number in range(1, merchants + 1):
        world.call("POST", "/v1/lookups", keys["beta"], {"uscc": uscc(number), "purpose": "onboarding"})
    rows = [{**EVICTION, "uscc": uscc(number)} for number in range(1, merchants + 1)]
    world.call("POST", "/v1/reports", keys["alpha"], {"evictions": rows})
    world.settle()
    return keys


def done_before(now: datetime) -> None:
    """As if the clocks had last been run an hour before."""
    wiring.exchange().put({"id": TASK_CLOCKS_UNTIL, "hour": iso(now - timedelta(hours=1))[:13]})


def due(world: World, key: str, number: int = 0) -> datetime:
    return datetime.fromisoformat(world.call("GET", "/v1/tasks", key)[1]["tasks"][number]["due_at"])


def run(now: datetime) -> int:
    return task_reminders.send_due_reminders(dependencies.closure_tasks(), now, always).tasks


def test_a_task_is_overdue_at_its_hour_reminded_once_and_then_told_to_the_regulator_once(world: World) -> None:
    keys = start(world)
    ears = {name: world.listen(wiring.topics().platform_arn(name)) for name in ("beta", "bureau")}
    at = due(world, keys["beta"])
    assert run(at - timedelta(minutes=1)) == 0
    assert run(at) == 1
    (reminder,) = world.heard(ears["beta"])
    assert (reminder["kind"], reminder["task"]["state"]) == ("task_overdue", "overdue")
    assert run(at + timedelta(hours=3)) == 0
    assert world.heard(ears["bureau"]) == []
    task = wiring.task_log("beta").read(0, 1)[0]
    then = datetime.fromisoformat(task["escalates_at"])
    assert then > at
    assert run(then + timedelta(minutes=4)) == 1
    assert run(then + timedelta(days=2)) == 0
    (result,) = world.heard(ears["bureau"])
    assert (result["kind"], result["platform_id"], result["task"]["state"]) == ("task_unanswered", "beta", "overdue")
    assert world.heard(ears["beta"]) == []
    for notice in (reminder, result):
        Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(notice)
    # An answer that comes late is an answer all the same.
    answered = world.call("POST", "/v1/tasks/1/outcome", keys["beta"], {"outcome": "closed"})[1]
    assert answered["state"] == "closed"
    assert answered["regulator_told_at"]


def test_who_answers_in_time_hears_nothing_more(world: World) -> None:
    keys = start(world)
    at = due(world, keys["beta"])
    world.call("POST", "/v1/tasks/1/outcome", keys["beta"], {"outcome": "not_present"})
    assert run(at + timedelta(days=4)) == 0
    assert len(wiring.notice_log("beta").read(0, 9)) == 1, "the opening, and no reminder"


def test_who_answers_after_the_reminder_is_not_told_to_the_regulator(world: World) -> None:
    keys = start(world)
    at = due(world, keys["beta"])
    assert run(at) == 1
    world.call("POST", "/v1/tasks/1/outcome", keys["beta"], {"outcome": "kept", "reason": "已整改"})
    assert run(at + timedelta(days=4)) == 0
    kinds = [entry["notice"]["kind"] for entry in wiring.notice_log("bureau").read(0, 9)]
    assert "task_unanswered" not in kinds


def test_an_estimated_clock_grants_what_the_calendar_turns_out_to_grant_and_never_less(world: World) -> None:
    keys = start(world)
    feed = wiring.task_log("beta")
    at = due(world, keys["beta"])
    early = at - timedelta(days=1)
    feed.set_fields(1, {"due_at": iso(early), "calendar": "estimated"})
    task_reminders.schedule_reminder(wiring.exchange(), f"beta#{1:012d}", iso(early), early - timedelta(days=1))
    assert run(early) == 0
    assert (feed.read(0, 1)[0]["due_at"], feed.read(0, 1)[0]["calendar"]) == (iso(at), "known")
    # As if it had been estimated too late: what was promised stands.
    late = at + timedelta(days=1)
    feed.set_fields(1, {"due_at": iso(late), "calendar": "estimated"})
    task_reminders.schedule_reminder(wiring.exchange(), f"beta#{1:012d}", iso(late), at)
    assert run(at) == 0
    assert run(late) == 1


def test_while_a_dispute_is_open_no_clock_strikes_and_afterwards_it_starts_afresh(world: World) -> None:
    keys = start(world)
    at = due(world, keys["beta"])
    subject = stored_subject()
    change = wiring.change_log().read(0, 1)[0]
    disputed = change.replace(kind="disputed", listing=change.listing.replace(disputed=True))
    open_tasks.follow_change(dependencies.closure_tasks(), subject, disputed, wiring.now())
    assert world.call("GET", "/v1/tasks", keys["beta"])[1]["tasks"][0]["paused_at"]
    assert run(at) == 0
    later = at + timedelta(days=2)
    open_tasks.follow_change(dependencies.closure_tasks(), subject, change.replace(kind="dispute_closed"), later)
    assert run(later) == 0
    again = due(world, keys["beta"])
    assert again > later
    assert run(again) == 1


def test_out_of_time_it_goes_on_where_it_was(world: World) -> None:
    keys = start(world, 3)
    at = due(world, keys["beta"])
    assert task_reminders.send_due_reminders(dependencies.closure_tasks(), at, lambda: False).done_until < iso(at)
    run(at)
    assert [entry["state"] for entry in wiring.task_log("beta").read(0, 9)] == ["overdue"] * 3
    assert len(wiring.notice_log("beta").read(0, 99)) == 6


def end_state(world: World, ears: dict[str, str]) -> dict[str, Any]:
    result = ("state", "steps", "outcome")
    tasks = [{field: entry.get(field) for field in result} for entry in wiring.task_log("beta").read(0, 9)]
    heard = {name: sorted({notice["notice_id"] for notice in world.heard(ear)}) for name, ear in ears.items()}
    feeds = {name: len(wiring.notice_log(name).read(0, 99)) for name in ears}
    marks = [("reminded_at" in entry, "regulator_told_at" in entry) for entry in wiring.task_log("beta").read(0, 9)]
    return {"tasks": tasks, "heard": heard, "feeds": feeds, "marks": marks}


@pytest.mark.long
@pytest.mark.parametrize("second", [False, True], ids=["reminder", "regulator"])
def test_killed_after_each_write_and_run_again_everyone_is_told_once(clients: dict[str, Any], second: bool) -> None:
    from moto import mock_aws

    def play(kill: int) -> tuple[dict[str, Any], int]:
        with mock_aws():
            world = World(clients)
            for name, role in (("beta", "platform"), ("bureau", "regulator")):
                world.admit(name, role)
            lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(1)}", "beta", wiring.now())
            subject = wiring.registry().save(listed("alpha"))
            assert subject is not None
            publish_changes.publish_changes(dependencies.closure_tasks(), [(None, subject)], wiring.now())
            ears = {name: world.listen(wiring.topics().platform_arn(name)) for name in ("beta", "bureau")}
            now = datetime.fromisoformat(wiring.task_log("beta").read(0, 1)[0]["due_at"])
            done_before(now)
            if second:
                run(now)
                now = datetime.fromisoformat(wiring.task_log("beta").read(0, 1)[0]["escalates_at"])
                done_before(now)
            with killed_after(world, kill) as writes:
                if kill:
                    with pytest.raises(Killed):
                        run(now)
                else:
                    run(now)
            run(now)
            return end_state(world, ears), len(writes)

    end, writes = play(0)
    assert end["marks"] == [(True, second)]
    for kill in range(1, writes + 1):
        assert play(kill)[0] == end, f"after write {kill}"
