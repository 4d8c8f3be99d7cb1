"""Look up an applicant: is it a subject that was evicted elsewhere?

One round trip to the store when nothing matches, two when something does; the cost does not grow with the lists.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import NotFound
from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.source_freshness import ListSource, SourceState
from chalicelib.lookups import not_same_decisions
from chalicelib.lookups.rules import find_candidates, lookup_answer, posting_lists
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.find_candidates import Hit
from chalicelib.lookups.rules.lookup_answer import PLATFORM_EVICTIONS, Answer, Judgement, Match
from chalicelib.messages import ErrorCode
from chalicelib.registry.listing_visibility import visible
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.registry.rules.subject_id import ids_of
from chalicelib.storage.field_chain import read_on
from chalicelib.storage.item_keys import government_list_keys, registry_keys
from chalicelib.values.organisation_codes import is_unverified_uscc
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import load_rules
from chalicelib.verdicts.rules.rules_in_force import Rules

if TYPE_CHECKING:
    from chalicelib.lookups.candidate_reader import CandidateReader

AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Context:
    """What lookups read; `feeds` are the government lists that count as missing while nothing is stored of them."""

    reader: "CandidateReader"
    feeds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found: matches, the subjects that a person ruled out, the government lists that were searched.

    `sources` says how fresh everything is that was searched; `subjects` and `items` are all that was read, by key.
    """

    matches: tuple[Match, ...]
    not_same: tuple[str, ...]
    lists: Mapping[str, ListSource]
    sources: tuple[SourceState, ...]
    subjects: Mapping[str, Subject]
    items: Mapping[str, Json]
    policy_version: int = 0

    def registration(self, uscc: str) -> Registration:
        """What the register says of exactly that code; an empty one where it says nothing."""
        subject = self.subjects.get(_subject_id(uscc)) if uscc else None
        return subject.registration if subject else Registration()


def look_up(context: Context, caller: Caller, applicant: Applicant, now: datetime) -> Answer:
    """The verdict on an applicant, with every match, why it matched, and every source that was searched; without an id,
    for a lookup is named by its number in the day once it is counted."""
    searched = search(context, caller, applicant, now)
    exact_code = "" if applicant.repaired else applicant.code
    registration = lookup_answer.registered_status(searched.registration(exact_code))
    return Answer(
        lookup_id="",
        verdict=lookup_answer.overall_verdict(searched.matches, registration, searched.sources, applicant),
        matches=searched.matches,
        registration=registration,
        not_same=searched.not_same,
        sources=searched.sources,
        looked_up_at=iso(now),
        asked=applicant.asked,
        # A code that the register itself has is no mistyped one.
        findings=() if registration else applicant.findings,
        policy_version=searched.policy_version,
    )


def look_up_many(context: Context, caller: Caller, applicants: Sequence[Applicant], now: datetime) -> list[Answer]:
    """One answer for each applicant, in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda applicant: look_up(context, caller, applicant, now), applicants))


def search(context: Context, caller: Caller, applicant: Applicant, now: datetime, also: Sequence[str] = ()) -> Searched:
    """Every subject that the applicant may be, in one round trip, or two.

    `also` are items of the exchange table to read on the way, as they are at this moment.
    """
    ids, postings = posting_lists.keys_to_read(applicant)
    own = ids_of(applicant.asked_id) or ("",)
    chains = [not_same_decisions.decisions_of(caller.platform_id, asked_id) for asked_id in own]
    item_ids = [government_list_keys.SOURCES, *(keys(0) for keys in chains), *rule_ids(caller), *also]
    page = context.reader.candidates(ids, postings, item_ids, fresh=bool(also))
    items = {item["id"]: item for item in page.others}
    decided: Json = {}
    for keys in reversed(chains):
        decided |= read_on(partial(_read_item, context), keys, items.get(keys(0)))
    not_same = not_same_decisions.not_same_subjects(decided)
    hits = find_candidates.find_hits(applicant, page.subjects, page.postings, not_same)
    subjects = _all_subjects(context, page.subjects, hits)
    rules = load_rules.read_rules(items, caller.platform_id)
    lists = source_freshness.read_sources(items.get(government_list_keys.SOURCES), context.feeds)
    matches = _matches(caller, applicant, hits, subjects, rules, now)
    return Searched(
        matches=tuple(lookup_answer.gravest_first(list(matches))),
        not_same=tuple(sorted(not_same)),
        lists=lists,
        sources=(PLATFORM_EVICTIONS, *source_freshness.source_states(lists, now)),
        subjects=subjects,
        items=items,
        policy_version=rules.policy.version if rules.policy else 0,
    )


def _read_item(context: Context, key: str) -> Json | None:
    return next(iter(context.reader.candidates((), (), [key]).others), None)


def judge_merchant(context: Context, caller: Caller, uscc: str, now: datetime) -> Judgement:
    """The judgement of the one subject with that USCC; `NotFound` where the caller may see no active listing of it.

    A code whose check character fails is searched as it is, and judged as unverified.
    """
    unverified, subject_id = is_unverified_uscc(uscc), _subject_id(uscc)
    keys = [registry_keys.posting("unverified", uscc)] if unverified else []
    page = context.reader.candidates([subject_id], keys, rule_ids(caller))
    subject = page.subjects.get(subject_id)
    if subject is None and keys:
        # A subject that has a stronger identifier beside the code is stored under that.
        posted = page.postings.get(keys[0], {})
        subject = next(iter(context.reader.subjects(posted).values()), None) if posted else None
    listings = visible(caller, subject, now) if subject else []
    if subject is None or not listings:
        raise NotFound(ErrorCode.NOT_FOUND, uscc=uscc)
    rules = load_rules.read_rules({item["id"]: item for item in page.others}, caller.platform_id)
    relation = "unverified_uscc" if unverified else "same_uscc"
    return lookup_answer.judge_subject(relation, subject, listings, rules, china_date(now))


def rule_ids(caller: Caller) -> list[str]:
    """The keys of the items with the rules for this caller; a caller of many lookups at once reads them once."""
    return load_rules.rule_ids(caller.platform_id if caller.role == Role.PLATFORM else "")


def _subject_id(uscc: str) -> str:
    """The id of the subject with a credit code, be its check character right or wrong."""
    by_code = (
        registry_keys.subject_with_unverified_uscc if is_unverified_uscc(uscc) else registry_keys.subject_with_uscc
    )
    return by_code(uscc)


def _all_subjects(context: Context, read: Mapping[str, Subject], hits: Sequence[Hit]) -> Mapping[str, Subject]:
    """The subjects that were read, and those of the hits that were not: the second round trip, if there is one."""
    missing = [hit.subject_id for hit in hits if hit.subject_id not in read]
    return {**read, **context.reader.subjects(missing)} if missing else read


def _matches(
    caller: Caller,
    applicant: Applicant,
    hits: Sequence[Hit],
    subjects: Mapping[str, Subject],
    rules: Rules,
    now: datetime,
) -> Iterable[Match]:
    """The hits that the subject bears out, with the judgement of its listings that the caller may see."""
    today = china_date(now)
    for hit in hits:
        subject = subjects.get(hit.subject_id)
        listings = visible(caller, subject, now) if subject else []
        explained = find_candidates.explain(applicant, hit, subject) if subject and listings else None
        if subject and explained:
            yield Match(explained, lookup_answer.judge_subject(explained.relation, subject, listings, rules, today))
