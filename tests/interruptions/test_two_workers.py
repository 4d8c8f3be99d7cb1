"""Two live workers on the same item: whatever the second one writes between a read and a write of the first, nothing
that either did is lost.
"""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import count_daily_figures, task_outcomes
from chalicelib.closure_tasks.task_log import change_state
from chalicelib.closure_tasks.task_outcomes import Row
from chalicelib.handlers import dependencies
from chalicelib.licences import licence_check_receipts, licence_store
from chalicelib.licences.rules import licence_check, licence_validity
from chalicelib.rosters import roster_run_queue
from chalicelib.storage.item_keys import closure_task_keys, licence_keys, roster_keys, scheduled_job_keys
from chalicelib.storage.lease import LEASE, lease
from chalicelib.values.timestamps import china_date, iso
from tests.interruptions.interruption import overtaken_before, writes_to
from tests.support import builders, licence_issuing, roster_files
from tests.support.builders import listed, uscc
from tests.support.licence_records import COMPANY, licence
from tests.support.moments import NOW
from tests.world import World

BETA = Caller("beta", Role.PLATFORM, "k")


def open_task(world: World) -> str:
    """Beta knows the merchant whom alpha evicted; beta's key."""
    alpha, beta = world.admit("alpha"), world.admit("beta")
    world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "onboarding"})
    roster_files.evict(world, alpha)
    return beta


def answer(outcome: str, reason: str = "") -> dict[str, Any]:
    row = Row(row=1, task_id="1", outcome=outcome, reason=reason)
    return dict(task_outcomes.answer_task(dependencies.closure_tasks(), BETA, row, wiring.now()))


# Steps of tasks


def test_two_answers_to_one_task_are_both_in_its_history(world: World) -> None:
    open_task(world)
    task = writes_to(closure_task_keys.task("beta", 1), "steps")
    with overtaken_before(world, lambda: answer("kept", "已整改"), task):
        seen = answer("closed")
    stored = wiring.task_log("beta").read(0, 1)[0]
    assert [line["after"] for line in stored["history"]] == ["told", "kept", "closed"]
    assert (seen["state"], stored["state"], stored["steps"]) == ("closed", "closed", 3)


def test_a_deadline_that_strikes_while_a_platform_answers_leaves_the_answer(world: World) -> None:
    open_task(world)
    context = dependencies.closure_tasks()
    log = context.tasks_of("beta")
    before = log.get(1)
    assert before is not None
    answer("closed")
    # The clock read the task before the answer came.
    after = change_state(log, before, "overdue", "exchange", iso(wiring.now()))
    assert (after.state, after.outcome, after.steps) == ("closed", "closed", before.steps + 1)
    assert log.get(1) == after


# Licence records


def verified_check(platform: str) -> licence_check.LicenceCheck:
    return licence_issuing.check(
        NOW,
        uscc=COMPANY,
        platform_id=platform,
        state="verified",
        decided_at=iso(NOW),
        decided_on=china_date(NOW),
        facts=licence_validity.facts(licence_issuing.LICENCE).to_item(),
    )


def verify(platform: str) -> None:
    licence_store.update_licence(
        wiring.exchange(), COMPANY, lambda before: licence_validity.after_check(before, verified_check(platform), 6)
    )


def test_two_platforms_that_verify_one_licence_are_both_kept(world: World) -> None:
    wiring.exchange().put(licence())
    record = writes_to(licence_keys.licence(COMPANY), "version")
    with overtaken_before(world, lambda: verify("beta"), record):
        verify("gamma")
    stored = licence_store.find_licence(wiring.exchange(), COMPANY)
    assert stored is not None
    assert {"beta", "gamma"} <= stored.verified_for.keys()
    before = licence_store.find_licence(wiring.exchange(), COMPANY)
    assert before is not None
    assert before.version == stored.version


def test_two_platforms_that_verify_a_licence_first_are_both_kept(world: World) -> None:
    with overtaken_before(world, lambda: verify("beta"), writes_to(licence_keys.licence(COMPANY), "version")):
        verify("gamma")
    stored = licence_store.find_licence(wiring.exchange(), COMPANY)
    assert stored is not None
    assert stored.verified_for.keys() == {"beta", "gamma"}
    assert stored.version == 2


