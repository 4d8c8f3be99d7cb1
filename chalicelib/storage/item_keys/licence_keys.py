"""Keys of verified licences, their checks, and the displays that show them."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import display_log_name, slot, verified_licence_log_name

# How long an item is kept after its moment; what the moment is, its kind says.
LICENCE_CHECK_KEPT: Final = timedelta(days=360)
PRESENTATION_KEPT: Final = timedelta(days=1)
CHECK_RECEIPT_KEPT: Final = timedelta(days=3 * 366 + 31)


def licence(uscc: str) -> str:
    """The current state of a merchant's licence."""
    return f"licence#{uscc}"


def licences_due(day: str) -> str:
    """The licences that are to be verified again on that day, as earlier versions stored them."""
    return f"licences_due#{day}"


def licences_due_part(day: str, part: int) -> str:
    """The licences that are to be verified again on that day, one part of them."""
    return f"licences_due#{day}#{part:02x}"


def day_of_due(key: str) -> str:
    """The day in a key of licences that are due."""
    return key.split("#")[1]


def licence_check(check_id: str) -> str:
    """A check of a licence: its challenge and its outcome."""
    return f"licence_check#{check_id}"


def presentation(proof: str) -> str:
    """Which check a presentation (as SHA-256) was used for."""
    return f"presented#{proof}"


def check_receipt(receipt_id: str) -> str:
    """The receipt of a decided check."""
    return f"receipt#{receipt_id}"


def verified_licence(platform_id: str, number: int) -> str:
    """A licence in the log of those that were verified for one platform."""
    return slot(verified_licence_log_name(platform_id), number)


def display(display_id: str) -> str:
    """A display of a licence."""
    return f"display#{display_id}"


def displays_of(uscc: str) -> str:
    """Every display of one merchant's licence."""
    return f"displays#{uscc}"


def display_entry(platform_id: str, number: int) -> str:
    """A display in the log of one platform's displays."""
    return slot(display_log_name(platform_id), number)


def shop_visits_due(day: str) -> str:
    """The displays whose shop pages are to be visited on that day, as earlier versions stored them."""
    return f"shops_due#{day}"


def shop_visits_due_part(day: str, part: int) -> str:
    """The displays whose shop pages are to be visited on that day, one part of them."""
    return f"shops_due#{day}#{part:02x}"


def identity_report(platform_id: str, period: str) -> str:
    """The report of identity data of one platform for a half-year."""
    return f"identity#{platform_id}#{period}"
