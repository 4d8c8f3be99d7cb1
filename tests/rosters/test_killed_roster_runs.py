"""A run over a roster that is killed after any write, or finds a platform's topic dead, ends as if undisturbed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers.events import scheduled_jobs
from tests.interruptions.interruption import Killed, killed_after
from tests.interruptions.saved_world import SavedWorld
from tests.support.builders import uscc
from tests.support.roster_files import NAME, current, done, evict, monitored, results, send, snapshot, tasks
from tests.world import World, aws_clients

ROWS = (f"S1,{uscc(1)},{NAME}", f"S2,{uscc(2)},杭州云栖谷示例服饰有限公司", "S3,坏码,")


def prepared(world: World) -> str:
    """Somebody is listed, one roster is done, and the next one waits in the bucket."""
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    snapshot(world)
    done(world, beta, f"S8,{uscc(8)},", f"S2,{uscc(9)},")
    send(world, beta, *ROWS)
    send(world, beta, f"增,S4,{uscc(1)},", mode="patch")
    return beta


def end_state(world: World, beta: str) -> dict[str, Any]:
    """What lasts of the two runs."""
    run = current("beta")
    bucket, state = wiring.bucket(), wiring.exchange().get("rosters#beta") or {}
    lines = [json.loads(line) for line in bucket.lines(f"results/beta/{run}/results.jsonl")]
    kept = [key.rpartition("/")[2] for _, key in bucket.written("rosters/") if "incoming" not in key]
    log = wiring.notice_log("beta").read(0, 100)
    return {
        "results": sorted((row["merchant_id"], row["verdict"]) for row in lines),
        "page": results(world, beta, run),
        "monitored": monitored(world, "beta"),
        "tasks": sorted(tasks(world, beta)),
        "state": (state["active"], state["waiting"], state["merchants"]),
        "kept": sorted(kept),
        "notices": sorted(entry["notice"]["kind"] for entry in log),
        "waiting": [key for _, key in bucket.written("rosters/incoming/")],
    }


def run_all(world: World) -> None:
    """Deliver every message, again and again while a function dies, as queues do."""
    for _ in range(8):
        try:
            world.settle()
        except Killed:
            continue
        return
    raise AssertionError("it does not end")


@pytest.fixture(scope="module")
def undisturbed() -> tuple[dict[str, Any], int]:
    from moto import mock_aws

    with mock_aws():
        world = World(aws_clients())
        beta = prepared(world)
        with killed_after(world, 0) as written:
            run_all(world)
        return end_state(world, beta), len(written)


def test_undisturbed_both_rosters_are_done(undisturbed: tuple[dict[str, Any], int]) -> None:
    end, _ = undisturbed
    assert end["page"] == {"S1": "block", "S4": "block"}
    assert end["state"] == ("", [], 3)
    assert end["tasks"] == [("check", uscc(1))]
    assert end["waiting"] == []
    assert {f"uscc:{uscc(n)}" for n in (1, 2)} <= end["monitored"]
    assert f"uscc:{uscc(8)}" not in end["monitored"]
    assert end["notices"].count("roster_done") == 3


def test_a_platform_whose_topic_is_dead_loses_nothing(world: World, undisturbed: tuple[dict[str, Any], int]) -> None:
    beta = prepared(world)
    dead = {"failures": 3}

    def fail(**_: Any) -> None:
        if dead["failures"]:
            dead["failures"] -= 1
            raise Killed("the topic does not answer")

    world.sns.meta.events.register("before-call.sns.Publish", fail, unique_id="dead")
    run_all(world)
    world.sns.meta.events.unregister("before-call.sns.Publish", unique_id="dead")
    assert dead["failures"] == 0
    assert end_state(world, beta) == undisturbed[0]


def test_everything_delivered_twice_changes_nothing(world: World, undisturbed: tuple[dict[str, Any], int]) -> None:
    beta = prepared(world)
    for _ in range(6):
        for function in ("roster_file_arrived", "roster_chunk_arrived"):
            world.deliver_queue(function, keep=True)
            world.deliver_queue(function)
    world.settle()
    assert end_state(world, beta) == undisturbed[0]
    scheduled_jobs.snapshot_due({}, None)
    world.settle()
    assert end_state(world, beta) == undisturbed[0]


@pytest.fixture(scope="module")
def waiting(undisturbed: object) -> Iterator[tuple[str, SavedWorld]]:
    """The exchange on which two rosters wait, and the key of their platform.

    `undisturbed` has a cloud of its own, which has to be over before this one begins.
    """
    from moto import mock_aws

    with mock_aws():
        world = World(aws_clients())
        beta = prepared(world)
        yield beta, SavedWorld(world)


@pytest.mark.long
@pytest.mark.parametrize("half", range(2))
def test_killed_after_each_write_it_ends_the_same(
    waiting: tuple[str, SavedWorld], undisturbed: tuple[dict[str, Any], int], half: int
) -> None:
    beta, saved = waiting
    end, writes = undisturbed
    assert writes > 30
    # Every write, in two halves that run side by side.
    for at in range(1 + half, writes + 1, 2):
        world = saved.restore()
        with killed_after(world, at):
            run_all(world)
        assert end_state(world, beta) == end, f"after write {at}"
