"""List the listings that end within some days, by day, as far as the caller may see them."""

from datetime import datetime

from chalicelib.accounts.api_keys import Caller
from chalicelib.registry.listing_expiry import Context, later, listings_ending
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date


def list_expiring(context: Context, caller: Caller, days: int, after: str, limit: int, now: datetime) -> Json:
    """The listings that end within so many days; `next` is where to read on, '' at the end.

    `after` is the `next` of the page before: the day and the listing that were last looked at.
    """
    today = china_date(now)
    start, _, passed = after.partition(".")
    day, last = start or later(today, 1), later(today, days)
    page: list[Json] = []
    while day <= last:
        for listing_id, subject in listings_ending(context, day, passed):
            page += _visible(caller, subject, listing_id, day)
            if len(page) >= limit:
                return {"listings": page, "next": f"{day}.{listing_id}"}
        day, passed = later(day, 1), ""
    return {"listings": page, "next": ""}


def _visible(caller: Caller, subject: Subject | None, listing_id: str, day: str) -> list[Json]:
    """The listing with its subject, if it ends on that day and the caller may see it."""
    listing = subject.listings.get(listing_id) if subject else None
    if not subject or not listing or listing.state != listings.ACTIVE or listing.expires_on != day:
        return []
    if not listings.may_see(listing, caller.role, caller.platform_id):
        return []
    view = listings.view(listing, caller.role, caller.platform_id)
    return [{"subject": subjects.view(subject), "listing": view}]
