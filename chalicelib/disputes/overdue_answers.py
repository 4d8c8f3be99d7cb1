"""The clock of an answer: open disputes are filed under the day on which it ends, and flagged when it has.

The index is derived from the stream and may lead to a dispute that was answered since, which the subject then tells.
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
from chalicelib.registry.save_changes import save_all
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

DONE_ID: Final = "disputes-chased-until"
# How far back the first run of all looks; before that nothing was filed.
FIRST_LOOK_BACK: Final = timedelta(days=30)
SYSTEM: Final = "clock"


def file(exchange: "ExchangeTable", images: Iterable[tuple[Subject | None, Subject]], now: datetime) -> None:
    """File each dispute that still waits for its answer under the day on which the clock ends, where that is new."""
    for old, new in images:
        before = old.listings if old else {}
        for ident, listing in new.listings.items():
            known = before[ident].disputes if ident in before else {}
            for dispute in listing.disputes.values():
                if dispute.dispute_id not in known and _waits(dispute):
                    exchange.add_to_set(_day_id(_filed_on(dispute, now)), "disputes", {_name(ident, dispute)})


def flag_overdue(
    registry: "RegistryTable", exchange: "ExchangeTable", now: datetime, time_is_left: Callable[[], bool]
) -> int:
    """Flag every dispute whose reporter has not answered in time; how many. Run often: today is always looked at."""
    today = china_date(now)
    done = (exchange.get(DONE_ID) or {}).get("day") or china_date(now - FIRST_LOOK_BACK)
    flagged, day = 0, done
    while day < today and time_is_left():
        day = _later(day)
        flagged += _flag(registry, exchange, day, now)
        if day < today:
            exchange.put({"id": DONE_ID, "day": day})
    return flagged


def _flag(registry: "RegistryTable", exchange: "ExchangeTable", day: str, now: datetime) -> int:
    filed = (exchange.get(_day_id(day)) or {"disputes": ()})["disputes"]
    names = [name.rpartition("|") for name in filed]
    subjects = registry.subjects(listings.subject_of(ident) for ident, _, _ in names)
    changes: list[Change] = []
    for ident, _, dispute_id in names:
        who = listings.subject_of(ident)
        change = Disputed(who, ident, dispute_id, "overdue", iso(now), SYSTEM, {})
        listing = subjects[who].listings.get(ident) if who in subjects else None
        if listing and not refusal(listing, change):
            changes.append(change)
    save_all(registry, changes)
    return len(changes)


def _waits(dispute: Dispute) -> bool:
    return dispute.state == OPEN and not dispute.overdue_at


def _filed_on(dispute: Dispute, now: datetime) -> str:
    """The day on which the clock has surely ended; a day that may be looked at no more is not filed under."""
    ends = china_date(datetime.fromisoformat(dispute.due))
    return max(ends, _later(china_date(now)))


def _name(ident: str, dispute: Dispute) -> str:
    return f"{ident}|{dispute.dispute_id}"


def _day_id(day: str) -> str:
    return f"answer-due#{day}"


def _later(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
