"""A platform's latest lookups that found something, kept at hand for dry runs of policies.

All that a usual day finds are kept. Once a day has found many, each further one is kept as likely as it takes for the
sample to stand for the whole day, and not for its last minutes.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.records import Record, stored

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

MOST_RECENT: Final = 200
# So many of a day are kept, whatever comes.
KEPT_OF_A_DAY: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentLookup(Record):
    """A lookup with its matches: `relations` says how each subject (by its id) was recognised."""

    lookup_id: str = stored()
    at: str = stored()
    asked_id: str = stored("", always=True)
    relations: Mapping[str, str] = stored(factory=dict, always=True)
    number: int = stored(0)
    expires_at: int = stored(0)


def is_kept(found_today: int, below: Callable[[int], int] = secrets.randbelow) -> bool:
    """Whether a lookup is kept that is the so-manieth of its platform's day to find something."""
    return found_today <= KEPT_OF_A_DAY or below(found_today) < KEPT_OF_A_DAY


def keep_lookup(exchange: "ExchangeTable", platform_id: str, lookup: RecentLookup, now: datetime) -> None:
    """Keep a lookup among the platform's latest, in the place of the oldest."""
    number = exchange.increment(lookup_keys.recent_lookup_count(platform_id), "number")
    expires_at = int((now + lookup_keys.RECENT_LOOKUP_KEPT).timestamp())
    kept = lookup.replace(number=number, expires_at=expires_at)
    exchange.put({"id": _place(platform_id, number), **kept.to_item()})


def recent_lookups(exchange: "ExchangeTable", platform_id: str, now: datetime) -> list[RecentLookup]:
    """The platform's latest lookups that found something, the newest first."""
    items = exchange.get_many(_place(platform_id, number) for number in range(MOST_RECENT)).values()
    kept = [lookup for lookup in map(RecentLookup.from_item, items) if lookup.expires_at > now.timestamp()]
    return sorted(kept, key=lambda lookup: lookup.number, reverse=True)


def _place(platform_id: str, number: int) -> str:
    return lookup_keys.recent_lookup(platform_id, number % MOST_RECENT)