def test_a_revocation_while_a_platform_verifies_stays(world: World) -> None:
    wiring.exchange().put(licence())
    wiring.exchange().put({**verified_check("beta").to_item(), "id": "licence_check#k_1"})

    def revoke() -> None:
        says = {"name": "x", "status": "licence_revoked"}
        wiring.registry().save(builders.registered({"uscc": COMPANY}, says, iso(NOW - timedelta(days=1))))
        world.settle()

    with overtaken_before(world, revoke, writes_to(licence_keys.licence(COMPANY), "version")):
        licence_check_receipts.record_decision(
            wiring.exchange(), wiring.registry(), wiring.verified_licence_log("beta"), verified_check("beta"), 6, NOW
        )
    stored = licence_store.find_licence(wiring.exchange(), COMPANY)
    assert stored is not None
    assert (stored.state, stored.status, "beta" in stored.verified_for) == ("revoked", "licence_revoked", True)


# Daily figures


def test_an_answer_that_comes_while_its_day_is_written_is_counted_next(world: World) -> None:
    open_task(world)
    day = china_date(wiring.now())

    def count() -> int:
        return count_daily_figures.count_marked_days(dependencies.closure_tasks(), wiring.now(), lambda: True)

    def kept_and_closed() -> tuple[int, int]:
        counts = count_daily_figures.read_days(wiring.exchange(), day, day)[0][0].tasks["beta"]["check"]
        return counts.kept, counts.closed

    def is_of_tasks(operation: str, params: Any) -> bool:
        return writes_to(closure_task_keys.figures(day))(operation, params) and "beta" in str(params)

    count()
    answer("kept", "已整改")
    with overtaken_before(world, lambda: answer("closed"), is_of_tasks):
        count()
    assert kept_and_closed() == (1, 0), "as it was when the day was read"
    assert count() > 0
    assert kept_and_closed() == (0, 1)
    assert count() == 0


# Leases


def expired(name: str) -> None:
    wiring.exchange().put({"id": scheduled_job_keys.lease(name), "until": iso(NOW - timedelta(seconds=1))})


def test_a_lease_that_ended_is_taken_by_one_of_two(world: World) -> None:
    expired("x")
    second = lease(wiring.exchange(), "x", NOW + timedelta(seconds=1))
    got: list[bool] = []
    with (
        overtaken_before(world, lambda: got.append(second.__enter__()), writes_to("lease#x", "until", by="UpdateItem")),
        lease(wiring.exchange(), "x", NOW) as ours,
    ):
        got.append(ours)
    assert got == [True, False]
    # The one that lost gives nothing back.
    with lease(wiring.exchange(), "x", NOW + timedelta(seconds=2)) as third:
        assert not third
    second.__exit__(None, None, None)
    with lease(wiring.exchange(), "x", NOW + timedelta(seconds=2)) as third:
        assert third


def test_a_worker_whose_lease_ended_meanwhile_does_not_give_back_that_of_another(world: World) -> None:
    later = NOW + LEASE + timedelta(seconds=1)
    slow, quick = lease(wiring.exchange(), "x", NOW), lease(wiring.exchange(), "x", later)
    assert slow.__enter__()
    with lease(wiring.exchange(), "x", NOW + LEASE) as too_early:
        assert not too_early, "it ends after its last moment"
    assert quick.__enter__()
    slow.__exit__(None, None, None)
    with lease(wiring.exchange(), "x", later) as third:
        assert not third


# Turns of rosters


def sent(world: World, key: str, number: int) -> str:
    """A roster that was split and waits nowhere yet."""
    from chalicelib.rosters.receive_roster import Sending, new_roster, put_new

    roster_id = f"m_{number}"
    roster = new_roster(Sending(platform_id="beta", file_name="", mode="rescreen"), roster_id, wiring.now())
    put_new(wiring.exchange(), roster.replace(split=1, touched="", chunks=0))
    return roster_id


