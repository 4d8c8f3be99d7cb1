"""An SQS queue by name; messages are JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

BATCH: Final = 10
# Asks every server that holds a part of the queue, so that a few messages are not missed.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
LONG_POLL_SECONDS: Final = 1


@dataclass(frozen=True, slots=True)
class Depth:
    """About how many messages wait in a queue, are in work, and were sent for later; SQS counts approximately."""

    waiting: int
    in_work: int
    delayed: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was received; `received` is how often it was until now, `sent_at` when it was first sent."""

    message_id: str
    body: str
    receipt_handle: str
    received: int
    sent_at: datetime


class Queue:
    """Sends messages, and lets a person look at those that wait; a low-level SQS client is handed in.

    What a person asks (depth, receive, show, delete, send_bodies) raises `Unavailable` where SQS does not answer.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    @cached_property
    def _url(self) -> str:
        return str(self._client.get_queue_url(QueueName=self._name)["QueueUrl"])

    def depth(self) -> Depth:
        """About how many messages there are."""
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        with _asked():
            counted = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return Depth(*(int(counted[name]) for name in names))

    def receive(self, hidden_seconds: int) -> list[Message]:
        """Up to ten messages, which nobody else receives for so many seconds."""
        with _asked():
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=BATCH,
                VisibilityTimeout=hidden_seconds,
                WaitTimeSeconds=LONG_POLL_SECONDS,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            )
        return [
            Message(
                message_id=str(message["MessageId"]),
                body=str(message["Body"]),
                receipt_handle=str(message["ReceiptHandle"]),
                received=int(message["Attributes"]["ApproximateReceiveCount"]),
                sent_at=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1_000, UTC),
            )
            for message in answer.get("Messages", [])
        ]

    def show(self, messages: Sequence[Message]) -> None:
        """Let received messages be received again at once."""
        for start in range(0, len(messages), BATCH):
            entries = [
                {"Id": str(place), "ReceiptHandle": message.receipt_handle, "VisibilityTimeout": 0}
                for place, message in enumerate(messages[start : start + BATCH])
            ]
            with _asked():
                self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def delete(self, messages: Sequence[Message]) -> list[Message]:
        """Delete up to ten received messages; those that are deleted."""
        if not messages:
            return []
        entries = [
            {"Id": str(place), "ReceiptHandle": message.receipt_handle} for place, message in enumerate(messages)
        ]
        with _asked():
            answer = self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)
        return _but_failed(messages, answer)

    def send_bodies(self, messages: Sequence[Message], bodies: Sequence[str]) -> list[Message]:
        """Send up to ten bodies, each that of the message at its place; the messages whose body was taken."""
        if not messages:
            return []
        entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]
        with _asked():
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        return _but_failed(messages, answer)

    def hide(self, receipt_handle: str, seconds: int) -> None:
        """Let a received message be received again in so many seconds, 0 to 43,200."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )

    def send(self, messages: Sequence[Mapping[str, Any]], delay_seconds: int = 0) -> None:
        """Send all messages or raise; some may then have been sent, so receivers are idempotent.

        Nobody receives them for `delay_seconds`, 900 at most.
        """
        delayed = {"DelaySeconds": delay_seconds} if delay_seconds else {}
        for start in range(0, len(messages), BATCH):
            entries = [
                {"Id": str(place), "MessageBody": json.dumps(message, ensure_ascii=False), **delayed}
                for place, message in enumerate(messages[start : start + BATCH])
            ]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise Unavailable(ErrorCode.STORE_UNAVAILABLE, queue=self._name, failed=len(answer["Failed"]))


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(ErrorCode.QUEUES_UNAVAILABLE, problem=type(error).__name__) from error


def _but_failed(messages: Sequence[Message], answer: Json) -> list[Message]:
    failed = {str(entry["Id"]) for entry in answer.get("Failed", ())}
    return [message for place, message in enumerate(messages) if str(place) not in failed]
