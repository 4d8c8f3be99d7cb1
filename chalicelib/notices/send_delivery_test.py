"""Tests of delivery: a platform or an operator sends one, and sees how far it came.

It is numbered in the log of the platform's own notices, from where the schedule pushes it within a minute, as every
notice that a request makes: one of a subscription to closures by that topic, which all platforms share, and addressed
to that subscription alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.notices import stored_subscriptions
from chalicelib.notices.notice_inbox import Inbox
from chalicelib.notices.rules import delivery_test, notice_acknowledgement
from chalicelib.notices.rules.notice_acknowledgement import Acknowledged
from chalicelib.notices.rules.numbered_notice import NumberedNotice
from chalicelib.notices.rules.subscription import CONFIRMED, Subscription
from chalicelib.storage.item_keys import notice_keys
from chalicelib.storage.item_keys.numbered_log_keys import place
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.storage.exchange_table import ExchangeTable


def send_test(inbox: Inbox, topics: "Topics", subscription_id: str, now: datetime) -> Json:
    """Number a test of the subscription, once in twenty minutes; how far it came.

    `NotFound` for one that is not the platform's, or has ended; `Conflict` for one of closures while its test would
    reach others: those subscribed at SNS by themselves, and those whose filters do not yet keep it back.
    """
    subscription = _find(inbox.exchange, inbox.platform_id, subscription_id)
    is_of_closures = subscription.topic == delivery_test.CLOSURES
    if is_of_closures and (others := _others_reached(inbox, topics, subscription, now)):
        raise Conflict(ErrorCode.TEST_REACHES_OTHERS, others=others)
    notice = delivery_test.delivery_test(subscription, inbox.platform_id, now)
    entry = NumberedNotice(
        entry_id=notice.notice_id,
        notice=notice.to_json(),
        attributes=notice.attributes,
        at=notice.at,
        topic=delivery_test.CLOSURES if is_of_closures else "",
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


def _others_reached(inbox: Inbox, topics: "Topics", subscription: Subscription, now: datetime) -> int:
    """How many other confirmed subscriptions to closures a test of this one would reach. Reads those of all
    participants, and asks SNS for its list."""
    arn = platforms.get(inbox.exchange, inbox.platform_id).topics[delivery_test.CLOSURES]
    spared = {
        each.endpoint
        for each in stored_subscriptions.active_of_all(inbox.exchange)
        if each.topic == delivery_test.CLOSURES and not delivery_test.hears_others(each, now)
    }
    return sum(
        state == CONFIRMED and endpoint != subscription.endpoint and endpoint not in spared
        for endpoint, state in topics.states(arn).items()
    )


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
