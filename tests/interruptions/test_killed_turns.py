"""Killed after any of its writes, a worker of files that take turns loses no file and holds nobody up."""

import dataclasses
import json

import pytest

from chalicelib import wiring
from chalicelib.accounts import file_turns
from chalicelib.accounts.file_turns import PIECES_AT_ONCE, REPORTS
from chalicelib.handlers import dependencies
from chalicelib.handlers.events import queues
from chalicelib.reports import split_report
from tests.handlers.events.test_arrived_files import bodies, empty, file_in, key_of, sent, state
from tests.interruptions.interruption import process_killed_after
from tests.recorded.state import stopped_at
from tests.world import World

AT = "2026-11-20T12:10:00+00:00"


@pytest.mark.parametrize("kill", [1, 2, 3])
@pytest.mark.parametrize("waits_for", ["its turn", "rows"])
def test_a_file_that_waits_is_not_lost(world: World, waits_for: str, kill: int) -> None:
    with stopped_at(AT) as clock:
        alpha, operator = world.admit("alpha"), world.admit("office", "operator")
        if waits_for == "rows":
            world.call("PUT", "/v1/platforms/alpha/limits", operator, {"rows_per_hour": 1})
            sent(world, alpha, 1)
            world.settle()
        report_id = sent(world, alpha, 2)
        [message] = bodies(world, "report_file_arrived")
        if waits_for == "its turn":
            for holder in ("r_1", "r_2"):
                file_turns.take_turn(wiring.exchange(), REPORTS, "alpha", key_of(holder), wiring.now())
        with process_killed_after(world, kill) as written:
            queues.report_file_arrived(json.dumps(message), 1)
        assert state(world, alpha, report_id)["status"] == "received"
        # Where it was killed the bucket's message comes again; else it was deleted.
        if len(written) < kill:
            empty(world, "report_file_arrived")
        clock.move(3_600)
        world.settle()
        assert state(world, alpha, report_id)["status"] == "done"
        assert not world.waiting("report_file_arrived")
        holders = (wiring.exchange().get("turns#reports#alpha") or {})["holders"]
        assert report_id not in holders


@pytest.mark.long
@pytest.mark.parametrize("from_the_end", [1, 2, 3, 4])
def test_the_chunk_that_waits_for_one_whose_worker_dies_is_saved(world: World, from_the_end: int) -> None:
    alpha = world.admit("alpha")
    context = dataclasses.replace(dependencies.reports(), chunk_rows=1)
    written: list[str] = []
    for attempt in (0, 1):
        report_id = sent(world, alpha, attempt, rows=PIECES_AT_ONCE + 1)
        [message] = bodies(world, "report_file_arrived")
        split_report.split_file(context, file_in(message).key, wiring.now())
        empty(world, "report_file_arrived")
        chunk = json.dumps({"report_id": report_id, "chunk": 1})
        kill = len(written) - from_the_end + 1 if attempt else 0
        with process_killed_after(world, kill) as written:
            queues.report_chunk_arrived(chunk, 1)
        assert "SendMessageBatch" in written[-2:] or attempt
        world.settle()
        done = state(world, alpha, report_id)
        assert (done["status"], done["accepted"]) == ("done", PIECES_AT_ONCE + 1)
