"""Lookups are kept for 360 days, so that a platform is notified of a merchant that is listed after it asked."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups import kept_lookups, not_same_decisions
from chalicelib.lookups.rules import shown_applicant
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.lookup_answer import Answer
from chalicelib.lookups.rules.stored_lookup import StoredLookup
from chalicelib.monitoring import lookup_index
from chalicelib.registry.rules.subject_id import ids_of
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.keyed_digest import current_form
from chalicelib.verdicts.recent_lookups import RecentLookup, is_kept, keep_lookup

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, for which purpose, and how many of its platform's lookups of the day have found something by now."""

    caller: Caller
    purpose: str
    found_today: int = 0


def remember(exchange: "ExchangeTable", asker: Asker, asked: Sequence[tuple[Applicant, Answer]], now: datetime) -> None:
    """Keep who asked about whom for which purpose and what was answered, without any personal value in clear.

    The writes do not wait for each other: none rests on another.
    """
    kept = [(applicant, answer, _stored(asker, applicant, answer, now)) for applicant, answer in asked]
    writes = list(kept_lookups.writes(exchange, (lookup for _, _, lookup in kept)))
    if asker.caller.role == Role.PLATFORM:
        writes += [write for _, answer, lookup in kept for write in _beside(exchange, asker, answer, lookup, now)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda write: write(), writes))


def _stored(asker: Asker, applicant: Applicant, answer: Answer, now: datetime) -> StoredLookup:
    return StoredLookup(
        lookup_id=answer.lookup_id,
        platform_id=asker.caller.platform_id,
        purpose=asker.purpose,
        at=answer.looked_up_at,
        asked_id=applicant.asked_id,
        verdict=answer.verdict,
        relations=answer.relations,
        by=asker.caller.person_id or asker.caller.key_id,
        given=shown_applicant.kept_fields(applicant),
        verdicts={match.subject.subject_id: match.verdict for match in answer.matches},
        stale=tuple(source.name for source in answer.sources if source.status != "ok"),
        policy=answer.policy_version,
        expires_at=int((now + lookup_keys.LOOKUP_KEPT).timestamp()),
    )


def _beside(
    exchange: "ExchangeTable", asker: Asker, answer: Answer, lookup: StoredLookup, now: datetime
) -> Iterator[Callable[[], None]]:
    """What a platform's lookup leaves behind besides itself."""
    yield from _index(exchange, lookup, now)
    if answer.not_same:
        yield partial(not_same_decisions.move_decisions, exchange, lookup.platform_id, lookup.asked_id)
    # Only what found something can change by another policy.
    if lookup.relations and is_kept(asker.found_today):
        recent = RecentLookup(
            lookup_id=lookup.lookup_id,
            at=lookup.at,
            asked_id=current_form(lookup.asked_id),
            relations=lookup.relations,
        )
        yield partial(keep_lookup, exchange, lookup.platform_id, recent, now)


def _index(exchange: "ExchangeTable", lookup: StoredLookup, now: datetime) -> Iterator[Callable[[], None]]:
    """Remember that the platform asked about the applicant, and of which subjects it was given the listings."""
    own, platform_id = ids_of(lookup.asked_id), lookup.platform_id
    # A natural person is met under whichever key its subject is stored.
    for asked_id in own:
        disclosed = asked_id in lookup.relations
        yield partial(lookup_index.record_inquiry, exchange, asked_id, platform_id, now, disclosed=disclosed)
    for subject_id in lookup.relations:
        if subject_id not in own:
            yield partial(lookup_index.record_disclosure, exchange, subject_id, platform_id, now)
