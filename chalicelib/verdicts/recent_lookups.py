"""A platform's latest lookups that found something, kept at hand for dry runs of policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.records import Record, stored

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

MOST_RECENT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentLookup(Record):
    """A lookup with its matches: `relations` says how each subject (by its id) was recognised."""

    lookup_id: str = stored()
    at: str = stored()
    asked_id: str = stored("", always=True)
    relations: Mapping[str, str] = stored(factory=dict, always=True)
    number: int = stored(0)
    expires_at: int = stored(0)


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
