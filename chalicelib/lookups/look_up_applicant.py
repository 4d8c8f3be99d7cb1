"""A lookup: is this applicant somebody who was evicted elsewhere?

One round trip to the store when nothing is found, two when something is; the cost does not grow with the lists.
"""

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import NotFound
from chalicelib.government_lists.rules import source_freshness
from chalicelib.lookups import not_same_decisions
from chalicelib.lookups.rules import find_candidates
from chalicelib.lookups.rules.find_candidates import Applicant, Hit
from chalicelib.matching import explain_match
from chalicelib.messages import ErrorCode
from chalicelib.registry.listing_visibility import visible
from chalicelib.registry.rules import listing, subject
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import load_rules
from chalicelib.verdicts.rules import (
    corroboration,
    decide_verdict,
    registration_verdicts,
    verdict_by_severity,
)
from chalicelib.verdicts.rules.rules_in_force import Rules

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import Page, RegistryTable

AT_ONCE: Final = 8
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found: matches, who was told apart by a person, the sources, and every item that was read."""

    matches: list[Answer]
    told_apart: list[str]
    sources: list[Answer]
    subjects: Mapping[str, subject.Subject]
    others: Mapping[str, dict[str, Any]]


def look_up(
    registry: "RegistryTable", feeds: Sequence[str], caller: Caller, applicant: Applicant, now: datetime
) -> Answer:
    """The verdict on an applicant, with every match, why it matched, and every source that was searched."""
    found = search_for(registry, feeds, caller, applicant, now)
    worst = [one["verdict"] for one in found.matches]
    registered = _registered(applicant, found.subjects)
    worst.extend(one["verdict"] for one in registered.values())
    if any(source["status"] != "ok" for source in found.sources):
        worst.append("unknown")
    return {
        "lookup_id": "k_" + secrets.token_hex(12),
        "verdict": verdict_by_severity.gravest(worst),
        "matches": found.matches,
        **registered,
        "told_apart": found.told_apart,
        "sources": found.sources,
        "looked_up_at": iso(now),
    }


def search_for(
    registry: "RegistryTable",
    feeds: Sequence[str],
    caller: Caller,
    applicant: Applicant,
    now: datetime,
    also: Sequence[str] = (),
) -> Searched:
    """Everybody whom the applicant may be, in one round trip, or two.

    `also` are exchange items to read on the way, as they are at this moment.
    """
    ids, keys = find_candidates.asked(applicant)
    memory = not_same_decisions.memory_id(caller.platform_id, find_candidates.known_as(applicant))
    items = [government_list_keys.SOURCES, memory, *rule_ids(caller), *also]
    page = registry.candidates(ids, keys, items, fresh=bool(also))
    decided = not_same_decisions.decided(page.others, memory)
    rules = load_rules.read_rules(_by_id(page), caller.platform_id)
    hits = find_candidates.hits(applicant, page.subjects, page.postings, decided)
    missing = [hit.subject_id for hit in hits if hit.subject_id not in page.subjects]
    subjects = {**page.subjects, **(registry.subjects(missing) if missing else {})}
    matches = [
        match
        for hit in hits
        if hit.subject_id in subjects
        and (match := _match(caller, applicant, hit, subjects[hit.subject_id], rules, now))
    ]
    matches.sort(key=lambda one: (verdict_by_severity.VERDICTS.index(one["verdict"]), one["score"]), reverse=True)
    return Searched(matches, sorted(decided), _sources(page, feeds, now), subjects, _by_id(page))


def _registered(applicant: Applicant, subjects: Mapping[str, subject.Subject]) -> dict[str, Answer]:
    """What the register says of exactly the code that was given, judged by the table of onboarding; {} for nothing."""
    exact = applicant.uscc and not applicant.repaired
    found = subjects.get(f"uscc:{applicant.uscc}") if exact else None
    known = found.registration if found else Registration()
    row = registration_verdicts.BY_STATUS.get(known.status)
    if row is None:
        return {}
    why = {"zh": row.zh, "en": row.en}
    return {"registration": {"status": row.name, "verdict": row.verdict, "why": why, "said_at": known.at}}


def look_up_many(
    registry: "RegistryTable",
    feeds: Sequence[str],
    caller: Caller,
    applicants: Sequence[Applicant],
    now: datetime,
) -> list[Answer]:
    """One answer for each applicant, in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda one: look_up(registry, feeds, caller, one, now), applicants))


def merchant(registry: "RegistryTable", caller: Caller, uscc: str, now: datetime) -> Answer:
    """The one subject with that USCC and what stands against it; `NotFound` when nothing does."""
    page = registry.candidates([f"uscc:{uscc}"], (), rule_ids(caller))
    known = page.subjects.get(f"uscc:{uscc}")
    listings = visible(caller, known, now) if known else []
    if known is None or not listings:
        raise NotFound(ErrorCode.NOT_FOUND, uscc=uscc)
    rules = load_rules.read_rules(_by_id(page), caller.platform_id)
    judged = _judged(caller, "same_uscc", known, listings, rules, now)
    return {"subject": subject.shown(known), **judged}


def _match(
    caller: Caller, applicant: Applicant, hit: Hit, found: subject.Subject, rules: Rules, now: datetime
) -> Answer | None:
    listings = visible(caller, found, now)
    if not listings:
        return None
    explained = find_candidates.explain(applicant, hit, found)
    if explained is None:
        return None
    return {
        "subject": subject.shown(found),
        "relation": explained.relation,
        "score": round(explained.score, 4),
        **_judged(caller, explained.relation, found, listings, rules, now),
        "reasons": [
            {
                "field": reason.field,
                "relation": reason.relation,
                "query": reason.query,
                "candidate": reason.candidate,
                "score": round(reason.score, 4),
                "says": explain_match.sentence(reason),
            }
            for reason in explained.reasons
        ],
    }


def _judged(
    caller: Caller,
    relation: str,
    found: subject.Subject,
    listings: Sequence[listing.Listing],
    rules: Rules,
    now: datetime,
) -> Answer:
    """The verdict on a subject and on each of its listings, by the one order of steps."""
    today = china_date(now)
    decisions = decide_verdict.judge_all(relation, found, listings, rules, today)
    return {
        "verdict": verdict_by_severity.gravest(one.verdict for one in decisions),
        "corroboration": corroboration.view(found, today),
        "listings": [
            listing.view(one, caller.role, caller.platform_id) | decision.view(one)
            for one, decision in zip(listings, decisions, strict=True)
        ],
    }


def rule_ids(caller: Caller) -> list[str]:
    """The items that judge for this caller; whoever reads for many lookups at once reads them once."""
    return load_rules.rule_ids(caller.platform_id if caller.role == Role.PLATFORM else "")


def _sources(page: "Page", feeds: Sequence[str], now: datetime) -> list[Answer]:
    """Everything that was searched; `feeds` are the lists that are missing as long as nothing is known of them."""
    item = next((one for one in page.others if one["id"] == government_list_keys.SOURCES), None)
    # Platforms' evictions are read from the registry itself, so they are as new as the last save.
    live: Answer = {"name": "platform_evictions", "version": "live", "age_seconds": 0, "status": "ok"}
    return [live, *source_freshness.source_statuses(source_freshness.read_sources(item, feeds), now)]


def _by_id(page: "Page") -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in page.others}
