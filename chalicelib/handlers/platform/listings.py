"""Listings and what becomes of them: withdrawal, what ends soon, where both sides agree, the feed of all changes."""

import re
from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.notices import published_changes
from chalicelib.registry import listing_expiry
from chalicelib.reports import withdraw_listing
from chalicelib.verdicts import update_corroboration
from chalicelib.verdicts.rules.corroboration import STATES

doors = Doors(__name__)
MOST_DAYS = 92


@doors.door("/v1/listings/{listing_id}/withdrawal", "POST", roles=(PLATFORM, REGULATOR))
def withdraw(ask: Ask, listing_id: str) -> dict[str, Any]:
    """Take back a listing that this platform or regulator filed; it stops matching with this very call."""
    from chalicelib.handlers.requests.listings import Withdrawal

    why = ask.read(Withdrawal).reason
    ended = withdraw_listing.withdraw(wiring.registry(), ask.caller, listing_id, why, wiring.now())
    logs.note("listing_withdrawn", listing=listing_id, platform=ask.caller.platform_id)
    return ended


@doors.door("/v1/listings", "GET", roles=(PLATFORM, REGULATOR))
def expiring_listings(ask: Ask) -> dict[str, Any]:
    """The listings that end within `expiring_within` days (30d), by day, up to 100; `next` leads on, '' at the end."""
    within, after = ask.query("expiring_within", "30d"), ask.query("after")
    if not re.fullmatch(r"[1-9]\d{0,2}d", within) or int(within[:-1]) > MOST_DAYS:
        raise errors.BadRequest("invalid_request", field="expiring_within", expected=f"1d..{MOST_DAYS}d")
    if after and not re.fullmatch(r"20\d\d-[01]\d-[0-3]\d\.l_[^\s]{1,200}", after):
        raise errors.BadRequest("invalid_cursor", after=after[:40])
    limit = max(ask.number("limit", 100, 100), 1)
    days = int(within[:-1])
    return listing_expiry.preview(wiring.registry(), wiring.exchange(), ask.caller, days, after, limit, wiring.now())


@doors.door("/v1/corroboration", "GET", roles=(PLATFORM, REGULATOR))
def corroborations(ask: Ask) -> dict[str, Any]:
    """Where platforms and government agree and where not, after a cursor; `state` and `platform` narrow it."""
    state, platform = ask.query("state"), ask.query("platform")
    if state and state not in STATES:
        raise errors.BadRequest("invalid_request", field="state", expected=list(STATES))
    context = dependencies.corroboration()
    return update_corroboration.list_corroborations(
        context, ask.caller, state, platform, ask.cursor(), ask.number("limit", 100, 100)
    )


@doors.door("/v1/changes", "GET", roles=(PLATFORM, REGULATOR))
def changes(ask: Ask) -> dict[str, Any]:
    """Every change after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    return published_changes.read_changes(wiring.change_log(), ask.caller, ask.cursor(), ask.number("limit", 100, 100))
