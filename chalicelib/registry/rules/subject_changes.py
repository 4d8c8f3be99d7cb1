"""The changes that a subject can undergo, one record for each kind; each applies itself.

A dispute's steps are changes too: see `disputes/rules/dispute.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.registry.rules.listing_changes import end, lift_guard, mark_repetition, merge
from chalicelib.registry.rules.listing_disputes import close_before_end
from chalicelib.registry.rules.subject import (
    MOST_NAMES,
    Registration,
    Subject,
    change_listing,
    identified,
    rekeyed,
    with_listing,
)
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.registry.rules.subject_size import with_room

# So many former names, and successors, are kept of a subject: the newest.
MOST_FORMER = 24


class Change(Protocol):
    """A change of one subject at one moment."""

    @property
    def subject_id(self) -> str:
        """The subject that the change is about."""
        ...

    @property
    def at(self) -> str:
        """When it happened."""
        ...

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject after the change, as its next version; None when the change adds nothing new."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A report opens, amends or reopens one listing."""

    identity: Identity
    listing: Listing
    at: str

    @property
    def subject_id(self) -> str:
        """The subject that the change is about."""
        return self.identity.subject_id

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with the listing as it now is, and with what the report says of the subject.

        Raises `NotSaved` where the source has too many listings on the subject.
        """
        before = subject or Subject(subject_id=self.subject_id)
        after = identified(before, self.identity, self.at)
        merged = merge(before.listings.get(self.listing.listing_id), self.listing, self.at)
        if merged is not None:
            after = with_listing(after, mark_repetition(merged, before.listings.values()))
        return None if after == before else with_room(subject, after, self.listing.source).changed(self.at)


@dataclass(frozen=True, slots=True)
class Ended:
    """One listing ends: withdrawn by its reporter, removed by its source, or expired.

    `why` is the reason that was given for the end; `because` is what a removal is by the register's words; `person_id`
    is who acted in the name of `by`, '' for a key or a list.
    """

    subject_id: str
    listing_id: str
    state: str
    at: str
    by: str
    why: str = ""
    because: str = ""
    person_id: str = ""

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with the listing ended, and every dispute over it closed."""
        return change_listing(subject, self.listing_id, self.at, self._end)

    def _end(self, listing: Listing) -> Listing | None:
        event = Event(kind=self.state, at=self.at, by=self.by, why=self.why, person_id=self.person_id)
        return end(close_before_end(listing, self.at, self.by), self.state, event, self.because)


@dataclass(frozen=True, slots=True)
class GuardLifted:
    """A regulator lifts the guard from one listing, so that it counts in full."""

    subject_id: str
    listing_id: str
    guard: str
    at: str
    by: str
    why: str = ""
    person_id: str = ""

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with the guard lifted from the listing."""
        return change_listing(subject, self.listing_id, self.at, self._lift)

    def _lift(self, listing: Listing) -> Listing | None:
        event = Event(kind="guard_lifted", at=self.at, by=self.by, why=self.why, person_id=self.person_id)
        return lift_guard(listing, self.guard, event)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of a subject: its name, former names, status, type, region."""

    identity: Identity
    registration: Registration
    at: str

    @property
    def subject_id(self) -> str:
        """The subject that the change is about."""
        return self.identity.subject_id

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject under its registered name; the former ones stay among its names, so that renamed subjects
        resolve."""
        before = subject or Subject(subject_id=self.subject_id)
        stored_fields = before.registration.to_item()
        same = all(stored_fields.get(field) == value for field, value in self.registration.to_item().items() if value)
        if same or before.registration.at > self.at:
            return None
        registration = self._registration(before.registration)
        after = identified(before, self.identity.replace(name=""), self.at)
        names = (registration.name, *registration.former_names, *after.names)
        kept = tuple(dict.fromkeys(name for name in names if name))[:MOST_NAMES]
        return after.replace(registration=registration, names=kept).changed(self.at)

    def _registration(self, current: Registration) -> Registration:
        new = self.registration
        former, until = [*current.former_names, *new.former_names], current.names_until
        if current.name and new.name and current.name != new.name:
            former.append(current.name)
            # The day of the rename where the register has it, else the day on which it was first seen.
            until = {**until, current.name: new.renamed_on or self.at[:10]}
        names = tuple(name for name in dict.fromkeys(former) if name != new.name)[-MOST_FORMER:]
        until = {name: day for name, day in until.items() if name in names}
        # What a later version stored beside stays until that version says it anew.
        unknown = {**current.unknown, **new.unknown}
        return new.replace(former_names=names, names_until=until, at=self.at, unknown=unknown)


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The subject carries on as another: a sole trader turned company (个转企)."""

    subject_id: str
    uscc: str
    successor: str
    at: str

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with its successor."""
        before = subject or Subject(subject_id=self.subject_id, uscc=self.uscc)
        if self.successor in before.successors:
            return None
        return before.replace(successors=(*before.successors, self.successor)[-MOST_FORMER:]).changed(self.at)


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """Personal values of the subject were given again: their digests, by field, under the keys of now."""

    subject_id: str
    digests: Mapping[str, str]
    at: str

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with the further forms of those digests that are of the same values."""
        fields = rekeyed(subject, self.digests) if subject else {}
        return subject.replace(**fields).changed(self.at) if subject and fields else None
