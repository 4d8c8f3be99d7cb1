"""The lookups of a platform or regulator, the newest first, and each as it was asked and answered (for auditors).

They are found by the numbers that the count of a day gives them, so a lookup writes nothing for it. Lookups of earlier
versions have no number: each is read by its id, and none is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import may_see_records_of
from chalicelib.errors import NotFound
from chalicelib.lookups import kept_lookups
from chalicelib.lookups.rules.shown_applicant import asked_fields
from chalicelib.lookups.rules.stored_lookup import StoredLookup
from chalicelib.messages import ErrorCode
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DayLog, DaySpan, Entry
from chalicelib.storage.item_keys import closure_task_keys
from chalicelib.storage.item_keys.lookup_keys import lookup_id_of
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupFilter:
    """Which lookups are wanted; '' for any. `by` is the id of the person or of the key that asked."""

    purpose: str = ""
    verdict: str = ""
    by: str = ""

    def fits(self, lookup: StoredLookup) -> bool:
        """Whether the lookup is wanted."""
        return (
            self.purpose in ("", lookup.purpose) and self.verdict in ("", lookup.verdict) and self.by in ("", lookup.by)
        )


@dataclass(frozen=True, slots=True)
class LookupPage:
    """A page of lookups; `next` is the cursor to read on from, '' at the end."""

    lookups: list[StoredLookup]
    next: str


def list_lookups(exchange: "ExchangeTable", owner: str, wanted: LookupFilter, span: DaySpan, limit: int) -> LookupPage:
    """The lookups that a platform or regulator made on the days of a span, those of the last 360 days.

    One read unit for each day that is passed, and for six lookups that are looked through (for each, where they have
    items of their own); see `day_log.read_back`.
    """

    def fitting(entries: Sequence[Entry]) -> list[StoredLookup | None]:
        lookups = [kept_lookups.stored_lookup(entry.item, entry.item["lookup_id"]) for entry in entries]
        return [lookup if wanted.fits(lookup) else None for lookup in lookups]

    log = DayLog(
        counter=lambda day: closure_task_keys.usage(day, owner),
        slot=lambda day, number: lookup_id_of(owner, day, number),
        field="lookups",
        read=partial(kept_lookups.read_numbers, exchange, owner),
    )
    return LookupPage(*day_log.read_back(exchange, log, span, fitting, limit))


def read_lookup(exchange: "ExchangeTable", caller: Caller, lookup_id: str, now: datetime) -> StoredLookup:
    """A lookup, for the platform that made it and for regulators; `NotFound` for others and past 360 days. One call."""
    lookup = kept_lookups.read(exchange, lookup_id) if lookup_id.startswith("k_") else None
    if lookup is None or lookup.expires_at <= now.timestamp() or not may_see_records_of(caller, lookup.platform_id):
        raise NotFound(ErrorCode.NOT_FOUND, lookup_id=lookup_id[:40])
    return lookup


def summary(lookup: StoredLookup) -> Json:
    """A lookup as its list shows it."""
    asker = {("person_id" if lookup.by.startswith("p_") else "key_id"): lookup.by} if lookup.by else {}
    return {
        "lookup_id": lookup.lookup_id,
        "platform_id": lookup.platform_id,
        "looked_up_at": lookup.at,
        "purpose": lookup.purpose,
        **asker,
        "asked": asked_fields(lookup.asked_id, lookup.given),
        "verdict": lookup.verdict,
        "matches": len(lookup.relations),
    }


def whole(lookup: StoredLookup) -> Json:
    """A lookup with what was answered: each match, which sources could not be searched, which policy judged."""
    return {
        **summary(lookup),
        "policy_version": lookup.policy,
        "unsearched": list(lookup.stale),
        "answered": [
            {"subject_id": subject_id, "relation": relation, **_verdict(lookup, subject_id)}
            for subject_id, relation in lookup.relations.items()
        ],
    }


def _verdict(lookup: StoredLookup, subject_id: str) -> Json:
    verdict = lookup.verdicts.get(subject_id)
    return {"verdict": verdict} if verdict else {}
