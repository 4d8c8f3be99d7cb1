"""End listings by their own date: an index by day, and a daily run through the one save.

The index is derived from the stream. It may lead to a listing that has changed since; then the subject decides.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.registry.rules.listing import ACTIVE, Listing, subject_of, why_over
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Change, Ended
from chalicelib.registry.save_subject_changes import save_all
from chalicelib.storage.item_keys import registry_keys
from chalicelib.storage.item_keys.scheduled_job_keys import EXPIRED_UNTIL
from chalicelib.storage.set_aside import set_aside
from chalicelib.storage.sharded_set import ShardedSet
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

# The listings that end on a day. Earlier versions had 16 parts without a bound.
ENDS: Final = ShardedSet(
    field="listings",
    key=registry_keys.expiring_part,
    parts=64,
    most=2_000,
    older=lambda day: [registry_keys.expiring(day, shard) for shard in range(16)],
)
# How far back the first run of all looks; before that nothing was indexed.
FIRST_LOOK_BACK: Final = timedelta(days=30)
SAVED_AT_ONCE: Final = 500
# 长期: no end at all.
NO_END: Final = "2999"
JOB: Final = "listing_expiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The registry, and the exchange table that holds the index of ends by day."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"


def index_ends(exchange: "ExchangeTable", images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> None:
    """Index each active listing under the day on which it ends, where that day is new."""
    tomorrow = later(china_date(now), 1)
    for old, new in images:
        for listing_id, listing in new.listings.items():
            before = old.listings.get(listing_id) if old else None
            if _has_end(listing) and not (before and _has_end(before) and before.expires_on == listing.expires_on):
                # Today's run may be over: what is past its end already is ended by tomorrow's.
                day = max(listing.expires_on, tomorrow)
                ENDS.add(exchange, day, listing_id)


def end_due_listings(context: Context, now: datetime, time_is_left: Callable[[], bool]) -> Json:
    """End every listing whose day has come since the last run; the day until which all is done.

    Killed or out of time, it goes on with the day that it was at.
    """
    today = china_date(now)
    done = (context.exchange.get(EXPIRED_UNTIL) or {}).get("day") or china_date(now - FIRST_LOOK_BACK)
    ended = 0
    while done < today:
        day = later(done, 1)
        for _, listing_ids in ENDS.parts_of(context.exchange, day):
            ended += _end_part(context, listing_ids, now, time_is_left)
            if not time_is_left():
                return {"ended": ended, "done_until": done}
        context.exchange.put({"id": EXPIRED_UNTIL, "day": day})
        done = day
    return {"ended": ended, "done_until": done}


def listings_ending(context: Context, day: str, after: str = "") -> Iterator[tuple[str, Subject | None]]:
    """The ids that the index has for a day, in order, those after `after` only, each with its subject as it is now."""
    ids = [listing_id for listing_id in ENDS.members(context.exchange, day) if listing_id > after]
    for batch in _batches(ids, 100):
        yield from _with_subjects(context.registry, batch)


def later(day: str, days: int) -> str:
    """The day that is so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _end_part(context: Context, listing_ids: list[str], now: datetime, time_is_left: Callable[[], bool]) -> int:
    """End those listings of one part of the index that are due by their subjects; how many."""
    ended = 0
    for batch in _batches(listing_ids, SAVED_AT_ONCE):
        changes: list[Change] = []
        for listing_id, subject in _with_subjects(context.registry, batch):
            listing = subject.listings.get(listing_id) if subject else None
            if listing and _has_end(listing) and listing.expires_on <= china_date(now):
                changes.append(_end_of(listing, iso(now)))
        unsaved = save_all(context.registry, changes)
        set_aside(context.exchange, (each.record(JOB, china_date(now)) for each in unsaved))
        ended += len(changes) - len(unsaved)
        if not time_is_left():
            break
    return ended


def _end_of(listing: Listing, at: str) -> Ended:
    return Ended(subject_of(listing.listing_id), listing.listing_id, "expired", at, "term", because=why_over(listing))


def _has_end(listing: Listing) -> bool:
    """Whether the listing is active and has a day on which it ends."""
    return listing.state == ACTIVE and "" < listing.expires_on < NO_END


def _with_subjects(registry: "RegistryTable", ids: list[str]) -> Iterator[tuple[str, Subject | None]]:
    subjects = registry.subjects(subject_of(listing_id) for listing_id in ids)
    for listing_id in ids:
        yield listing_id, subjects.get(subject_of(listing_id))


def _batches(ids: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
