"""A subscription: an endpoint of a platform that SNS pushes notices to, through a filter."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.messages import message
from chalicelib.notices.rules.subscription_filter import SubscriptionFilter, hides_endings
from chalicelib.values.records import Json, Record, stored

# How far SNS is with a subscription.
PENDING: Final = "pending"
CONFIRMED: Final = "confirmed"


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription to be made: to the topic `closures` or `own`, by sqs, https or email, to an endpoint."""

    topic: str
    protocol: str
    endpoint: str
    filter: SubscriptionFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(Record):
    """A subscription as it is stored; `arn` is its name in SNS, `ended_at` is '' while it has not ended.

    `tested` is the number of its last test in the log of its platform's notices, 0 for none. `addressed_at`: since when
    its filter policy keeps back tests of other subscriptions, '' where it does not.
    """

    id: str = stored()
    subscription_id: str = stored()
    topic: str = stored()
    protocol: str = stored()
    endpoint: str = stored()
    filter: SubscriptionFilter = stored(record=SubscriptionFilter)
    arn: str = stored()
    created_at: str = stored()
    ended_at: str = stored("")
    tested: int = stored(0)
    addressed_at: str = stored("")
    expires_at: int = stored(0)


def subscription_id(platform_id: str, new: NewSubscription) -> str:
    """The id of a subscription; the same endpoint subscribed twice to one topic is one subscription."""
    text = "|".join((platform_id, new.topic, new.protocol, new.endpoint))
    return "s_" + hashlib.sha256(text.encode()).hexdigest()[:24]


def view(subscription: Subscription, states: Mapping[str, str], last_test: Json | None = None) -> Json:
    """The subscription as the API shows it; `states` are those of its topic's endpoints, and `gone` is one that SNS no
    longer has. `last_test`: how far its last test came."""
    remark = {"code": "filter_hides_endings", "message": message("filter_hides_endings")}
    hides = hides_endings(subscription.topic, subscription.filter)
    return {
        "subscription_id": subscription.subscription_id,
        "topic": subscription.topic,
        "protocol": subscription.protocol,
        "endpoint": subscription.endpoint,
        "filter": subscription.filter.to_item(),
        "created_at": subscription.created_at,
        "state": states.get(subscription.endpoint, "gone"),
        **({"remarks": [remark]} if hides else {}),
        **({"last_test": last_test} if last_test else {}),
    }
