"""The end of listings by their own date: an index by day, a daily run through the one save, and a preview.

The index is derived from the stream. It may lead to a listing that has changed since, which the subject then tells.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Change, Ended
from chalicelib.registry.save_changes import save_all
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

# A day's listings lie in so many items, each of which may hold some 8,000 (an item holds 400 KB).
SHARDS: Final = 16
DONE_ID: Final = "expired-until"
# How far back the first run of all looks; before that nothing was filed.
FIRST_LOOK_BACK: Final = timedelta(days=30)
SAVED_AT_ONCE: Final = 500
# 长期: no end at all.
NO_END: Final = "2999"


def file(exchange: "ExchangeTable", images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> None:
    """File each active listing under the day on which it ends, where that day is new."""
    tomorrow = _later(china_date(now), 1)
    for old, new in images:
        before = old.listings if old else {}
        for ident, listing in new.listings.items():
            ends, known = listing.expires_on, before.get(ident)
            if not ends or ends >= NO_END or listing.state != listings.ACTIVE:
                continue
            if known and known.expires_on == ends and known.state == listings.ACTIVE:
                continue
            # Today's run may be over: what is past its end already is ended by tomorrow's.
            exchange.add_to_set(_day_id(max(ends, tomorrow), _shard(ident)), "listings", {ident})


def run(
    registry: "RegistryTable", exchange: "ExchangeTable", now: datetime, time_is_left: Callable[[], bool]
) -> dict[str, Any]:
    """End everything whose day has come since the last run; the day until which all is done.

    Killed or out of time, it goes on with the day that it was at.
    """
    today = china_date(now)
    done = (exchange.get(DONE_ID) or {}).get("day") or china_date(now - FIRST_LOOK_BACK)
    ended = 0
    while done < today:
        day = _later(done, 1)
        for shard in range(SHARDS):
            ended += _end(registry, exchange, _day_id(day, shard), today, now, time_is_left)
            if not time_is_left():
                return {"ended": ended, "done_until": done}
        exchange.put({"id": DONE_ID, "day": day})
        done = day
    return {"ended": ended, "done_until": done}


def preview(
    registry: "RegistryTable",
    exchange: "ExchangeTable",
    caller: Caller,
    days: int,
    after: str,
    limit: int,
    now: datetime,
) -> dict[str, Any]:
    """What ends within so many days, by day, as far as the caller may see; `next` is where to read on, '' at the end.

    `after` is the `next` of the page before: the day and the listing that were last looked at.
    """
    today = china_date(now)
    last = _later(today, days)
    start, _, passed = after.partition(".")
    day = start or _later(today, 1)
    found: list[dict[str, Any]] = []
    while day <= last:
        items = exchange.get_many(_day_id(day, shard) for shard in range(SHARDS)).values()
        idents = sorted(ident for item in items for ident in item["listings"] if ident > passed)
        for some in _batches(idents, 100):
            for ident, subject in _subjects_of(registry, some):
                listing = subject.listings.get(ident) if subject else None
                if not (subject and listing and _ends_on(listing, day)):
                    pass
                elif listings.may_see(listing, caller.role, caller.platform_id):
                    shown = listings.view(listing, caller.role, caller.platform_id)
                    found.append({"subject": subjects.shown(subject), "listing": shown})
                if len(found) >= limit:
                    return {"listings": found, "next": f"{day}.{ident}"}
        day, passed = _later(day, 1), ""
    return {"listings": found, "next": ""}


def _end(
    registry: "RegistryTable",
    exchange: "ExchangeTable",
    item_id: str,
    today: str,
    now: datetime,
    time_is_left: Callable[[], bool],
) -> int:
    """End what one item of the index names and its subject bears out."""
    item = exchange.get(item_id) or {"listings": []}
    ended = 0
    for some in _batches(item["listings"], SAVED_AT_ONCE):
        changes: list[Change] = []
        for ident, subject in _subjects_of(registry, some):
            listing = subject.listings.get(ident) if subject else None
            if listing and listing.state == listings.ACTIVE and listing.expires_on and listing.expires_on <= today:
                who = listings.subject_of(ident)
                changes.append(Ended(who, ident, "expired", iso(now), "term", because=listings.why_over(listing)))
        save_all(registry, changes)
        ended += len(changes)
        if not time_is_left():
            break
    return ended


def _subjects_of(registry: "RegistryTable", idents: list[str]) -> Iterator[tuple[str, Subject | None]]:
    known = registry.subjects(listings.subject_of(ident) for ident in idents)
    for ident in idents:
        yield ident, known.get(listings.subject_of(ident))


def _ends_on(listing: Listing, day: str) -> bool:
    return listing.state == listings.ACTIVE and listing.expires_on == day


def _batches(idents: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(idents), size):
        yield idents[start : start + size]


def _day_id(day: str, shard: int) -> str:
    return f"expiring#{day}#{shard:x}"


def _shard(ident: str) -> int:
    return int(hashlib.sha256(ident.encode()).hexdigest()[:8], 16) % SHARDS


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
