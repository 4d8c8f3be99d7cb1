"""The dispatcher, with functions of its own on a real local cloud: nothing is skipped, doubled or lost."""

import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from chalice import Chalice, Rate

from local import StartError
from local.aws import memory, resources
from local.aws.cloud import Cloud, until
from local.aws.dispatch import Dispatcher
from local.aws.events import Contexts
from local.aws.resources import TEMPLATE

pytestmark = pytest.mark.slow
SUBJECTS = "lianfang-subjects-local"
CHUNKS = "lianfang-report-chunks-local"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    cloud = Cloud()
    cloud.start()
    cloud.set_environment(**resources.make(cloud))
    yield cloud
    cloud.stop()


class Functions:
    """An app of three functions whose behaviour a test sets, and what they were called with."""

    def __init__(self, stream_arn: str) -> None:
        self.app = app = Chalice(app_name="three")
        self.calls: list[tuple[str, list[str]]] = []
        self.behave: dict[str, Any] = {}
        self.lock = threading.Lock()

        @app.on_sqs_message(queue=CHUNKS, batch_size=3)
        def messages(event: Any) -> Any:
            return self.called("messages", [record.body for record in event], event)

        @app.on_dynamodb_record(stream_arn=stream_arn, batch_size=4, starting_position="TRIM_HORIZON")
        def records(event: Any) -> Any:
            return self.called("records", [record.keys["subject_id"]["S"] for record in event], event)

        @app.schedule(Rate(1, unit=Rate.HOURS))
        def hourly(event: Any) -> Any:
            return self.called("hourly", [event.detail_type], event)

        self.module = SimpleNamespace(app=app, messages=messages, records=records, hourly=hourly)

    def called(self, function: str, records: list[str], event: Any) -> Any:
        with self.lock:
            self.calls.append((function, records))
            attempt = sum(name == function for name, _ in self.calls)
        return self.behave.get(function, lambda *_: None)(attempt, event)

    def got(self, function: str) -> list[list[str]]:
        with self.lock:
            return [records for name, records in self.calls if name == function]


@pytest.fixture
def running(cloud: Cloud) -> Iterator[tuple[Cloud, Functions, Dispatcher]]:
    arn = cloud.client("dynamodb").describe_table(TableName=SUBJECTS)["Table"]["LatestStreamArn"]
    functions = Functions(arn)
    dispatcher = Dispatcher(cloud, functions.module, Contexts(TEMPLATE.parent / "none.json"), tick=None)
    dispatcher.retry_pause = lambda tries: tries // 2
    dispatcher.start()
    yield cloud, functions, dispatcher
    dispatcher.stop()


def put(cloud: Cloud, *subjects: str) -> None:
    for subject in subjects:
        cloud.client("dynamodb").put_item(TableName=SUBJECTS, Item={"subject_id": {"S": subject}})


