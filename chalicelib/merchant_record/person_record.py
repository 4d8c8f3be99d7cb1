"""What the exchange holds of a natural person, for that person: through a platform that has checked who it is.

A person without registration has no electronic licence to open a session with. It asks the platform at which it
trades, or a regulator, which knows it by its document (电子商务法 27; MR/T 0001—2025) and tells it (个人信息保护法 45).
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.lookup_answer import PLATFORM_EVICTIONS
from chalicelib.merchant_record import own_record
from chalicelib.merchant_record.rules import standing
from chalicelib.merchant_record.rules.standing import Standing
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_id import IDENTIFIERS
from chalicelib.storage.item_keys import government_list_keys
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
    wanted = [(field, prefix, value) for field, prefix, value in given if value]
    ids = [f"{prefix}:{value}" for _, prefix, value in wanted]
    keys = [f"{prefix}#{value}" for _, prefix, value in wanted]
    page = context.registry.candidates(ids, keys, [government_list_keys.SOURCES], fresh=True)
    posted = {subject_id for posting in page.postings.values() for subject_id in posting} - set(page.subjects)
    read = {**page.subjects, **(context.registry.subjects(sorted(posted)) if posted else {})}
    own = [
        subject
        for _, subject in sorted(read.items())
        if any(getattr(subject, field) == value for field, _, value in wanted)
    ]
    return own, {item["id"]: item for item in page.others}
