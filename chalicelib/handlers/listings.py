"""Listings and what becomes of them: withdrawal, and the feed of all changes."""

from typing import Any

from chalicelib import logs, wiring
from chalicelib.handlers.api import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.services import notifying, withdrawing

doors = Doors(__name__)


@doors.door("/v1/listings/{listing_id}/withdrawal", "POST", roles=(PLATFORM,))
def withdraw(ask: Ask, listing_id: str) -> dict[str, Any]:
    """Take back a listing that this platform reported; it stops matching with this very call."""
    from chalicelib.handlers.models import Withdrawal

    why = ask.read(Withdrawal).reason
    ended = withdrawing.withdraw(wiring.registry(), ask.caller, listing_id, why, wiring.now())
    logs.note("listing_withdrawn", listing=listing_id, platform=ask.caller.platform_id)
    return ended


@doors.door("/v1/changes", "GET", roles=(PLATFORM, REGULATOR))
def changes(ask: Ask) -> dict[str, Any]:
    """Every change after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    return notifying.read_changes(wiring.changes(), ask.caller, ask.cursor(), ask.number("limit", 100, 100))
