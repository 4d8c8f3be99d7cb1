"""Answers that are late: open disputes are indexed by the day on which the answer is due, and flagged once it is over.

The index is derived from the stream and may lead to a dispute that was answered since; the subject itself decides.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.disputes.rules.dispute import Disputed, refusal
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import Dispute
from chalicelib.registry.rules.listing_disputes import OPEN
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Change
from chalicelib.registry.save_subject_changes import save_all
from chalicelib.storage.item_keys.dispute_keys import answers_due, answers_due_part
from chalicelib.storage.item_keys.scheduled_job_keys import DISPUTE_CLOCKS_UNTIL
from chalicelib.storage.set_aside import set_aside
from chalicelib.storage.sharded_set import ShardedSet
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

# How far back the first run of all looks; before that nothing was indexed.
FIRST_LOOK_BACK: Final = timedelta(days=30)
# Who flags, as the history of a listing names it.
ACTOR: Final = "clock"
JOB: Final = "overdue_answers"
# The disputes whose clock has run out at the end of a day, each with its listing: some 110 bytes.
ANSWERS: Final = ShardedSet(
    field="disputes", key=answers_due_part, parts=64, most=1_000, older=lambda day: [answers_due(day)]
)


def index_due_answers(
    exchange: "ExchangeTable", images: Iterable[tuple[Subject | None, Subject]], now: datetime
) -> None:
    """Index each new dispute that still waits for its answer by the day on which the answer is due."""
    for old, new in images:
        before = old.listings if old else {}
        for listing_id, listing in new.listings.items():
            earlier_disputes = before[listing_id].disputes if listing_id in before else {}
            for dispute in listing.disputes.values():
                if dispute.dispute_id not in earlier_disputes and _is_waiting(dispute):
                    ANSWERS.add(exchange, _indexed_on(dispute, now), f"{listing_id}|{dispute.dispute_id}")


def flag_overdue(
    registry: "RegistryTable", exchange: "ExchangeTable", now: datetime, time_is_left: Callable[[], bool]
) -> int:
    """Flag every dispute whose reporter has not answered in time; how many. Run often: today is always looked at."""
    today = china_date(now)
    done = (exchange.get(DISPUTE_CLOCKS_UNTIL) or {}).get("day") or china_date(now - FIRST_LOOK_BACK)
    flagged, day = 0, done
    while day < today and time_is_left():
        day = _next_day(day)
        for _, names in ANSWERS.parts_of(exchange, day):
            flagged += _flag_part(registry, exchange, day, names, now)
        if day < today:
            exchange.put({"id": DISPUTE_CLOCKS_UNTIL, "day": day})
    return flagged


def _flag_part(
    registry: "RegistryTable", exchange: "ExchangeTable", day: str, indexed: Iterable[str], now: datetime
) -> int:
    """Flag those of some disputes of a day that are late by their subjects; how many."""
    names = [name.rpartition("|") for name in indexed]
    subjects = registry.subjects(listings.subject_of(listing_id) for listing_id, _, _ in names)
    changes: list[Change] = []
    for listing_id, _, dispute_id in names:
        subject_id = listings.subject_of(listing_id)
        change = Disputed(
            subject_id=subject_id, listing_id=listing_id, dispute_id=dispute_id, step="overdue", at=iso(now), by=ACTOR
        )
        listing = subjects[subject_id].listings.get(listing_id) if subject_id in subjects else None
        if listing and not refusal(listing, change):
            changes.append(change)
    unsaved = save_all(registry, changes)
    set_aside(exchange, (each.record(JOB, day) for each in unsaved))
    return len(changes) - len(unsaved)


def _is_waiting(dispute: Dispute) -> bool:
    return dispute.state == OPEN and not dispute.overdue_at


def _indexed_on(dispute: Dispute, now: datetime) -> str:
    """The day on which the time has surely ended, and never a day that no run will look at again."""
    ends = china_date(datetime.fromisoformat(dispute.due))
    return max(ends, _next_day(china_date(now)))


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
