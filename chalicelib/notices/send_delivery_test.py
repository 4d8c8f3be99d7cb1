"""Tests of delivery: a platform or an operator sends one, and sees how far it came.

It is numbered in the log of the platform's own notices, from where the schedule pushes it within a minute, as every
notice that a request makes. Closures go to all platforms by one topic, on which nobody can be reached alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.notices.notice_inbox import Inbox
from chalicelib.notices.rules import delivery_test, notice_acknowledgement
from chalicelib.notices.rules.notice_acknowledgement import Acknowledged
from chalicelib.notices.rules.numbered_notice import NumberedNotice
from chalicelib.notices.rules.subscription import Subscription
from chalicelib.storage.item_keys import notice_keys
from chalicelib.storage.item_keys.numbered_log_keys import place
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def send_test(inbox: Inbox, subscription_id: str, now: datetime) -> Json:
    """Number a test of the subscription, once in twenty minutes; how far it came.

    `NotFound` for one that is not the platform's, or has ended; `Conflict` for one of closures.
    """
    subscription = _find(inbox.exchange, inbox.platform_id, subscription_id)
    if subscription.topic != delivery_test.OWN:
        raise Conflict(ErrorCode.TEST_REACHES_OTHERS, topic=subscription.topic)
    notice = delivery_test.delivery_test(subscription, inbox.platform_id, now)
    entry = NumberedNotice(
        entry_id=notice.notice_id, notice=notice.to_json(), attributes=notice.attributes, at=notice.at
    )
    numbered = NumberedNotice.from_item(inbox.log.append(entry.to_item()))
    if numbered.number != subscription.tested:
        inbox.exchange.set_fields(subscription.id, {"tested": numbered.number})
    return _view(inbox.acknowledged(), numbered, subscription)


def last_tests(inbox: Inbox, subscriptions: Sequence[Subscription]) -> dict[str, Json]:
    """How far the last test of each came, by the id of the subscription; a read for each that was tested."""
    tested = [subscription for subscription in subscriptions if subscription.tested]
    if not tested:
        return {}
    acknowledged = inbox.acknowledged()
    return {
        subscription.subscription_id: _view(acknowledged, NumberedNotice.from_item(item), subscription)
        for subscription in tested
        if (item := inbox.log.at(subscription.tested))
    }


def _find(exchange: "ExchangeTable", platform_id: str, subscription_id: str) -> Subscription:
    item = exchange.get(notice_keys.subscription(platform_id, subscription_id))
    subscription = Subscription.from_item(item) if item else None
    if subscription is None or subscription.ended_at:
        raise NotFound(ErrorCode.NOT_FOUND, subscription_id=subscription_id[:40])
    return subscription


def _view(acknowledged: Acknowledged, numbered: NumberedNotice, subscription: Subscription) -> Json:
    acknowledged_at = notice_acknowledgement.acknowledged_at(acknowledged, place(numbered.number))
    return {
        "notice_id": numbered.entry_id,
        "sequence": numbered.number,
        "sent_at": numbered.at,
        "passes_filter": delivery_test.passes(subscription),
        **({"pushed_at": numbered.pushed_at} if numbered.pushed_at else {}),
        **({"acknowledged_at": acknowledged_at} if acknowledged_at else {}),
    }
