"""What a dead letter says of itself, and what is to be done with it."""

import json

import pytest

from chalicelib.accounts.file_turns import message_of
from chalicelib.dead_letters.rules.dead_letter import Contents, body_to_redrive, read_contents, to_do
from local.aws.events import exhausted_event

STREAM_BODY = {
    "version": "1.0",
    "requestContext": {
        "functionArn": "arn:aws-cn:lambda:cn-north-1:123456789012:function:lianfang-prod-subject_indexed:live",
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 11,
    },
    "DDBStreamBatchInfo": {"shardId": "shardId-0001", "batchSize": 40, "streamArn": "arn:aws-cn:dynamodb:x"},
}


def told(queue: str, body: object) -> Contents:
    return read_contents(queue, json.dumps(body))


def test_each_queue_says_what_its_message_is_about() -> None:
    file = message_of("reports/alpha/r_1/甲 公司 清退.csv", tries=2)
    assert told("report-files", file) == Contents(event="report_file", file_id="r_1", platform_id="alpha")
    assert told("roster-files", message_of("rosters/incoming/beta/o_2/n.csv")).platform_id == "beta"
    chunk = told("report-chunks", {"report_id": "r_1", "chunk": 0})
    assert (chunk.event, chunk.file_id, chunk.part) == ("report_chunk", "r_1", 0)
    assert told("roster-chunks", {"roster_id": "o_2", "shard": 7}).part == 7
    batch = told("stream", STREAM_BODY)
    assert (batch.function, batch.records, batch.tries) == ("subject_indexed", 40, 11)
    run = told("schedule", exhausted_event("feeds_due", {}, "ValueError: 张三", 3))
    assert (run.event, run.function, run.tries) == ("scheduled_run", "feeds_due", 3)


@pytest.mark.parametrize(
    ("queue", "body"),
    [
        ("report-files", "{"),
        ("report-files", "[]"),
        ("report-files", '"text"'),
        ("report-files", '{"Event": "s3:TestEvent"}'),
        ("report-files", '{"Records": []}'),
        ("report-files", json.dumps(message_of("reports"))),
        ("report-files", json.dumps(message_of("reports/alpha/<b>张三/f.csv"))),
        ("report-chunks", '{"report_id": "110101199003070054 张三", "chunk": 1}'),
        ("report-chunks", '{"report_id": 7, "chunk": 1}'),
        ("roster-chunks", '{"roster_id": "o_1", "shard": null}'),
        ("stream", "{}"),
        ("schedule", '{"requestContext": null}'),
    ],
)
def test_what_is_not_ours_is_unreadable_and_nothing_of_it_is_shown(queue: str, body: str) -> None:
    assert read_contents(queue, body) == Contents(event="unreadable")


def test_what_is_to_be_done_follows_from_what_became_of_the_file() -> None:
    assert to_do(Contents(event="report_chunk", file_id="r_1"), is_finished=False) == "redrive"
    assert to_do(Contents(event="roster_file", file_id="o_1"), is_finished=True) == "discard"
    assert to_do(Contents(event="stream_batch"), is_finished=False) == "rebuild"
    assert to_do(Contents(event="scheduled_run"), is_finished=False) == "discard"
    assert to_do(Contents(event="unreadable"), is_finished=False) == "discard"


def test_the_tries_of_a_file_that_waited_begin_anew_and_all_else_stays() -> None:
    body = json.dumps(message_of("reports/alpha/r_1/f.csv", tries=3, times=9, since="2026-01-01T00:00:00.000Z"))
    again = json.loads(body_to_redrive(body))
    assert again == json.loads(body) | {"waited": {"tries": 0, "times": 9, "since": "2026-01-01T00:00:00.000Z"}}
    for other in ('{"report_id":"r_1","chunk": 3}', "no json", "[1]", '{"waited": 3}'):
        assert body_to_redrive(other) == other
