"""Which listings of a subject a caller may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.accounts.api_keys import Caller
from chalicelib.registry.rules import listing, subject
from chalicelib.values.timestamps import china_date


def visible(caller: Caller, found: Mapping[str, Any], now: datetime) -> list[listing.Listing]:
    """The listings that stand against the subject and that the caller may see."""
    today = china_date(now)
    return [
        one
        for one in subject.active_listings(found)
        if listing.may_see(one, caller.role, caller.platform_id)
        # Ended by its own date, though the daily run has not come by yet.
        and not (one.get("expires_on") and one["expires_on"] <= today)
    ]
