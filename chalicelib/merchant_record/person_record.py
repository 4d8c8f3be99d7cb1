"""What the exchange holds of a natural person, for that person: through a platform that has checked who it is.

A person without registration has no electronic licence to open a session with. It asks the platform at which it
trades, or a regulator, which knows it by its document (电子商务法 27; MR/T 0001—2025) and tells it (个人信息保护法 45).
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.key_document import FIRST_KEY
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.lookup_answer import PLATFORM_EVICTIONS
from chalicelib.merchant_record import own_record
from chalicelib.merchant_record.rules import standing
from chalicelib.merchant_record.rules.standing import Standing
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_id import IDENTIFIERS
from chalicelib.storage.item_keys import government_list_keys, registry_keys
from chalicelib.values.keyed_digest import are_same, forms_of, key_of
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

_OF_PERSONS = ("person", "permit", "personal_account")


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Everything that a natural person may see of itself; `subject_ids` are the subjects that it is, for the log."""

    standing: Standing
    listings: list[Json]
    sources: list[SourceState]
    as_of: str
    subject_ids: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """The record as the API answers it."""
        return {
            "standing": self.standing.as_json(),
            "listings": self.listings,
            "sources": [source.view() for source in self.sources],
            "as_of": self.as_of,
        }


def read_person_record(context: own_record.Context, applicant: Applicant, now: datetime) -> PersonRecord:
    """The record of the person whom the documents or the account of the applicant identify exactly."""
    subjects, items = _subjects(context, applicant)
    searched = source_freshness.read_sources(items.get(government_list_keys.SOURCES), context.feeds)
    types = source_freshness.list_types(searched)
    names = own_record.platform_names(context.exchange, standing.sources(subjects))
    listings = standing.listings(subjects, names, types, china_date(now))
    sources = [PLATFORM_EVICTIONS, *source_freshness.source_states(searched, now)]
    return PersonRecord(
        standing=standing.summary(listings, "", "none", sources),
        listings=listings,
        sources=sources,
        as_of=iso(now),
        subject_ids=tuple(subject.subject_id for subject in subjects),
    )


def _subjects(context: own_record.Context, applicant: Applicant) -> tuple[list[Subject], dict[str, Json]]:
    """The subjects with one of the person's own identifiers, and the other items that were read on the way.

    An account leads to persons alone: a company has one too, and a person may be paid through it.
    """
    given = [(field, prefix, getattr(applicant, field)) for field, prefix in IDENTIFIERS if field in _OF_PERSONS]
    wanted = [(field, prefix, form) for field, prefix, value in given for form in forms_of(value)]
    ids = [f"{prefix}:{form}" for _, prefix, form in wanted]
    keys = [f"{prefix}#{form}" for _, prefix, form in wanted]
    # A subject that was named under an earlier key is in no posting list once none of its listings is active.
    names = [
        registry_keys.lasting_name(each)
        for each, (_, _, form) in zip(ids, wanted, strict=True)
        if key_of(form) != FIRST_KEY
    ]
    page = context.registry.candidates(ids, keys, [government_list_keys.SOURCES, *names], fresh=True)
    items = {item["id"]: item for item in page.others}
    posted = {subject_id for posting in page.postings.values() for subject_id in posting}
    others = sorted(posted.union(items[name]["named"] for name in names if name in items) - set(page.subjects))
    read = {**page.subjects, **(context.registry.subjects(others) if others else {})}
    own = [
        subject
        for _, subject in sorted(read.items())
        if any(are_same(getattr(subject, field), form) for field, _, form in wanted)
    ]
    return own, items
