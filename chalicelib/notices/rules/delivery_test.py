"""A test of the delivery of a platform's notices: a marked notice, in its log as any other; nothing follows from it."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.notices.rules.subscription import Subscription
from chalicelib.notices.rules.subscription_filter import TO
from chalicelib.values.timestamps import iso

KIND: Final = "delivery_test"
# One test of a subscription in each such stretch: the same request again is the same test.
EVERY: Final = timedelta(minutes=20)
OWN, CLOSURES = "own", "closures"
# A change of a filter policy takes effect within this time
# (https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html).
SETTLES: Final = timedelta(minutes=15)
SAYS: Final = {
    "zh": "投递测试：没有任何商户或记录发生变化，收到后确认即可",
    "en": "a test of delivery: nothing has happened to any merchant or listing; acknowledge it",
}


def delivery_test(subscription: Subscription, platform_id: str, now: datetime) -> Notice:
    """The test of a subscription at that time; within the same twenty minutes the same."""
    stretch = int(now.timestamp() // EVERY.total_seconds())
    return Notice(
        notice_id=notice_id(f"{KIND}.{subscription.subscription_id}.{stretch}", platform_id),
        kind=KIND,
        at=iso(now),
        content={"is_test": True, "subscription_id": subscription.subscription_id, "says": SAYS},
        filters={TO: subscription.subscription_id} if subscription.topic == CLOSURES else {},
    )


def hears_others(subscription: Subscription, now: datetime) -> bool:
    """Whether a test of another subscription to closures may reach this one as well: its filter lets it through, or was
    changed so lately that SNS may not yet apply it."""
    spares = bool(subscription.addressed_at) or not passes(subscription)
    return not spares or max(subscription.created_at, subscription.addressed_at) > iso(now - SETTLES)


def passes(subscription: Subscription) -> bool:
    """Whether its filter lets a test through: of what a filter names, a test has its kind alone."""
    return not subscription.filter.kind or KIND in subscription.filter.kind
