"""A message that fails comes again within seconds; the others of its delivery are done."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto import mock_aws

from chalicelib import wiring
from chalicelib.errors import Unavailable
from chalicelib.handlers.events.queue_deliveries import receive_count, retry_seconds, take_messages
from chalicelib.messages import ErrorCode

AWAY = [
    Unavailable(ErrorCode.STORE_UNAVAILABLE),
    ConnectTimeoutError(endpoint_url="x"),
    ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "PutItem"),
]


@pytest.mark.parametrize("tries", [1, 2, 3, 4])
def test_the_pause_grows_with_the_tries_and_stays_within_its_jitter(tries: int) -> None:
    assert retry_seconds(tries, ValueError(), lambda: 0.0) == round(2.5 * tries)
    assert retry_seconds(tries, ValueError(), lambda: 1.0) == round(7.5 * tries)
    for error in AWAY:
        assert retry_seconds(tries, error, lambda: 0.5) == 150 * tries


def delivery(queue: str, *bodies: str, tries: int = 1) -> list[dict[str, Any]]:
    """Messages that were sent to a queue and received, as Lambda hands them over."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5400)["Messages"]
    return [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": str(tries)},
            "eventSourceARN": f"arn:aws-cn:sqs:cn-north-1:123456789012:{queue}",
        }
        for message in got
    ]


def seconds_hidden(queue: str) -> list[float]:
    """For how long each message of the queue stays hidden from now on."""
    from moto.core.utils import unix_time_millis
    from moto.sqs.models import sqs_backends

    messages = sqs_backends["123456789012"]["cn-north-1"].queues[queue]._messages
    return [(message.visible_at - unix_time_millis()) / 1000 for message in messages]


def fail_b(body: str, tries: int) -> None:
    if body == "b":
        raise ValueError(tries)


@mock_aws
def test_only_what_failed_comes_again_and_soon() -> None:
    wiring.reset(keep_clients=True)
    boto3.client("sqs").create_queue(QueueName="one", Attributes={"VisibilityTimeout": "5400"})
    records = delivery("one", "a", "b", "c", tries=2)
    answer = take_messages(records, fail_b)
    failed = [record["messageId"] for record in records if record["body"] == "b"]
    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == failed
    hidden = sorted(seconds_hidden("one"))
    assert 4 <= hidden[0] <= 15.1
    assert all(5_000 < seconds <= 5_400 for seconds in hidden[1:])


@mock_aws
@pytest.mark.parametrize("bodies", [("b",), ("b", "b")])
def test_a_delivery_of_which_nothing_was_done_is_counted_as_failed(bodies: tuple[str, ...]) -> None:
    wiring.reset(keep_clients=True)
    boto3.client("sqs").create_queue(QueueName="one", Attributes={"VisibilityTimeout": "5400"})
    with pytest.raises(ValueError, match="1"):
        take_messages(delivery("one", *bodies), fail_b)
    assert all(2 <= seconds <= 8 for seconds in seconds_hidden("one"))


@mock_aws
def test_a_message_that_cannot_be_shown_again_is_kept_all_the_same() -> None:
    wiring.reset(keep_clients=True)
    boto3.client("sqs").create_queue(QueueName="one")
    records = delivery("one", "a", "b")
    records = [{**record, "receiptHandle": "gone"} for record in records]
    assert len(take_messages(records, fail_b)["batchItemFailures"]) == 1
    assert receive_count(records[0]) == 1
