"""Subscriptions of a platform: its own queue, web address or e-mail, on closures or on its own topic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.notices import stored_subscriptions
from chalicelib.notices.notice_inbox import Inbox
from chalicelib.notices.rules import webhook_and_queue_endpoints
from chalicelib.notices.rules.delivery_test import CLOSURES
from chalicelib.notices.rules.subscription import NewSubscription, Subscription, subscription_id, view
from chalicelib.notices.rules.subscription_filter import addressed, filter_policy
from chalicelib.notices.send_delivery_test import last_tests
from chalicelib.registry.rules.listing_source import Source
from chalicelib.storage.item_keys import notice_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

MOST: Final = 20
# So many are named, ended ones too, before those that ended are taken out.
MOST_NAMED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What subscriptions work with; `check_web_address` raises for an address that must not be called."""

    exchange: "ExchangeTable"
    topics: "Topics"
    notices: "Callable[[str], NumberedLog]"
    check_web_address: Callable[[str], None]


def subscribe(context: Context, caller: Caller, new: NewSubscription, now: datetime) -> Json:
    """Subscribe an endpoint; the same endpoint again gets the new filter.

    The topics are opened again where somebody deleted them. Raises `BadRequest` for an endpoint or filter that cannot
    be, `Conflict` at a limit.
    """
    exchange, platform = context.exchange, platforms.get(context.exchange, caller.platform_id)
    arns = context.topics.open_platform(caller.platform_id, platform.aws_account)
    webhook_and_queue_endpoints.check_endpoint(
        new.protocol, new.endpoint, arns["own"], platform.aws_account, context.check_web_address
    )
    policy = filter_policy(new.filter, Source.of_platform(caller.platform_id))
    new_id = subscription_id(caller.platform_id, new)
    active = stored_subscriptions.active_of(exchange, caller.platform_id)
    others = {subscription.subscription_id for subscription in active} - {new_id}
    if len(others) >= MOST:
        raise Conflict(ErrorCode.SUBSCRIPTION_LIMIT, limit=MOST)
    alone = addressed(policy, new_id) if new.topic == CLOSURES else None
    protocol = webhook_and_queue_endpoints.sns_protocol(new.protocol, new.endpoint)
    # The policy of a queue says who may write to it; the web needs the envelope, for its signature.
    raw = new.protocol == webhook_and_queue_endpoints.SQS
    subscription = Subscription(
        id=notice_keys.subscription(caller.platform_id, new_id),
        subscription_id=new_id,
        topic=new.topic,
        protocol=new.protocol,
        endpoint=new.endpoint,
        filter=new.filter,
        arn=context.topics.subscribe(arns[new.topic], protocol, new.endpoint, alone or policy, raw=raw),
        created_at=iso(now),
        addressed_at=iso(now) if alone else "",
    )
    exchange.put(subscription.to_item())
    members = exchange.add_to_set(notice_keys.subscriptions(caller.platform_id), "members", {new_id})["members"]
    if len(members) > MOST_NAMED and (ended := set(members) - others - {new_id}):
        exchange.take_from_set(notice_keys.subscriptions(caller.platform_id), "members", ended)
    return view(subscription, context.topics.states(arns[new.topic]))


def list_subscriptions(context: Context, caller: Caller, now: datetime) -> Json:
    """The platform's subscriptions that were made here, each with its state.

    Those to closures that were made before tests of one were possible get the rule in their filter that keeps back
    tests of others: SNS lets nobody but the API change them, and it changes none but its caller's.
    """
    subscriptions = stored_subscriptions.active_of(context.exchange, caller.platform_id)
    for each in subscriptions:
        if each.topic == CLOSURES and not each.addressed_at:
            policy = addressed(filter_policy(each.filter, Source.of_platform(caller.platform_id)), each.subscription_id)
            if policy and context.topics.set_filter(each.arn, policy):
                context.exchange.set_fields(each.id, {"addressed_at": iso(now)})
    return _views(context, caller.platform_id, subscriptions)


def subscriptions_of(context: Context, platform_id: str) -> Json:
    """The subscriptions of a platform, each with its state and the last test. Reads a unit for each, and two; SNS is
    asked for the list of each topic."""
    return _views(context, platform_id, stored_subscriptions.active_of(context.exchange, platform_id))


def _views(context: Context, platform_id: str, subscriptions: list[Subscription]) -> Json:
    arns = platforms.get(context.exchange, platform_id).topics if subscriptions else {}
    topics = sorted({subscription.topic for subscription in subscriptions})
    states = {topic: context.topics.states(arns[topic]) for topic in topics}
    tests = last_tests(Inbox(context.exchange, context.notices(platform_id), platform_id), subscriptions)
    return {
        "subscriptions": [
            view(subscription, states[subscription.topic], tests.get(subscription.subscription_id))
            for subscription in subscriptions
        ]
    }


def unsubscribe(context: Context, caller: Caller, ended_id: str, now: datetime) -> Json:
    """End a subscription; `NotFound` unless it is the caller's own. Again, it changes nothing.

    The item is kept for a while, for questions.
    """
    item = context.exchange.get(notice_keys.subscription(caller.platform_id, ended_id))
    if item is None:
        raise NotFound(ErrorCode.NOT_FOUND, subscription_id=ended_id[:40])
    subscription = Subscription.from_item(item)
    is_gone = context.topics.unsubscribe(subscription.arn)
    ended_at = subscription.ended_at or iso(now)
    expires_at = int((now + notice_keys.SUBSCRIPTION_KEPT).timestamp())
    context.exchange.set_fields(subscription.id, {"ended_at": ended_at, "expires_at": expires_at})
    return {"subscription_id": ended_id, "ended_at": ended_at, "state": "ended" if is_gone else "lapsing"}
