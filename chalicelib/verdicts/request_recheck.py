"""A change of the rules may let listings block, or block no more, that did not change themselves: their tasks follow.

Whoever changes the rules names here what they concern; a scheduled job walks through the listings concerned.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from chalicelib.registry.rules.listing import Listing
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_RECHECK

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

MOST_CAUSES: Final = 200
# Every listing, where too many causes wait to be named one by one.
EVERYTHING: Final = "*"


def of_platform(platform_id: str, day: str = "") -> str:
    """What a platform filed, or filed on one day."""
    return f"platform|{platform_id}|{day}"


def of_reasons(reasons: Iterable[str]) -> str:
    """Listings for any of these reasons."""
    return f"reasons|{','.join(sorted(reasons))}|"


def request_recheck(exchange: "ExchangeTable", cause: str) -> None:
    """Let the tasks on the listings that the cause concerns be checked again; to be called once the rules are changed.

    Safe to repeat.
    """
    if not exchange.add_capped(TASK_RECHECK, "causes", cause, MOST_CAUSES):
        exchange.add_to_set(TASK_RECHECK, "causes", {EVERYTHING})


def concerns(causes: Iterable[str], listing: Listing) -> bool:
    """Whether any of the causes concerns the listing."""
    for cause in causes:
        kind, _, rest = cause.partition("|")
        what, _, day = rest.rpartition("|")
        if kind == EVERYTHING:
            return True
        if kind == "reasons" and set(what.split(",")) & set(listing.reasons):
            return True
        if kind == "platform" and listing.source.platform_id == what and day in ("", listing.filed_on):
            return True
    return False
