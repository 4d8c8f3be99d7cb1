"""The changes that a subject can undergo, one record for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.registry.rules import listing as guards
from chalicelib.registry.rules.subject_id import subject_id


@dataclass(frozen=True, slots=True)
class Listed:
    """A change that opens, amends or reopens one listing."""

    identity: Mapping[str, Any]
    listing: guards.Listing
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
class Unguarded:
    """A change that tells that a regulator lifted the guard from one listing, so that it counts in full."""

    subject_id: str
    listing_id: str
    guard: str
    at: str
    by: str
    why: str = ""


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


Change = Listed | Ended | Registered | Succeeded | Unguarded | Disputed
