"""Lookups are kept for 360 days, so that a platform is notified of a merchant that is listed after it asked."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.lookup_answer import Answer
from chalicelib.lookups.rules.stored_lookup import StoredLookup
from chalicelib.monitoring import lookup_index
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.verdicts.recent_lookups import RecentLookup, keep_lookup

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def remember(
    exchange: "ExchangeTable", caller: Caller, purpose: str, applicant: Applicant, answer: Answer, now: datetime
) -> None:
    """Keep who asked about whom for which purpose and what was answered, without any personal value in clear."""
    lookup = StoredLookup(
        lookup_id=answer.lookup_id,
        platform_id=caller.platform_id,
        purpose=purpose,
        at=answer.looked_up_at,
        asked_id=applicant.asked_id,
        verdict=answer.verdict,
        relations=answer.relations,
        expires_at=int((now + lookup_keys.LOOKUP_KEPT).timestamp()),
    )
    if caller.role == Role.PLATFORM:
        _index(exchange, lookup, now)
    exchange.put({"id": lookup_keys.lookup(lookup.lookup_id), **lookup.to_item()})
    # Only what found something can change by another policy.
    if lookup.relations and caller.role == Role.PLATFORM:
        recent = RecentLookup(
            lookup_id=lookup.lookup_id, at=lookup.at, asked_id=lookup.asked_id, relations=lookup.relations
        )
        keep_lookup(exchange, caller.platform_id, recent, now)


def _index(exchange: "ExchangeTable", lookup: StoredLookup, now: datetime) -> None:
    """Remember that the platform asked about the applicant, and of which subjects it was given the listings."""
    if lookup.asked_id:
        lookup_index.record_inquiry(exchange, lookup.asked_id, lookup.platform_id, now)
    for subject_id in lookup.relations:
        lookup_index.record_disclosure(exchange, subject_id, lookup.platform_id, now)