def test_two_rosters_that_come_at_once_both_get_their_turn(world: World) -> None:
    key = world.admit("beta")
    roster_files.done(world, key, f"S1,{uscc(1)},")
    first, second = sent(world, key, 1), sent(world, key, 2)
    context, queue = dependencies.rosters(), roster_keys.roster_state("beta")

    def enqueue(roster_id: str) -> None:
        roster_run_queue.enqueue(context, "beta", roster_id, wiring.now())

    with overtaken_before(world, lambda: enqueue(second), writes_to(queue, "turn", "waiting")):
        enqueue(first)
    after = roster_run_queue.read_queue(wiring.exchange(), "beta")
    assert (after.active, after.waiting) == (second, (first,))
    world.settle()
    done = roster_run_queue.read_queue(wiring.exchange(), "beta")
    assert (done.active, done.waiting, done.current) == ("", (), first)


def test_two_workers_that_begin_the_next_run_begin_one(world: World) -> None:
    key = world.admit("beta")
    roster_files.done(world, key, f"S1,{uscc(1)},")
    first, second = sent(world, key, 1), sent(world, key, 2)
    context, queue = dependencies.rosters(), roster_keys.roster_state("beta")
    before = roster_run_queue.read_queue(wiring.exchange(), "beta")
    waiting = before.replace(waiting=(first, second), turn=before.turn + 1)
    wiring.exchange().put(waiting.to_item())

    def begin_and_complete() -> None:
        """The other begins the first roster, and its only shard is done at once."""
        roster_run_queue.start_next_run(context, "beta", wiring.now())
        world.settle()

    with overtaken_before(world, begin_and_complete, writes_to(queue, "turn", "active")):
        roster_run_queue.start_next_run(context, "beta", wiring.now())
    world.settle()
    after = roster_run_queue.read_queue(wiring.exchange(), "beta")
    assert (after.active, after.waiting, after.current) == ("", (), second)


# Posting lists


def names_under(key: str) -> Any:
    return wiring.registry().candidates((), [key], ()).postings.get(key, {})


@pytest.mark.invented_items
def test_an_older_posting_does_not_replace_a_newer_one_that_came_in_between(world: World) -> None:
    registry = wiring.registry()
    registry.add_postings("uscc:a", 1, {"name#1": {"n": ["一"]}})

    def newer() -> None:
        registry.add_postings("uscc:a", 3, {"name#1": {"n": ["三"]}})

    def replaces(_operation: str, params: Any) -> bool:
        return str(params.get("UpdateExpression")) == "SET #s = :p"

    with overtaken_before(world, newer, replaces):
        registry.add_postings("uscc:a", 2, {"name#1": {"n": ["二"]}})
    assert names_under("name#1") == {"uscc:a": {"v": 3, "n": ["三"]}}


@pytest.mark.invented_items
def test_a_posting_that_was_removed_in_between_is_added_again_and_counted_once(world: World) -> None:
    registry = wiring.registry()
    registry.add_postings("uscc:a", 1, {"name#1": {"n": ["一"]}})

    def replaces(_operation: str, params: Any) -> bool:
        return str(params.get("UpdateExpression")) == "SET #s = :p"

    with overtaken_before(world, lambda: registry.remove_postings("uscc:a", 2, ["name#1"]), replaces):
        registry.add_postings("uscc:a", 3, {"name#1": {"n": ["三"]}})
    assert names_under("name#1") == {"uscc:a": {"v": 3, "n": ["三"]}}
    registry.remove_postings("uscc:a", 4, ["name#1"])
    assert names_under("name#1") == {}


def test_two_saves_of_one_subject_are_both_kept(world: World) -> None:
    registry = wiring.registry()
    first = registry.save(listed("alpha"))
    assert first is not None

    def is_the_subject(operation: str, params: Any) -> bool:
        return operation == "PutItem" and params["Item"].get("subject_id") == {"S": first.subject_id}

    with overtaken_before(world, lambda: registry.save(listed("beta")), is_the_subject):
        registry.save(listed("gamma"))
    stored = registry.subject(first.subject_id)
    assert stored is not None
    assert {entry.source for entry in stored.listings.values()} == {
        f"platform:{name}" for name in ("alpha", "beta", "gamma")
    }
    assert stored.version == 3
