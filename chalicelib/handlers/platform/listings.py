"""Listings and what becomes of them: withdrawal, what ends soon, where both sides agree, the feed of all changes."""

from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.parameters import PAGE_OF_100, DayCursor, Days, Parameter, limit
from chalicelib.handlers.route_declaration import decides
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.reports import Withdrawal

routes = Routes(__name__, "listings")
CORROBORATION_STATES: Final = ("conflict", "both", "platform_only", "government_only", "none")
EXPIRING_PAGE: Final = (
    Days("expiring_within", "多少天内到期", "within how many days they end", 30, most=92),
    DayCursor(
        "after",
        "上一页的 `next`，从其后读取",
        "the `next` of the page before, to read on after it",
        pattern=r"l_\S{1,200}",
    ),
    limit(100, 100),
)
CORROBORATION_PAGE: Final = (
    Parameter("state", "只列出该状态", "only subjects in that state", choices=CORROBORATION_STATES),
    Parameter(
        "platform", "只列出该平台报送的（监管部门）", "only those that this platform reported (regulators)", most=40
    ),
    *PAGE_OF_100,
)


@routes.route(
    "/v1/listings/{listing_id}/withdrawal",
    "POST",
    "withdrawListing",
    roles=(PLATFORM, REGULATOR),
    body="reports:Withdrawal",
    returns="shared:Listing",
    errors=(ErrorCode.NOT_FOUND,),
    also={202: "people.pending:HeldForSecond"},
    second_person=decides,
)
def withdraw(request: Request, body: "Withdrawal", listing_id: str) -> Json:
    """Take back a listing that this platform or regulator filed; it stops matching with this very call."""
    from chalicelib.reports import withdraw_listing

    why = body.reason
    ended = withdraw_listing.withdraw(wiring.registry(), request.caller, listing_id, why, wiring.now())
    logs.note("listing_withdrawn", listing=listing_id, platform=request.caller.platform_id)
    return ended


@routes.route(
    "/v1/listings",
    "GET",
    "listExpiringListings",
    roles=(PLATFORM, REGULATOR),
    query=EXPIRING_PAGE,
    returns="listings:ExpiringListings",
)
def expiring_listings(request: Request) -> Json:
    """The listings that end within `expiring_within` days (30d), by day, up to 100; `next` leads on, '' at the end."""
    from chalicelib.registry.expiring_listings import list_expiring
    from chalicelib.registry.listing_expiry import Context

    days, after, limit = request.number("expiring_within"), request.text("after"), request.number("limit")
    context = Context(registry=wiring.registry(), exchange=wiring.exchange())
    return list_expiring(context, request.caller, days, after, limit, wiring.now())


@routes.route(
    "/v1/corroboration",
    "GET",
    "listCorroboration",
    roles=(PLATFORM, REGULATOR),
    query=CORROBORATION_PAGE,
    returns="listings:CorroborationPage",
)
def corroborations(request: Request) -> Json:
    """Where platforms and government agree and where not, after a cursor; `state` and `platform` narrow it."""
    from chalicelib.verdicts import update_corroboration

    state, platform = request.text("state"), request.text("platform")
    context = dependencies.corroboration()
    return update_corroboration.list_corroborations(
        context, request.caller, state, platform, request.number("after"), request.number("limit")
    )


@routes.route(
    "/v1/changes", "GET", "listChanges", roles=(PLATFORM, REGULATOR), query=PAGE_OF_100, returns="listings:ChangePage"
)
def changes(request: Request) -> Json:
    """Every change after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    from chalicelib.notices import read_changes

    return read_changes.read_changes(
        wiring.change_log(), request.caller, request.number("after"), request.number("limit")
    )
