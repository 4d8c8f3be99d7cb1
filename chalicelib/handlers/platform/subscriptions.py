"""Where notices are pushed to: /v1/subscriptions."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.errors import BadRequest, FeedUnreachable
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.notices import subscriptions as subscribing
from chalicelib.notices.rules.subscription import NewSubscription
from chalicelib.notices.rules.subscription_filter import SubscriptionFilter

doors = Doors(__name__)


@doors.door("/v1/subscriptions", "POST", roles=(PLATFORM, REGULATOR))
def subscribe(ask: Ask) -> Reply:
    """Have notices pushed to a queue, a web address or an e-mail address, through a filter."""
    from chalicelib.handlers.requests.notices import Subscription

    wanted = ask.read(Subscription)
    new = NewSubscription(
        wanted.topic, wanted.protocol, wanted.endpoint, SubscriptionFilter.from_item(wanted.filter.model_dump())
    )
    made = subscribing.subscribe(_context(), ask.caller, new, wiring.now())
    logs.note("subscribed", platform=ask.caller.platform_id, subscription=made["subscription_id"])
    return Reply(made, 201)


@doors.door("/v1/subscriptions", "GET", roles=(PLATFORM, REGULATOR))
def subscriptions(ask: Ask) -> dict[str, Any]:
    """The subscriptions that were made here, each with its state."""
    return subscribing.list_subscriptions(_context(), ask.caller)


@doors.door("/v1/subscriptions/{subscription_id}", "DELETE", roles=(PLATFORM, REGULATOR))
def unsubscribe(ask: Ask, subscription_id: str) -> dict[str, Any]:
    """Push nothing more there."""
    ended = subscribing.unsubscribe(_context(), ask.caller, subscription_id, wiring.now())
    logs.note("unsubscribed", platform=ask.caller.platform_id, subscription=ended["subscription_id"])
    return ended


def _context() -> subscribing.Context:
    return subscribing.Context(exchange=wiring.exchange(), topics=wiring.topics(), check_web_address=_check_web_address)


def _check_web_address(url: str) -> None:
    """Raise `BadRequest` for an address that is not https on the open internet; loopback where feeds may be, too."""
    from urllib.parse import urlsplit

    from chalicelib.government_lists.adapters import ssrf_guard

    let_loopback = wiring.settings().feeds_from_loopback == "yes"
    try:
        ssrf_guard.check_url(url, let_loopback)
        parts = urlsplit(url)
        ssrf_guard.safe_addresses(str(parts.hostname), parts.port or 443, let_loopback)
    except FeedUnreachable as error:
        problem = error.problem.replace("a feed's address", "the address")
        raise BadRequest("endpoint_refused", problem=problem) from error
    except OSError as error:
        raise BadRequest("endpoint_refused", problem="the host has no address") from error
