"""Rosters sent again, forms used again, and rosters that make the worker fail."""

import json
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers.events.last_try import MOST_TRIES
from chalicelib.storage.item_keys import roster_keys
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import Killed, killed_after
from tests.support.builders import uscc
from tests.support.roster_files import HEADER, done, monitored, send, status
from tests.world import World, sqs_event

BUCKET = ENVIRONMENT["FILES_BUCKET"]
BAD = "甲,乙"


def ask_form(world: World, key: str) -> dict[str, Any]:
    return dict(world.call("POST", "/v1/rosters/uploads?mode=full", key, {"file_name": "r.csv"})[1])


def post(world: World, form: dict[str, Any], *rows: str, header: str = HEADER) -> None:
    world.s3.put_object(Bucket=BUCKET, Key=form["upload"]["fields"]["key"], Body="\n".join((header, *rows)).encode())


def notices(world: World, key: str) -> list[tuple[str, str]]:
    page = world.call("GET", "/v1/notices", key)[1]["notices"]
    return [(entry["notice"]["kind"], entry["notice"]["roster"]["roster_id"]) for entry in page]


def codes(world: World) -> list[str]:
    """The codes of the merchants on the roster."""
    return [entry[5:] for entry in monitored(world, "beta") if entry.startswith("uscc:")]


def rosters(world: World) -> list[str]:
    items = world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
    return [item["id"]["S"] for item in items if item["id"]["S"].startswith("roster#")]


@pytest.mark.parametrize("header", [BAD, HEADER], ids=["refused", "done"])
def test_a_form_that_is_used_again_after_the_end_makes_a_roster_that_the_first_names(world: World, header: str) -> None:
    beta = world.admit("beta")
    form = ask_form(world, beta)
    post(world, form, f"S1,{uscc(1)},", header=header)
    world.settle()
    ended = status(world, beta, form)
    assert ended["status"] == ("refused" if header == BAD else "done")
    post(world, form, f"S2,{uscc(2)},")
    world.settle()
    after = status(world, beta, form)
    other = after.pop("followed_by")
    assert after == ended
    assert status(world, beta, {"roster_id": other})["counts"]["merchants"] == 1
    assert codes(world) == [uscc(2)]
    assert [roster for _, roster in notices(world, beta)] == [form["roster_id"], other]
    assert not world.s3.list_object_versions(Bucket=BUCKET, Prefix="rosters/incoming/").get("Versions")


def test_a_roster_that_was_refused_is_a_new_one_when_it_is_sent_again(world: World) -> None:
    beta = world.admit("beta")
    sent = [done(world, beta, "1,2", header=BAD)["roster_id"] for _ in range(2)]
    assert len(set(sent)) == 2
    assert notices(world, beta) == [("roster_refused", roster_id) for roster_id in sent]


def test_a_roster_sent_again_after_one_under_a_key_or_by_a_form_replaces_that(world: World) -> None:
    beta = world.admit("beta")
    first = done(world, beta, f"S1,{uscc(1)},")["roster_id"]
    assert done(world, beta, f"S1,{uscc(1)},")["roster_id"] == first, "nothing came between"
    done(world, beta, f"S2,{uscc(2)},", idempotency_key="k")
    second = done(world, beta, f"S1,{uscc(1)},")
    assert (second["roster_id"] != first, second["counts"]["added"]) == (True, 1)
    form = ask_form(world, beta)
    post(world, form, f"S3,{uscc(3)},")
    world.settle()
    third = done(world, beta, f"S1,{uscc(1)},")
    assert (third["roster_id"] != second["roster_id"], third["counts"]["added"]) == (True, 1)


def test_a_roster_sent_again_after_a_call_took_a_merchant_off_brings_it_back(world: World) -> None:
    beta = world.admit("beta")
    first = done(world, beta, f"S1,{uscc(1)},")["roster_id"]
    news = wiring.exchange().get(roster_keys.roster_news("beta")) or {}
    wiring.exchange().put({**news, "enrolled_at": "2999-01-01T00:00:00.000Z"})
    assert done(world, beta, f"S1,{uscc(1)},")["roster_id"] != first


