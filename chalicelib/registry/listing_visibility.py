"""Which listings of a subject a caller may see."""

from datetime import datetime

from chalicelib.accounts.api_keys import Caller
from chalicelib.registry.rules.listing import Listing, may_see
from chalicelib.registry.rules.subject import Subject, active_listings
from chalicelib.values.timestamps import china_date


def visible(caller: Caller, subject: Subject, now: datetime) -> list[Listing]:
    """The active listings of the subject that the caller may see."""
    today = china_date(now)
    return [
        listing
        for listing in active_listings(subject)
        if may_see(listing, caller.role, caller.platform_id)
        # Ended by its own date, though the daily run has not come by yet.
        and not (listing.expires_on and listing.expires_on <= today)
    ]
