"""SNS: one topic for closures that every platform may see, and one per platform for what concerns only it.

A subscriber reads everything, so a topic lets in only the AWS account that its platform named.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import BadRequest, Conflict, PushFailed
from chalicelib.messages import ErrorCode
from chalicelib.notices.rules.subscription import CONFIRMED, PENDING

Attributes = Mapping[str, str | Sequence[str]]
# Errors of SNS that concern one topic or one message; any other (throttling, an outage, no answer) concerns all.
OF_ONE_TOPIC: Final = {"NotFound", "AuthorizationError", "InvalidParameter", "InvalidParameterValue", "KMSAccessDenied"}
GONE_PERMISSION: Final = {"NotFound", "InvalidParameter"}
LIMITS: Final = {"FilterPolicyLimitExceeded", "SubscriptionLimitExceeded"}


class Topics:
    """Publishes notices and keeps subscriptions; it is given a low-level SNS client."""

    def __init__(self, client: Any, closures_arn: str, platform_prefix: str, key_alias: str) -> None:
        self._client = client
        self._closures = closures_arn
        self._prefix = platform_prefix
        self._key_alias = key_alias

    def publish_closure(self, notice: Mapping[str, Any], attributes: Attributes) -> None:
        """Send a notice to every subscriber of closures; `PushFailed` when SNS does not take it."""
        self._publish(self._closures, notice, attributes)

    def publish_private(self, platform_id: str, notice: Mapping[str, Any], attributes: Attributes) -> None:
        """Send a notice to one platform alone; `PushFailed` when SNS does not take it."""
        self._publish(self.platform_arn(platform_id), notice, attributes)

    def open_platform(self, platform_id: str, aws_account: str) -> dict[str, str]:
        """Make the platform's own topic and let its account subscribe to it and to closures; the ARNs of both.

        Doing it twice changes nothing.
        """
        arn = self._client.create_topic(
            Name=self._prefix + platform_id, Attributes={"KmsMasterKeyId": self._key_alias}
        )["TopicArn"]
        # SHA-256 in place of SHA-1 under what is sent over HTTPS.
        self._client.set_topic_attributes(TopicArn=arn, AttributeName="SignatureVersion", AttributeValue="2")
        if aws_account:
            for topic in (arn, self._closures):
                self._let_subscribe(topic, platform_id, aws_account)
        return {"closures": self._closures, "own": arn}

    def name_account(self, platform_id: str, aws_account: str) -> None:
        """Let this account subscribe to the platform's topic and to closures ('' for none), and no account before it.

        Doing it twice changes nothing.
        """
        for topic in (self.platform_arn(platform_id), self._closures):
            try:
                self._client.remove_permission(TopicArn=topic, Label=f"subscribe-{platform_id}")
            except ClientError as error:
                # No account was named before, or the topic is not open yet.
                if error.response["Error"]["Code"].removesuffix("Exception") not in GONE_PERMISSION:
                    raise
        self.open_platform(platform_id, aws_account)

    def platform_arn(self, platform_id: str) -> str:
        """The ARN of a platform's own topic, which lives beside the closures topic."""
        return self._closures.rsplit(":", 1)[0] + ":" + self._prefix + platform_id

    def subscribe(self, topic: str, protocol: str, endpoint: str, policy: Mapping[str, Any], raw: bool) -> str:
        """Subscribe an endpoint to a topic, for what the filter policy lets through; the subscription's ARN.

        An endpoint that is subscribed already gets the new policy. `Conflict` names a limit of SNS, `BadRequest` an
        endpoint that SNS refuses.
        """
        wanted = {"FilterPolicy": json.dumps(policy, ensure_ascii=False), "RawMessageDelivery": str(raw).lower()}
        existing = next((entry for entry in self._subscriptions(topic) if entry["Endpoint"] == endpoint), None)
        try:
            if existing is None or not existing["SubscriptionArn"].startswith("arn:"):
                answer = self._client.subscribe(
                    TopicArn=topic,
                    Protocol=protocol,
                    Endpoint=endpoint,
                    Attributes={name: value for name, value in wanted.items() if value not in ("{}", "false")},
                    ReturnSubscriptionArn=True,
                )
                return str(answer["SubscriptionArn"])
            for name, value in wanted.items():
                self._client.set_subscription_attributes(
                    SubscriptionArn=existing["SubscriptionArn"], AttributeName=name, AttributeValue=value
                )
        except ClientError as error:
            code, says = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            if code.removesuffix("Exception") in LIMITS:
                raise Conflict(ErrorCode.SUBSCRIPTION_LIMIT, limit=code, says=says) from error
            if code.startswith("InvalidParameter"):
                raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem=says) from error
            raise
        return str(existing["SubscriptionArn"])

    def set_filter(self, subscription_arn: str, policy: Mapping[str, object]) -> bool:
        """Give a subscription another filter policy; False where it is gone, or not yet confirmed."""
        try:
            self._client.set_subscription_attributes(
                SubscriptionArn=subscription_arn,
                AttributeName="FilterPolicy",
                AttributeValue=json.dumps(policy, ensure_ascii=False),
            )
        except ClientError as error:
            if error.response["Error"]["Code"].removesuffix("Exception") not in OF_ONE_TOPIC | LIMITS:
                raise
            return False
        return True

    def states(self, topic: str) -> dict[str, str]:
        """Whether each endpoint of a topic's subscriptions is confirmed or pending."""
        return {
            entry["Endpoint"]: CONFIRMED if entry["SubscriptionArn"].startswith("arn:") else PENDING
            for entry in self._subscriptions(topic)
        }

    def unsubscribe(self, subscription_arn: str) -> bool:
        """Send nothing more to it; False where SNS lets only confirmed ones go, and forgets this one in 48 hours."""
        try:
            self._client.unsubscribe(SubscriptionArn=subscription_arn)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFound":
                return True
            if error.response["Error"]["Code"].startswith("InvalidParameter"):
                return False
            raise
        return True

    def _subscriptions(self, topic: str) -> Iterator[dict[str, str]]:
        more: dict[str, str] = {}
        while True:
            page = self._client.list_subscriptions_by_topic(TopicArn=topic, **more)
            yield from page["Subscriptions"]
            if not page.get("NextToken"):
                return
            more = {"NextToken": page["NextToken"]}

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
        try:
            self._client.publish(
                TopicArn=topic,
                Message=json.dumps(notice, ensure_ascii=False, separators=(",", ":")),
                MessageAttributes={name: _attribute(value) for name, value in attributes.items() if value},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise PushFailed(code, everywhere=code.removesuffix("Exception") not in OF_ONE_TOPIC) from error
        except BotoCoreError as error:
            raise PushFailed(type(error).__name__, everywhere=True) from error


def _attribute(value: str | Sequence[str]) -> dict[str, str]:
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(list(value), ensure_ascii=False)}
