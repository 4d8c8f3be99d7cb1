"""Killed after any write and delivered again, the exchange ends as if nothing had happened."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index
from chalicelib.reports import read_report, receive_report, save_report_rows, split_report
from chalicelib.reports.rules.report import Submission
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import killed_after, process_killed_after, timeless
from tests.interruptions.saved_world import SavedWorld
from tests.support.builders import uscc
from tests.world import World, aws_clients


def end_state(world: World, ear: str) -> dict[str, Any]:
    """Everything that lasts, without times, and without which change got which number: threads decide that."""
    from chalicelib.storage.dynamodb_values import from_item

    tables: dict[str, Any] = {}
    numbers: dict[str, list[int]] = {"change": [], "corroboration": [], "restricted": []}
    for name in ("SUBJECTS_TABLE", "KEYS_TABLE", "EXCHANGE_TABLE"):
        items = [timeless(from_item(item)) for item in world.dynamodb.scan(TableName=ENVIRONMENT[name])["Items"]]
        # The head is a hint, at or before the end of the feed; the next entry finds the end by itself.
        items = [item for item in items if not str(item.get("id")).startswith("head#")]
        # A mark is a fresh token each time; which days are marked is the same.
        marks = ("stale#", "open-task-days:")
        items = [dict.fromkeys(item) | {"id": item["id"]} if str(item.get("id")).startswith(marks) else item
                 for item in items]  # fmt: skip
        for item in items:
            kind = str(item.get("id")).partition("#")[0]
            if kind in numbers:
                numbers[kind].append(item.pop("number"))
                item["id"] = kind
            elif str(item.get("id")).startswith("task:"):
                del item["change"]
            elif str(item.get("id")).startswith("notice:"):
                item["notice"].get("task", {}).pop("change", None)
            elif kind in ("numbered", "corroborated"):
                del item["number"]
        tables[name] = sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    for taken in numbers.values():
        assert sorted(taken) == list(range(1, len(taken) + 1)), "no gap and no double"
    listed = world.s3.list_object_versions(Bucket=ENVIRONMENT["FILES_BUCKET"]).get("Versions", [])
    objects = sorted({version["Key"] for version in listed})
    # A notice may come twice, but never with two ids.
    notices = {(notice["notice_id"], notice["kind"], notice["listing"]["listing_id"]) for notice in world.heard(ear)}
    return {**tables, "objects": objects, "notices": sorted(notices)}


def evictions() -> bytes:
    rows = [
        {
            "uscc": uscc(number),
            # A name is filed under many keys: of them all, not of every merchant.
            **({"name": f"苏州樾野{number}商贸有限公司"} if number == 1 else {}),
            "evicted_on": "2026-01-02",
            "reason_text": reason,
            "evidence_level": "E2",
        }
        for number, reason in ((1, "哄抬防疫物资价格"), (1, "刷单炒信"), (2, "售假"), (3, ""), (4, "售假"))
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def start(world: World) -> tuple[str, str]:
    """One report received, whose file waits; its key and an ear on the closures topic."""
    wiring.topics().open_platform("alpha", "")
    wiring.topics().open_platform("beta", "")
    # Whoever asked is told by a task of its own.
    lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(2)}", "beta", wiring.now())
    ear = world.listen(wiring.settings().closures_topic_arn)
    submission = Submission(platform_id="alpha", file_name="a.jsonl")
    stores = receive_report.Stores(wiring.exchange(), wiring.bucket(), wiring.registry())
    received = receive_report.receive_report(stores, submission, evictions(), wiring.now())
    return read_report.find_report(wiring.exchange(), received["report_id"]).key, ear


def take_file(key: str) -> None:
    context = dataclasses.replace(dependencies.reports(), chunk_rows=2)
    split_report.split_file(context, key, wiring.now())


def take_chunks(world: World) -> None:
    """Every chunk that the queue was told of; the queue forgets a message only when its work is done."""
    for message in world.waiting("report_chunk_arrived"):
        result = json.loads(message["Body"])
        save_report_rows.save_chunk(
            dependencies.reports(), wiring.registry(), result["report_id"], result["chunk"], wiring.now()
        )


def run(world: World, key: str) -> list[Callable[[], Any]]:
    """The steps from file to notice, each of which Lambda would run again if it died."""
    import app

    def stream(function: str) -> Callable[[], Any]:
        return lambda: getattr(app, function)({"Records": world.stream_records()}, None)

    return [
        lambda: take_file(key),
        lambda: take_chunks(world),
        stream("subject_indexed"),
        stream("subject_announced"),
    ]


@pytest.fixture(scope="module")
def undisturbed() -> tuple[dict[str, Any], list[int]]:
    """How it ends when nothing dies, and how many writes each step makes."""
    from moto import mock_aws

    with mock_aws():
        world = World(aws_clients())
        key, ear = start(world)
        counts = []
        for step in run(world, key):
            with killed_after(world, 0) as done:
                step()
            counts.append(len(done))
        return end_state(world, ear), counts


def test_undisturbed_it_ends_with_everything_done(undisturbed: tuple[dict[str, Any], list[int]]) -> None:
    end, counts = undisturbed
    report = next(item for item in end["EXCHANGE_TABLE"] if item["id"].startswith("report#"))
    assert (report["status"], report["accepted"], report["rejected"], report["chunks"]) == ("done", 4, 1, 2)
    assert len(end["SUBJECTS_TABLE"]) == 3
    assert len(end["notices"]) == 4
    assert sum(item["id"].startswith("task:beta#") for item in end["EXCHANGE_TABLE"]) == 1
    assert {name.split("/")[0] for name in end["objects"]} == {"results"}, "nothing personal is left behind"
    assert all(counts)


def test_everything_delivered_twice_changes_nothing(
    world: World, undisturbed: tuple[dict[str, Any], list[int]]
) -> None:
    key, ear = start(world)
    for step in run(world, key):
        step()
        step()
    assert end_state(world, ear) == undisturbed[0]


@pytest.fixture(scope="module")
def before_step(undisturbed: object) -> Iterator[list[tuple[World, str, str, SavedWorld]]]:
    """The exchange as it is before each step, the key of the file, and the ear.

    `undisturbed` has a cloud of its own, which has to be over before this one begins.
    """
    from moto import mock_aws

    with mock_aws():
        world = World(aws_clients())
        key, ear = start(world)
        saved = []
        for step in run(world, key):
            saved.append((world, key, ear, SavedWorld(world)))
            step()
        yield saved


@pytest.mark.long
@pytest.mark.parametrize("step", range(4), ids=["file", "chunks", "indexed", "announced"])
def test_killed_after_each_write_and_delivered_again_it_ends_the_same(
    before_step: list[tuple[World, str, str, SavedWorld]], undisturbed: tuple[dict[str, Any], list[int]], step: int
) -> None:
    end, counts = undisturbed
    world, key, ear, saved = before_step[step]
    for writes in range(1, counts[step] + 1):
        saved.restore()
        steps = run(world, key)
        with process_killed_after(world, writes) as done:
            steps[step]()
        # Rows are saved by two threads: the other may be in the middle of a write, which then takes effect as well.
        assert len(done) >= writes
        for again in steps[step:]:
            again()
        got = end_state(world, ear)
        for part in end:
            assert got[part] == end[part], f"{part} after write {writes}"
