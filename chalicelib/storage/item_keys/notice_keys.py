"""Keys of changes, notices and subscriptions."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import CHANGES, notice_log_name, slot

# How long an item is kept after its moment; what the moment is, its kind says.
SUBSCRIPTION_KEPT: Final = timedelta(days=30)


def change(number: int) -> str:
    """A change in the log of all changes."""
    return slot(CHANGES, number)


def notice(platform_id: str, number: int) -> str:
    """A notice in the log of one platform."""
    return slot(notice_log_name(platform_id), number)


def notices_of_listing(platform_id: str, listing_id: str) -> str:
    """Which notices a platform had of one government entry."""
    return f"told#{platform_id}#{listing_id}"


def push_cursor(audience: str) -> str:
    """Up to which number all notices of a platform are pushed; of `*` all changes."""
    return f"pushed#{audience}"


def acknowledged(platform_id: str) -> str:
    """What a platform has acknowledged of its notices."""
    return f"acknowledged#{platform_id}"


def subscription(platform_id: str, subscription_id: str) -> str:
    """A subscription of a platform."""
    return f"subscription#{platform_id}#{subscription_id}"


def subscriptions(platform_id: str) -> str:
    """The ids of a platform's subscriptions."""
    return f"subscriptions#{platform_id}"
