"""Where notices are pushed to: /v1/subscriptions."""

from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.errors import BadRequest, FeedUnreachable
from chalicelib.handlers.routing import ANYONE, OPERATOR, PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.notices import DeliveryTest, Subscription
    from chalicelib.notices import subscriptions as subscribing

routes = Routes(__name__, "notices")


@routes.route(
    "/v1/subscriptions",
    "POST",
    "createSubscription",
    roles=(PLATFORM, REGULATOR),
    body="notices:Subscription",
    returns="notice_inbox:SubscriptionView",
    status=201,
    errors=(
        ErrorCode.ACCOUNT_MISSING,
        ErrorCode.ENDPOINT_REFUSED,
        ErrorCode.FILTER_TOO_WIDE,
        ErrorCode.SUBSCRIPTION_LIMIT,
    ),
)
def subscribe(request: Request, body: "Subscription") -> Json:
    """Have notices pushed to a queue, a web address or an e-mail address, through a filter."""
    from chalicelib.notices import subscriptions as subscribing
    from chalicelib.notices.rules.subscription import NewSubscription
    from chalicelib.notices.rules.subscription_filter import SubscriptionFilter

    new = NewSubscription(
        body.topic, body.protocol, body.endpoint, SubscriptionFilter.from_item(body.filter.model_dump())
    )
    made = subscribing.subscribe(context(), request.caller, new, wiring.now())
    logs.note("subscribed", platform=request.caller.platform_id, subscription=made["subscription_id"])
    return made


@routes.route(
    "/v1/subscriptions",
    "GET",
    "listSubscriptions",
    roles=(PLATFORM, REGULATOR),
    returns="notice_inbox:SubscriptionList",
)
def subscriptions(request: Request) -> Json:
    """The subscriptions that were made here, each with its state."""
    from chalicelib.notices import subscriptions as subscribing

    return subscribing.list_subscriptions(context(), request.caller, wiring.now())


@routes.route(
    "/v1/platforms/{platform_id}/subscriptions",
    "GET",
    "listSubscriptionsOf",
    roles=(OPERATOR,),
    returns="notice_inbox:SubscriptionList",
    errors=(ErrorCode.NOT_FOUND,),
)
def subscriptions_of(_: Request, platform_id: str) -> Json:
    """The subscriptions of a participant with the state of their delivery, mailboxes masked."""
    from chalicelib.accounts import platforms
    from chalicelib.handlers.desk.subscription_desk import masked
    from chalicelib.notices import subscriptions as subscribing

    listed = subscribing.subscriptions_of(context(), platforms.get(wiring.exchange(), platform_id).platform_id)
    return {"subscriptions": [masked(each) for each in listed["subscriptions"]]}


@routes.route(
    "/v1/subscriptions/{subscription_id}",
    "DELETE",
    "endSubscription",
    roles=(PLATFORM, REGULATOR),
    returns="notice_inbox:EndedSubscription",
    errors=(ErrorCode.NOT_FOUND,),
)
def unsubscribe(request: Request, subscription_id: str) -> Json:
    """Push nothing more there."""
    from chalicelib.notices import subscriptions as subscribing

    ended = subscribing.unsubscribe(context(), request.caller, subscription_id, wiring.now())
    logs.note("unsubscribed", platform=request.caller.platform_id, subscription=ended["subscription_id"])
    return ended


@routes.route(
    "/v1/subscriptions/{subscription_id}/test",
    "POST",
    "testSubscription",
    roles=ANYONE,
    body="notices:DeliveryTest",
    returns="notice_inbox:DeliveryTestState",
    status=202,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.PLATFORM_NEEDED, ErrorCode.TEST_REACHES_OTHERS),
)
def test(request: Request, body: "DeliveryTest", subscription_id: str) -> Json:
    """Send a marked notice, which its receiver can tell from every real one."""
    from chalicelib.notices.notice_inbox import Inbox
    from chalicelib.notices.send_delivery_test import send_test

    is_operator = request.caller.role == OPERATOR
    platform_id = body.platform_id if is_operator else request.caller.platform_id
    if not platform_id:
        raise BadRequest(ErrorCode.PLATFORM_NEEDED, field="platform_id")
    inbox = Inbox(wiring.exchange(), wiring.notice_log(platform_id), platform_id)
    sent = send_test(inbox, wiring.topics(), subscription_id, wiring.now())
    logs.note("delivery_tested", platform=platform_id, subscription=subscription_id, by=request.caller.platform_id)
    return sent


def context() -> "subscribing.Context":
    """What subscriptions work with, of this container."""
    from chalicelib.notices import subscriptions as subscribing

    return subscribing.Context(
        exchange=wiring.exchange(),
        topics=wiring.topics(),
        notices=wiring.notice_log,
        check_web_address=_check_web_address,
    )


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
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem=problem) from error
    except OSError as error:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="the host has no address") from error
