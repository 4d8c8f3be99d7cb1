"""An SQS queue by name; messages are JSON."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode

BATCH: Final = 10


class Queue:
    """Sends messages; a low-level SQS client is handed in."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    @cached_property
    def _url(self) -> str:
        return str(self._client.get_queue_url(QueueName=self._name)["QueueUrl"])

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
