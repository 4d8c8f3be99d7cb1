"""A test of the delivery of a platform's notices: a marked notice, in its log as any other; nothing follows from it."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.notices.rules.subscription import Subscription
from chalicelib.values.timestamps import iso

KIND: Final = "delivery_test"
# One test of a subscription in each such stretch: the same request again is the same test.
EVERY: Final = timedelta(minutes=20)
OWN: Final = "own"
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
    )


def passes(subscription: Subscription) -> bool:
    """Whether its filter lets a test through: of what a filter names, a test has its kind alone."""
    return not subscription.filter.kind or KIND in subscription.filter.kind