@pytest.mark.long
@pytest.mark.parametrize("header", [BAD, HEADER], ids=["refused", "done"])
def test_killed_after_each_write_a_form_used_again_ends_as_one_more_roster(
    clients: dict[str, Any], header: str
) -> None:
    from moto import mock_aws

    writes = 1
    while True:
        with mock_aws():
            world = World(clients)
            beta = world.admit("beta")
            form = ask_form(world, beta)
            post(world, form, f"S1,{uscc(1)},", header=header)
            killed = False
            with killed_after(world, writes):
                try:
                    world.settle()
                except Killed:
                    killed = True
            world.settle()
            post(world, form, f"S2,{uscc(2)},")
            with killed_after(world, writes):
                try:
                    world.settle()
                except Killed:
                    killed = True
            for _ in range(3):
                world.settle()
            states = sorted((wiring.exchange().get(item) or {})["status"] for item in rosters(world))
            assert states == sorted(["done", "refused" if header == BAD else "done"]), f"after write {writes}"
            assert codes(world) == [uscc(2)]
            assert len(notices(world, beta)) == 2
            assert not world.s3.list_object_versions(Bucket=BUCKET, Prefix="rosters/incoming/").get("Versions")
            world.close(declared=False)
        if not killed:
            break
        writes += 1
    assert writes > 8


def test_a_shard_that_always_fails_ends_its_roster_and_lets_the_next_one_run(world: World) -> None:
    import app

    beta = world.admit("beta")
    done(world, beta, f"S1,{uscc(1)},")
    bad = send(world, beta, f"S2,{uscc(2)},")
    world.deliver_queue("roster_file_arrived")
    (message,) = world.waiting("roster_chunk_arrived")
    rows = next(key for _, key in wiring.bucket().written("chunks/"))
    wiring.bucket().put(rows, b"\xff")
    send(world, beta, f"S3,{uscc(3)},")
    world.deliver_queue("roster_file_arrived")
    for count in range(1, MOST_TRIES + 1):
        with pytest.raises(UnicodeDecodeError):
            app.roster_chunk_arrived(sqs_event(message["Body"], count), None)
    world.sqs.purge_queue(QueueUrl=world._queues["roster_chunk_arrived"])
    refused = status(world, beta, bad)
    assert (refused["status"], refused["refused"]["code"]) == ("refused", "processing_failed")
    queue = wiring.exchange().get(roster_keys.roster_state("beta")) or {}
    assert (queue["active"] != bad["roster_id"], queue["waiting"]) == (True, [])
    app.roster_chunk_arrived(sqs_event(json.dumps({"roster_id": queue["active"], "shard": 0})), None)
    assert status(world, beta, {"roster_id": queue["active"]})["status"] == "done"
    assert codes(world) == [uscc(3)]
    assert [kind for kind, _ in notices(world, beta)] == ["roster_done", "roster_refused", "roster_done"]


def test_a_roster_file_that_makes_the_worker_fail_at_every_try_is_refused(world: World) -> None:
    import app

    beta = world.admit("beta")
    sent = send(world, beta, f"S1,{uscc(1)},")
    bodies = [message["Body"] for message in world.waiting("roster_file_arrived") if "Records" in message["Body"]]

    def fail(**_: Any) -> None:
        raise ValueError("the worker has a fault")

    world.s3.meta.events.register("before-call.s3.PutObject", fail, unique_id="fail")
    try:
        for count in range(1, MOST_TRIES + 1):
            with pytest.raises(ValueError, match="fault"):
                app.roster_file_arrived(sqs_event(bodies[0], count), None)
    finally:
        world.s3.meta.events.unregister("before-call.s3.PutObject", unique_id="fail")
    assert status(world, beta, sent)["refused"]["code"] == "processing_failed"
    assert notices(world, beta) == [("roster_refused", sent["roster_id"])]
