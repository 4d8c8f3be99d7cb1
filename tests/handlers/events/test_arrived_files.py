"""Files in their queue: each platform's in its turn, what waits comes again, and nothing is lost."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts import file_turns
from chalicelib.accounts.file_turns import AT_ONCE, PIECES_AT_ONCE, REPORTS, ROSTERS
from chalicelib.handlers import dependencies
from chalicelib.handlers.events import queues
from chalicelib.handlers.events.arrived_files import LONGEST_WAIT, ArrivedFile, arrived_files
from chalicelib.handlers.events.last_try import MOST_TRIES
from chalicelib.reports import save_report_rows, split_report
from chalicelib.values.timestamps import iso
from tests.recorded.state import stopped_at
from tests.support.builders import uscc
from tests.world import World

NOON = "2026-11-20T12:10:00+00:00"
CSV = {"Content_Type": "text/csv"}


def table(rows: int, first: int = 1) -> bytes:
    lines = [f"{uscc(first + number)},2026-11-01,售假" for number in range(rows)]
    return "\n".join(["统一社会信用代码,清退日期,清退原因", *lines, ""]).encode()


def sent(world: World, key: str, number: int, rows: int = 1, name: str = "a.csv") -> str:
    body = table(rows, 100 * number)
    return str(world.call("POST", "/v1/reports/files", key, body, X_File_Name=name, **CSV)[1]["report_id"])


def state(world: World, key: str, report_id: str) -> dict[str, Any]:
    return dict(world.call("GET", f"/v1/reports/{report_id}", key)[1])


def bodies(world: World, function: str) -> list[dict[str, Any]]:
    """What waits for a function, but for what the bucket sends when its notification is set up."""
    messages = [json.loads(message["Body"]) for message in world.waiting(function)]
    return [message for message in messages if "Event" not in message]


def empty(world: World, function: str) -> None:
    """Delete what may be received now, ten messages at most."""
    for message in world.waiting(function):
        world.sqs.delete_message(QueueUrl=world._queues[function], ReceiptHandle=message["ReceiptHandle"])


def key_of(file_id: str) -> str:
    return f"reports/alpha/{file_id}/a.csv"


def turn_ended(world: World, kind: str, function: str, holder: str) -> None:
    """A file is done: the one that has waited longest is handed its turn, and brought."""
    for message in file_turns.end_turn(wiring.exchange(), kind, "alpha", holder, wiring.now()):
        world.sqs.send_message(QueueUrl=world._queues[function], MessageBody=json.dumps(message))


def file_in(message: dict[str, Any]) -> ArrivedFile:
    [file] = arrived_files(REPORTS, json.dumps(message), wiring.now())
    return file


def test_the_third_file_of_a_platform_waits_and_another_platform_s_does_not(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    own = [sent(world, alpha, number) for number in (1, 2, 3)]
    other = sent(world, beta, 4)
    world.deliver_queue("report_file_arrived")
    split = {report_id: state(world, alpha, report_id)["status"] for report_id in own}
    assert sorted(split.values()) == ["processing", "processing", "received"]
    assert state(world, beta, other)["status"] == "processing"
    assert len(world.waiting("report_chunk_arrived")) == AT_ONCE[REPORTS] + 1
    assert not world.waiting("report_file_arrived"), "the third is sent for later"
    world.settle()
    assert {state(world, alpha, report_id)["status"] for report_id in own} == {"done"}


def test_the_second_roster_of_a_platform_waits_while_the_first_is_split(world: World) -> None:
    alpha = world.admit("alpha")
    assert file_turns.take_turn(wiring.exchange(), ROSTERS, "alpha", key_of("m_0"), wiring.now())
    body = "商家ID,主体名称\n1,示例\n".encode()
    sent_as = {"X_File_Name": "a.csv", **CSV}
    roster_id = world.call("POST", "/v1/rosters/files", alpha, body, **sent_as)[1]["roster_id"]
    world.deliver_queue("roster_file_arrived")
    assert world.call("GET", f"/v1/rosters/{roster_id}", alpha)[1]["status"] == "received"
    turn_ended(world, ROSTERS, "roster_file_arrived", "m_0")
    world.settle()
    assert world.call("GET", f"/v1/rosters/{roster_id}", alpha)[1]["status"] == "done"
    item = wiring.exchange().get("turns#rosters#alpha") or {}
    assert (item["holders"], item["waiting"]) == ({}, []), "it gave its turn back"


def test_few_chunks_of_a_report_are_in_the_queue_at_a_time(world: World) -> None:
    alpha = world.admit("alpha")
    report_id = sent(world, alpha, 1, rows=23)
    context = dataclasses.replace(dependencies.reports(), chunk_rows=1)
    [message] = bodies(world, "report_file_arrived")
    split_report.split_file(context, file_in(message).key, wiring.now())
    most = 0
    for _ in range(23):
        messages = world.sqs.receive_message(
            QueueUrl=world._queues["report_chunk_arrived"], MaxNumberOfMessages=10, VisibilityTimeout=0
        )["Messages"]
        depth = world.sqs.get_queue_attributes(
            QueueUrl=world._queues["report_chunk_arrived"], AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]["ApproximateNumberOfMessages"]
        most = max(most, int(depth))
        chunk = json.loads(messages[0]["Body"])["chunk"]
        save_report_rows.save_chunk(context, wiring.registry(), report_id, chunk, wiring.now())
        world.sqs.delete_message(
            QueueUrl=world._queues["report_chunk_arrived"], ReceiptHandle=messages[0]["ReceiptHandle"]
        )
    assert most == PIECES_AT_ONCE
    assert state(world, alpha, report_id) | {"status": "done", "accepted": 23} == state(world, alpha, report_id)
    assert not world.waiting("report_chunk_arrived")


def test_a_chunk_that_fails_holds_up_none_of_the_others(world: World) -> None:
    alpha = world.admit("alpha")
    report_id = sent(world, alpha, 1, rows=12)
    context = dataclasses.replace(dependencies.reports(), chunk_rows=1)
    [message] = bodies(world, "report_file_arrived")
    split_report.split_file(context, file_in(message).key, wiring.now())
    world.s3.delete_object(Bucket=wiring.settings().files_bucket, Key=f"chunks/{report_id}/000001.jsonl")
    with pytest.raises(LookupError):
        queues.report_chunk_arrived(json.dumps({"report_id": report_id, "chunk": 1}), 1)
    empty(world, "report_chunk_arrived")
    assert [message["chunk"] for message in bodies(world, "report_chunk_arrived")] == [11]


def test_a_file_waits_while_the_rows_of_its_platform_are_used_up_and_is_read_in_the_next_hour(world: World) -> None:
    with stopped_at(NOON) as clock:
        alpha, beta, operator = world.admit("alpha"), world.admit("beta"), world.admit("office", "operator")
        world.call("PUT", "/v1/platforms/alpha/limits", operator, {"rows_per_hour": 3})
        first = sent(world, alpha, 1, rows=5)
        world.settle()
        assert state(world, alpha, first)["status"] == "done", "one file may have more rows than an hour"
        second, other = sent(world, alpha, 2), sent(world, beta, 3)
        world.deliver_queue("report_file_arrived")
        waits = state(world, alpha, second)
        assert (waits["status"], waits["waits_until"]) == ("received", "2026-11-20T12:25:00.000Z")
        assert state(world, beta, other)["status"] == "processing", "another platform's does not wait"
        for _ in range(3):
            clock.move(LONGEST_WAIT)
            world.pass_delays()
            world.deliver_queue("report_file_arrived")
            assert state(world, alpha, second)["status"] == "received"
        clock.set("2026-11-20T13:00:00+00:00")
        world.settle()
        done = state(world, alpha, second)
        assert (done["status"], done["rows"], done.get("waits_until")) == ("done", 1, None)


def test_a_key_has_rows_of_its_own_and_rosters_wait_too(world: World) -> None:
    with stopped_at(NOON) as clock:
        alpha, operator = world.admit("alpha"), world.admit("office", "operator")
        other = world.call("POST", "/v1/platforms/alpha/keys", operator, {})[1]["key"]
        few = {"rows_per_hour": 1, "key_id": alpha.split("_")[1]}
        world.call("PUT", "/v1/platforms/alpha/limits", operator, few)
        sent(world, alpha, 1)
        world.settle()
        body = "商家ID,主体名称\n1,示例\n".encode()
        sent_as = {"X_File_Name": "a.csv", **CSV}
        roster_id = world.call("POST", "/v1/rosters/files", alpha, body, **sent_as)[1]["roster_id"]
        by_other_key = sent(world, other, 2)
        world.deliver_queue("roster_file_arrived")
        waits = world.call("GET", f"/v1/rosters/{roster_id}", alpha)[1]
        assert (waits["status"], waits["waits_until"]) == ("received", "2026-11-20T12:25:00.000Z")
        world.deliver_queue("report_file_arrived")
        assert state(world, other, by_other_key)["status"] == "processing"
        clock.set("2026-11-20T13:00:00+00:00")
        world.settle()
        done = world.call("GET", f"/v1/rosters/{roster_id}", alpha)[1]
        assert (done["status"], done["rows"], done.get("waits_until")) == ("done", 1, None)


def test_rows_are_counted_once_however_often_a_file_is_read(world: World) -> None:
    with stopped_at(NOON):
        sent(world, world.admit("alpha"), 1, rows=4)
        [message] = bodies(world, "report_file_arrived")
        for _ in range(3):
            queues.report_file_arrived(json.dumps(message), 1)
        window = int(wiring.now().timestamp()) // 3_600
        assert (wiring.exchange().get(f"usage#platform:alpha#rows-hour#{window}") or {})["n"] == 4


@pytest.mark.parametrize("name", ["名单 (1)+2%20.csv", "a&b=c.csv", "ａ　b.csv"])
def test_a_file_of_any_name_that_waited_is_found_again(world: World, name: str) -> None:
    alpha = world.admit("alpha")
    for holder in ("r_1", "r_2"):
        file_turns.take_turn(wiring.exchange(), REPORTS, "alpha", key_of(holder), wiring.now())
    body = table(1)
    from urllib.parse import quote

    answer = world.call("POST", "/v1/reports/files", alpha, body, X_File_Name=quote(name), **CSV)[1]
    world.deliver_queue("report_file_arrived")
    for holder in ("r_1", "r_2"):
        turn_ended(world, REPORTS, "report_file_arrived", holder)
    world.settle()
    assert state(world, alpha, answer["report_id"])["status"] == "done"


def test_waiting_is_no_try_and_a_try_before_it_still_counts(world: World) -> None:
    with stopped_at(NOON) as clock:
        alpha = world.admit("alpha")
        report_id = sent(world, alpha, 1)
        [message] = bodies(world, "report_file_arrived")
        for holder in ("r_1", "r_2"):
            file_turns.take_turn(wiring.exchange(), REPORTS, "alpha", key_of(holder), wiring.now())
        empty(world, "report_file_arrived")
        for waits in range(1, 12):
            queues.report_file_arrived(json.dumps(message), 3 if waits == 1 else 1)
            world.pass_delays()
            [message] = bodies(world, "report_file_arrived")
            empty(world, "report_file_arrived")
            file = file_in(message)
            assert (file.file_id, file.tries, file.waits) == (report_id, 2, waits)
        clock.move(17 * 60)
        wiring.bucket().erase(file.key, wiring.bucket().versions(file.key)[0])
        with pytest.raises(LookupError):
            queues.report_file_arrived(json.dumps(message), MOST_TRIES - 2)
        assert state(world, alpha, report_id)["status"] == "refused", "that was the last try"


def test_the_turn_goes_to_the_file_that_has_waited_longest_and_each_is_worked_on_once(world: World) -> None:
    alpha = world.admit("alpha")
    own = [sent(world, alpha, number) for number in range(5)]
    world.deliver_queue("report_file_arrived")
    item = wiring.exchange().get("turns#reports#alpha") or {}
    assert (len(item["holders"]), len(item["waiting"])) == (2, 3)
    longest = file_turns.file_of(item["waiting"][0])
    world.deliver_queue("report_chunk_arrived")
    brought = [file_in(message) for message in bodies(world, "report_file_arrived")]
    assert all(file.is_handed for file in brought)
    assert longest in {file.file_id for file in brought}
    world.settle()
    assert {state(world, alpha, report_id)["status"] for report_id in own} == {"done"}
    item = wiring.exchange().get("turns#reports#alpha") or {}
    assert (item["holders"], item["waiting"]) == ({}, [])


def test_a_file_in_work_is_not_worked_on_again_by_the_message_by_which_it_waited(world: World) -> None:
    exchange, now = wiring.exchange(), wiring.now()
    key = key_of("r_1")
    assert file_turns.take_turn(exchange, REPORTS, "alpha", key, now)
    assert not file_turns.take_turn(exchange, REPORTS, "alpha", key, now, comes_again=True)
    assert file_turns.take_turn(exchange, REPORTS, "alpha", key, now), "but by the one whose worker died"
    assert file_turns.take_turn(exchange, REPORTS, "alpha", key, now + timedelta(minutes=17), comes_again=True)


def test_a_turn_that_was_handed_over_and_not_taken_ends_soon(world: World) -> None:
    exchange, now = wiring.exchange(), wiring.now()
    for file_id in ("r_1", "r_2", "r_3"):
        file_turns.take_turn(exchange, REPORTS, "alpha", key_of(file_id), now)
    [message] = file_turns.end_turn(exchange, REPORTS, "alpha", "r_1", now + timedelta(seconds=9))
    file = file_in(message)
    assert (file.key, file.is_handed, file.since) == (key_of("r_3"), True, iso(now))
    assert file_turns.end_turn(exchange, REPORTS, "alpha", "r_1", now) == [], "nobody else waits"
    assert not file_turns.take_turn(exchange, REPORTS, "alpha", key_of("r_4"), now + timedelta(minutes=2))
    assert file_turns.take_turn(exchange, REPORTS, "alpha", key_of("r_4"), now + timedelta(minutes=4))


def test_the_turn_of_a_worker_that_died_ends_by_itself_and_its_own_file_needs_not_wait(world: World) -> None:
    exchange, now = wiring.exchange(), wiring.now()
    keys = [key_of(f"r_{number}") for number in range(3)]
    assert [file_turns.take_turn(exchange, REPORTS, "alpha", key, now) for key in keys] == [True, True, False]
    assert file_turns.take_turn(exchange, REPORTS, "alpha", key_of("r_0"), now), "the same file again"
    assert file_turns.take_turn(exchange, REPORTS, "beta", key_of("r_3"), now)
    assert not file_turns.take_turn(exchange, REPORTS, "alpha", key_of("r_2"), now + timedelta(minutes=15))
    assert file_turns.take_turn(exchange, REPORTS, "alpha", key_of("r_2"), now + timedelta(minutes=17))


def test_a_turn_is_kept_while_chunks_are_saved(world: World) -> None:
    exchange, now = wiring.exchange(), wiring.now()
    for holder in ("r_0", "r_1"):
        file_turns.take_turn(exchange, REPORTS, "alpha", key_of(holder), now)
    file_turns.renew_turn(exchange, REPORTS, "alpha", "r_0", now + timedelta(minutes=10))
    file_turns.renew_turn(exchange, REPORTS, "alpha", "r_9", now + timedelta(minutes=10))
    later = now + timedelta(minutes=17)
    assert [file_turns.take_turn(exchange, REPORTS, "alpha", key_of(f"r_{n}"), later) for n in (2, 3)] == [True, False]


def test_a_file_that_is_refused_or_fails_gives_its_turn_back(world: World) -> None:
    alpha = world.admit("alpha")
    sent_as = {"X_File_Name": "a.csv", **CSV}
    refused = world.call("POST", "/v1/reports/files", alpha, b"\x00\x01 no table", **sent_as)[1]["report_id"]
    world.settle()
    assert state(world, alpha, refused)["status"] == "refused"
    report_id = sent(world, alpha, 5)
    [message] = bodies(world, "report_file_arrived")
    bucket, key = wiring.bucket(), file_in(message).key
    bucket.erase(key, bucket.versions(key)[0])
    with pytest.raises(LookupError):
        queues.report_file_arrived(json.dumps(message), 1)
    item = wiring.exchange().get("turns#reports#alpha") or {}
    assert item["holders"] == {}, report_id