def send(cloud: Cloud, *bodies: str) -> None:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=CHUNKS)["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)


def fail(_attempt: int, _event: Any) -> Any:
    raise RuntimeError("as the test wants it")


def test_a_failing_stream_function_gets_the_same_records_again_in_order_and_skips_none(
    running: tuple[Cloud, Functions, Dispatcher],
) -> None:
    cloud, functions, dispatcher = running
    functions.behave["records"] = lambda attempt, event: fail(attempt, event) if attempt < 3 else None
    wanted = [f"s{number:02d}" for number in range(10)]
    put(cloud, *wanted)
    assert until(dispatcher.idle, 20)
    calls = functions.got("records")
    assert calls[0][0] == calls[1][0] == calls[2][0] == "s00"
    assert [record for call in calls[2:] for record in call] == wanted
    assert all(len(call) <= 4 for call in calls)


def test_a_stream_function_that_names_a_failed_record_goes_on_from_there(
    running: tuple[Cloud, Functions, Dispatcher],
) -> None:
    cloud, functions, dispatcher = running

    def third_fails_once(_attempt: int, event: Any) -> Any:
        for record in event.to_dict()["Records"]:
            key = record["dynamodb"]["Keys"]["subject_id"]["S"]
            if key == "c" and not failed_once:
                failed_once.append(key)
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return None

    failed_once: list[str] = []
    functions.behave["records"] = third_fails_once
    with cloud.paused():  # so that all four come in one batch
        threads = [threading.Thread(target=put, args=(cloud, *"abcd"))]
        threads[0].start()
    threads[0].join()
    assert until(dispatcher.idle, 20)
    seen = [record for call in functions.got("records") for record in call]
    assert seen.count("a") == seen.count("b") == 1
    assert seen[-2:] == ["c", "d"]
    assert seen.count("c") == 2


def test_only_the_failed_messages_of_a_batch_come_again(running: tuple[Cloud, Functions, Dispatcher]) -> None:
    cloud, functions, dispatcher = running

    def bad_fails_once(_attempt: int, event: Any) -> Any:
        bad = [record["messageId"] for record in event.to_dict()["Records"] if record["body"] == "bad"]
        if bad and not tried:
            tried.append("bad")
            return {"batchItemFailures": [{"itemIdentifier": bad[0]}]}
        return None

    tried: list[str] = []
    functions.behave["messages"] = bad_fails_once
    send(cloud, "good", "bad", "fine")
    assert until(dispatcher.idle, 20)
    seen = [body for call in functions.got("messages") for body in call]
    assert sorted(seen) == ["bad", "bad", "fine", "good"]


def test_a_message_that_always_fails_ends_among_the_dead_letters(
    running: tuple[Cloud, Functions, Dispatcher],
) -> None:
    cloud, functions, dispatcher = running
    functions.behave["messages"] = fail
    send(cloud, "poison")
    assert until(dispatcher.idle, 30)
    assert functions.got("messages") == [["poison"]] * 5  # maxReceiveCount of the template
    with cloud.paused():
        dead = [body for queue, body, _ in memory.messages() if queue == "lianfang-report-chunks-dead-local"]
    assert dead == ["poison"]


def test_a_schedule_runs_on_request_and_leaves_its_event_after_the_last_attempt(
    running: tuple[Cloud, Functions, Dispatcher],
) -> None:
    cloud, functions, dispatcher = running
    assert dispatcher.tick_now() == [{"function": "hourly", "ok": True}]
    functions.behave["hourly"] = fail
    assert dispatcher.tick_now() == [{"function": "hourly", "ok": False}]
    assert functions.got("hourly") == [["Scheduled Event"]] * 4
    with cloud.paused():
        dead = [body for queue, body, _ in memory.messages() if queue == "lianfang-schedule-dead-local"]
    assert json.loads(dead[0])["requestContext"]["condition"] == "RetriesExhausted"


def test_an_event_source_that_is_not_delivered_here_is_named(cloud: Cloud) -> None:
    app = Chalice(app_name="other")

    @app.on_sns_message(topic="news")
    def reads_news(event: Any) -> None:
        pass

    with pytest.raises(StartError, match=r"reads_news.*SNSEventConfig"):
        Dispatcher(cloud, SimpleNamespace(app=app), Contexts(TEMPLATE.parent / "none.json"), tick=None)


def test_a_condition_and_its_write_are_one_step(cloud: Cloud) -> None:
    """Of many writers that read the same version exactly one succeeds, each time."""
    dynamodb = cloud.client("dynamodb")
    key = {"subject_id": {"S": "contended"}}
    wins: list[int] = []

    def claim(number: int) -> None:
        for version in range(10):
            try:
                dynamodb.put_item(
                    TableName=SUBJECTS,
                    Item={**key, "version": {"N": str(version)}},
                    ConditionExpression="attribute_not_exists(version) OR version < :v",
                    ExpressionAttributeValues={":v": {"N": str(version)}},
                )
                wins.append(version)
            except dynamodb.exceptions.ConditionalCheckFailedException:
                continue

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == len(set(wins))


def test_binary_is_text_in_the_records_of_a_stream(cloud: Cloud) -> None:
    image = {"subject_id": {"S": "x"}, "packed": {"B": b"\x00\xff"}, "several": {"L": [{"B": b"a"}]}}
    cloud.client("dynamodb").put_item(TableName=SUBJECTS, Item=image)
    with cloud.paused():
        record = memory.stream_records(SUBJECTS, 0)[-1]["dynamodb"]["NewImage"]
    assert record == {"subject_id": {"S": "x"}, "packed": {"B": "AP8="}, "several": {"L": [{"B": "YQ=="}]}}
    assert json.dumps(record)
