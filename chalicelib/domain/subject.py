"""A subject (经营主体): who stands behind a merchant account, with every listing that stands against it.

A subject is a plain mapping, one item of the `subjects` table. Changes are applied here, purely; the table only
checks that nobody else changed the subject in between.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain import dispute as disputes
from chalicelib.domain import listing as listings
from chalicelib.domain import name as names

Subject = dict[str, Any]

# Each kind of identity in the order in which it names the subject.
IDENTIFIERS: Final = (
    ("uscc", "uscc"),
    ("registration_no", "reg"),
    ("org_code", "org"),
    ("person", "person"),
)
SINGLE_FIELDS: Final = (
    "uscc",
    "registration_no",
    "org_code",
    "person",
    "address",
    "phone",
    "legal_representative",
    "bank_account",
    "legal_representative_shown",
    "shop_url",
)
# A subject item may not pass DynamoDB's 400 KB; names beyond these add nothing that matching could use.
MOST_NAMES: Final = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """A change that opens, amends or reopens one listing."""

    identity: Mapping[str, Any]
    listing: listings.Listing
    at: str

    @property
    def subject_id(self) -> str:
        """The subject that the change is about."""
        return subject_id(self.identity)


@dataclass(frozen=True, slots=True)
class Ended:
    """A change that ends one listing: withdrawn by its reporter, removed by its source, or expired."""

    subject_id: str
    listing_id: str
    state: str
    at: str
    by: str
    why: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A change that tells what the register says of a subject: its name, former names, status, type, region."""

    identity: Mapping[str, Any]
    registration: Mapping[str, Any]
    at: str

    @property
    def subject_id(self) -> str:
        """The subject that the change is about."""
        return subject_id(self.identity)


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A change that tells that the subject carries on as another: a sole trader turned company (个转企)."""

    subject_id: str
    uscc: str
    successor: str
    at: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A change that takes one step of a dispute over one listing; the steps are those of `domain/dispute.py`."""

    subject_id: str
    listing_id: str
    dispute_id: str
    step: str
    at: str
    by: str
    details: Mapping[str, Any]


Change = Listed | Ended | Registered | Succeeded | Disputed


def subject_id(identity: Mapping[str, Any]) -> str:
    """The one id of a subject: its strongest identifier, or a digest of its name where it has none.

    Names are digested after normalisation, so spelling variants of one name are one subject.
    """
    for field, kind in IDENTIFIERS:
        if identity.get(field):
            return f"{kind}:{identity[field]}"
    return name_id(identity["name"])


def name_id(name: str) -> str:
    """The id of a subject that is known by its name alone."""
    return "name:" + hashlib.sha256(names.comparison_key(name).encode()).hexdigest()[:24]


def apply(subject: Subject | None, change: Change) -> Subject | None:
    """The subject after the change, with its version raised; None when the change tells nothing new."""
    if isinstance(change, Ended):
        return _end(subject, change)
    if isinstance(change, Registered):
        return _register(subject, change)
    if isinstance(change, Succeeded):
        return _succeed(subject, change)
    if isinstance(change, Disputed):
        return _dispute(subject, change)
    return _list(subject, change)


def active_listings(subject: Mapping[str, Any]) -> list[listings.Listing]:
    """The listings that stand against the subject now."""
    return [one for one in subject["listings"].values() if one["state"] == listings.ACTIVE]


def shown(subject: Mapping[str, Any]) -> dict[str, Any]:
    """What a match says of the subject: identifiers that are public by law, and its names."""
    fields = ("subject_id", "uscc", "registration_no", "org_code")
    public = {field: subject[field] for field in fields if subject.get(field)}
    if subject.get("names"):
        public["name"] = subject["names"][0]
        if len(subject["names"]) > 1:
            public["other_names"] = subject["names"][1:]
    return public


def _list(subject: Subject | None, change: Listed) -> Subject | None:
    before: Subject = subject or {"subject_id": change.subject_id, "version": 0, "listings": {}}
    new = change.listing
    merged = listings.merge(before["listings"].get(new["listing_id"]), new, change.at)
    identified = _identify(before, change.identity)
    if merged is None and identified == before:
        return None
    if merged is not None:
        marked = disputes.mark_after_void(merged, before["listings"])
        identified["listings"] = {**before["listings"], merged["listing_id"]: marked}
    return {**identified, "version": before["version"] + 1, "updated_at": change.at}


def _identify(before: Subject, identity: Mapping[str, Any]) -> Subject:
    """The subject with what the report knows of it; what is known already is never overwritten."""
    after = dict(before)
    for field in SINGLE_FIELDS:
        if identity.get(field) and not after.get(field):
            after[field] = identity[field]
    for field, one in (("names", "name"), ("names", "former_name"), ("shop_names", "shop_name")):
        known = after.get(field, [])
        if identity.get(one) and identity[one] not in known and len(known) < MOST_NAMES:
            after[field] = [*known, identity[one]]
    return after


def _end(subject: Subject | None, change: Ended) -> Subject | None:
    if subject is None or change.listing_id not in subject["listings"]:
        return None
    old = disputes.settle(subject["listings"][change.listing_id], change.at, change.by)
    ended = listings.end(old, change.state, change.at, change.by, change.why, change.because)
    return _with_listing(subject, ended, change.at)


def _dispute(subject: Subject | None, change: Disputed) -> Subject | None:
    if subject is None or change.listing_id not in subject["listings"]:
        return None
    return _with_listing(subject, disputes.take(subject["listings"][change.listing_id], change), change.at)


def _with_listing(subject: Subject, listing: listings.Listing | None, at: str) -> Subject | None:
    if listing is None:
        return None
    return {
        **subject,
        "listings": {**subject["listings"], listing["listing_id"]: listing},
        "version": subject["version"] + 1,
        "updated_at": at,
    }


def _register(subject: Subject | None, change: Registered) -> Subject | None:
    """The registered name leads all names, and the former ones stay among them, so that renamed subjects resolve."""
    before: Subject = subject or {"subject_id": change.subject_id, "version": 0, "listings": {}}
    known = before.get("registration", {})
    if known.get("at", "") > change.at or all(known.get(key) == value for key, value in change.registration.items()):
        return None
    registered = {**change.registration, "at": change.at}
    name, old = change.registration.get("name", ""), known.get("name", "")
    former = [*known.get("former_names", ()), *change.registration.get("former_names", ())]
    if old and name and old != name:
        former.append(old)
        # The day of the rename where the register tells it, else the day on which it was first seen.
        ended = change.registration.get("renamed_on") or change.at[:10]
        registered["names_until"] = {**known.get("names_until", {}), old: ended}
    elif known.get("names_until"):
        registered["names_until"] = known["names_until"]
    registered["former_names"] = [one for one in dict.fromkeys(former) if one != name]
    after = _identify(before, {**change.identity, "name": ""})
    names = [name] if name else []
    names += [*registered["former_names"], *after.get("names", ())]
    after["names"] = list(dict.fromkeys(names))[:MOST_NAMES]
    return {**after, "registration": registered, "version": before["version"] + 1, "updated_at": change.at}


def _succeed(subject: Subject | None, change: Succeeded) -> Subject | None:
    before: Subject = subject or {"subject_id": change.subject_id, "uscc": change.uscc, "version": 0, "listings": {}}
    if change.successor in before.get("successors", ()):
        return None
    successors = [*before.get("successors", ()), change.successor]
    return {**before, "successors": successors, "version": before["version"] + 1, "updated_at": change.at}
