"""SNS: one topic for closures that every platform may hear, and one per platform for what concerns only it.

Whoever subscribes reads, so a topic lets in only the AWS accounts that its platform named.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

Attributes = Mapping[str, str | Sequence[str]]


class Topics:
    """Publishes notices; a low-level SNS client is handed in."""

    def __init__(self, client: Any, closures_arn: str, platform_prefix: str, key_alias: str) -> None:
        self._client = client
        self._closures = closures_arn
        self._prefix = platform_prefix
        self._key_alias = key_alias

    def publish_closure(self, notice: Mapping[str, Any], attributes: Attributes) -> None:
        """Send a notice to everyone who follows closures."""
        self._publish(self._closures, notice, attributes)

    def publish_private(self, platform_id: str, notice: Mapping[str, Any], attributes: Attributes) -> None:
        """Send a notice to one platform alone."""
        self._publish(self.platform_arn(platform_id), notice, attributes)

    def open_platform(self, platform_id: str, aws_account: str) -> dict[str, str]:
        """Make the platform's own topic and let its account subscribe to it and to closures; the ARNs of both.

        Doing it twice changes nothing.
        """
        arn = self._client.create_topic(
            Name=self._prefix + platform_id, Attributes={"KmsMasterKeyId": self._key_alias}
        )["TopicArn"]
        if aws_account:
            for topic in (arn, self._closures):
                self._let_subscribe(topic, platform_id, aws_account)
        return {"closures": self._closures, "own": arn}

    def platform_arn(self, platform_id: str) -> str:
        """The ARN of a platform's own topic, which lives beside the closures topic."""
        return self._closures.rsplit(":", 1)[0] + ":" + self._prefix + platform_id

    def _let_subscribe(self, topic: str, label: str, account: str) -> None:
        try:
            self._client.add_permission(
                TopicArn=topic,
                Label=f"subscribe-{label}",
                AWSAccountId=[account],
                ActionName=["Subscribe"],
            )
        except ClientError as error:
            # The same statement is there already, from an earlier try.
            if "already exists" not in error.response["Error"].get("Message", "").lower():
                raise

    def _publish(self, topic: str, notice: Mapping[str, Any], attributes: Attributes) -> None:
        self._client.publish(
            TopicArn=topic,
            Message=json.dumps(notice, ensure_ascii=False, separators=(",", ":")),
            MessageAttributes={name: _attribute(value) for name, value in attributes.items() if value},
        )


def _attribute(value: str | Sequence[str]) -> dict[str, str]:
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(list(value), ensure_ascii=False)}
