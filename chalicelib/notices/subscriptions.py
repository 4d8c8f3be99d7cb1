"""Subscriptions of a platform: its own queue, web address or e-mail, on closures or on its own topic."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode, message
from chalicelib.notices.rules import subscription_filter
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.storage.exchange_table import ExchangeTable

MOST: Final = 20
# How long the item of an ended subscription is kept, for questions.
KEPT: Final = timedelta(days=30)
Item = dict[str, Any]


def subscribe(
    exchange: "ExchangeTable",
    topics: "Topics",
    check_address: Callable[[str], None],
    caller: Caller,
    wanted: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Subscribe an endpoint (`topic`, `protocol`, `endpoint`, `filter`); the same one again gets the new filter.

    `check_address` raises for a web address that must not be called. The topics are opened again where somebody
    deleted them. Raises `BadRequest` for an endpoint or filter that cannot be, `Conflict` at a limit.
    """
    platform = platforms.find(exchange, caller.platform_id)
    arns = topics.open_platform(caller.platform_id, platform.get("aws_account", ""))
    endpoint, protocol = wanted["endpoint"], wanted["protocol"]
    if protocol == "sqs":
        subscription_filter.check_queue(endpoint, arns["own"], platform.get("aws_account", ""))
    elif protocol == "email":
        subscription_filter.check_mail(endpoint)
    else:
        check_address(endpoint)
    policy = subscription_filter.filter_policy(wanted["filter"], caller.source)
    ident = subscription_filter.subscription_id(caller.platform_id, wanted["topic"], protocol, endpoint)
    others = {one["subscription_id"] for one in _items(exchange, caller.platform_id)} - {ident}
    if len(others) >= MOST:
        raise Conflict(ErrorCode.SUBSCRIPTION_LIMIT, limit=MOST)
    # The policy of a queue says who may write to it; the web needs the envelope, for its signature.
    scheme = endpoint.partition(":")[0] if protocol == "https" else protocol
    arn = topics.subscribe(arns[wanted["topic"]], scheme, endpoint, policy, raw=protocol == "sqs")
    item = {
        "id": _item_id(caller.platform_id, ident),
        "subscription_id": ident,
        **{field: wanted[field] for field in ("topic", "protocol", "endpoint")},
        "filter": {field: value for field, value in wanted["filter"].items() if value},
        "arn": arn,
        "created_at": iso(now),
    }
    exchange.put(item)
    exchange.add_to_set(_all_id(caller.platform_id), "members", {ident})
    return _view(item, topics.states(arns[wanted["topic"]]))


def everything(exchange: "ExchangeTable", topics: "Topics", caller: Caller) -> dict[str, Any]:
    """The platform's subscriptions that were made here, each with its state."""
    items = _items(exchange, caller.platform_id)
    arns = platforms.find(exchange, caller.platform_id)["topics"] if items else {}
    states = {topic: topics.states(arns[topic]) for topic in sorted({item["topic"] for item in items})}
    return {"subscriptions": [_view(item, states[item["topic"]]) for item in items]}


def end(
    exchange: "ExchangeTable", topics: "Topics", caller: Caller, subscription_id: str, now: datetime
) -> dict[str, Any]:
    """Send nothing more to a subscription; `NotFound` unless it is the caller's own. Again, it changes nothing."""
    item = exchange.get(_item_id(caller.platform_id, subscription_id))
    if item is None:
        raise NotFound(ErrorCode.NOT_FOUND, subscription_id=subscription_id[:40])
    let_go = topics.unsubscribe(item["arn"])
    ended_at = item.get("ended_at", iso(now))
    exchange.set_fields(item["id"], {"ended_at": ended_at, "expires_at": int((now + KEPT).timestamp())})
    return {"subscription_id": subscription_id, "ended_at": ended_at, "state": "ended" if let_go else "lapsing"}


def _items(exchange: "ExchangeTable", platform_id: str) -> list[Item]:
    members = (exchange.get(_all_id(platform_id)) or {"members": []})["members"]
    found = exchange.get_many(_item_id(platform_id, ident) for ident in members).values()
    return sorted((one for one in found if "ended_at" not in one), key=lambda one: (one["created_at"], one["id"]))


def _view(item: Mapping[str, Any], states: Mapping[str, str]) -> dict[str, Any]:
    fields = ("subscription_id", "topic", "protocol", "endpoint", "filter", "created_at")
    hides = subscription_filter.hides_endings(item["topic"], item["filter"])
    return {
        **{field: item[field] for field in fields},
        "state": states.get(item["endpoint"], "gone"),
        **(
            {"remarks": [{"code": "filter_hides_endings", "message": message("filter_hides_endings")}]} if hides else {}
        ),
    }


def _item_id(platform_id: str, subscription_id: str) -> str:
    return f"subscription#{platform_id}#{subscription_id}"


def _all_id(platform_id: str) -> str:
    return f"subscriptions#{platform_id}"
