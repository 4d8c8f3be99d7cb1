"""What gathers with traffic stops at its bound, and what was counted or named before stays right."""

import pytest

from chalicelib import wiring
from chalicelib.accounts import admit_platform
from chalicelib.closure_tasks import task_log
from chalicelib.closure_tasks.rules.task import TaskStep
from chalicelib.closure_tasks.rules.task_transitions import MOST_STEPS, take_step
from chalicelib.errors import Conflict
from chalicelib.monitoring import roster_index
from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.storage.item_keys import account_keys, closure_task_keys, lookup_keys
from chalicelib.verdicts import update_reporter_trust
from tests.closure_tasks.test_task_transitions import made
from tests.support.builders import uscc
from tests.world import World

pytestmark = pytest.mark.invented_items


def test_an_index_of_rosters_names_so_many_merchants_and_then_only_that_there_are_more(world: World) -> None:
    exchange, most = wiring.exchange(), roster_index.MOST_OF_ALL
    roster_index.MOST_OF_ALL = 5  # type: ignore[misc]
    try:
        for platform in ("alpha", "beta", "gamma"):
            merchants = {f"M-{number}": Merchant(id=f"M-{number}", uscc=uscc(1)) for number in range(2)}
            for _ in range(2):
                assert roster_index.index_merchants(exchange, platform, {}, merchants) == []
    finally:
        roster_index.MOST_OF_ALL = most  # type: ignore[misc]
    item = exchange.get(lookup_keys.roster_index(f"uscc:{uscc(1)}")) or {}
    assert item["n"] == 5
    assert sum(len(item.get(f"on:{platform}", ())) for platform in ("alpha", "beta", "gamma")) == 5
    assert item["more:on:gamma"] is True
    removed = {"M-0": Merchant(id="M-0", uscc=uscc(1))}
    for _ in range(2):
        roster_index.index_merchants(exchange, "alpha", removed, {})
    assert (exchange.get(lookup_keys.roster_index(f"uscc:{uscc(1)}")) or {})["n"] == 4
    assert world


def test_decided_disputes_go_on_in_a_further_item_and_each_counts_once(world: World) -> None:
    exchange, most = wiring.exchange(), update_reporter_trust.MOST_MARKS
    update_reporter_trust.MOST_MARKS = 3
    try:
        for _ in range(2):
            for number in range(8):
                update_reporter_trust.count_outcome(exchange, "alpha", "upheld", f"d_{number}")
            update_reporter_trust.count_outcome(exchange, "alpha", "voided", "d_9")
        counters = update_reporter_trust.get_trust(exchange, "alpha")
        assert (counters.upheld, counters.voided, counters.decided) == (8, 1, 9)
        assert [len((exchange.get(f"trust#alpha{part}") or {})["marks"]) for part in ("", "#01", "#02")] == [3, 3, 3]
    finally:
        update_reporter_trust.MOST_MARKS = most
    assert world


def test_the_index_of_a_listings_tasks_keeps_the_newest_of_each_platform(world: World) -> None:
    exchange, key = wiring.exchange(), closure_task_keys.tasks_of_listing("l_uscc-1_2")
    many = {f"alpha#{number:012}" for number in range(1, task_log.MOST_NAMES + 1)}
    exchange.add_to_set(key, "tasks", many | {"beta#000000000001"})
    task_log.index_task(exchange, "l_uscc-1_2", "alpha#000000009999")
    assert (exchange.get(key) or {})["tasks"] == ["alpha#000000004000", "alpha#000000009999", "beta#000000000001"]
    assert world


def test_a_task_keeps_its_first_step_and_the_newest(world: World) -> None:
    moved = made()
    for number in range(100):
        moved = take_step(moved, "kept", "platform:beta", f"2026-03-01T{number:05}", f"理由{number}") or moved
    assert len(moved.history) == MOST_STEPS + 1
    assert moved.steps == 101
    assert isinstance(moved.history[0], TaskStep)
    assert moved.history[0].after == "told"
    assert moved.history[-1].why == "理由99"
    assert world


def test_there_are_only_so_many_participants(world: World) -> None:
    wiring.exchange().add_to_set(account_keys.PLATFORMS, "members", {f"p-{number}" for number in range(1_000)})
    with pytest.raises(Conflict, match="too_many_participants"):
        world.admit("one-more")
    assert admit_platform.MOST_PARTICIPANTS == 1_000
