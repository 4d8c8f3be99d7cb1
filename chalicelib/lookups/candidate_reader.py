"""Where lookups read candidates from: the registry's tables, or a snapshot of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from chalicelib.lookups.rules.posting_lists import Posting
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json


class Candidates(Protocol):
    """What one round trip reads: subjects by id, posting lists (subject id -> its names) by key, other items."""

    @property
    def subjects(self) -> Mapping[str, Subject]:
        """The subjects that exist, by id."""

    @property
    def postings(self) -> Mapping[str, Mapping[str, Posting]]:
        """The posting lists that exist, by key."""

    @property
    def others(self) -> Sequence[Json]:
        """The items of the exchange table that exist."""


class CandidateReader(Protocol):
    """The registry's tables, or what answers the same two questions."""

    def candidates(
        self, subject_ids: Sequence[str], keys: Sequence[str], exchange_ids: Sequence[str], fresh: bool = False
    ) -> Candidates:
        """What there is under these ids and keys; `fresh`: items of the exchange table as they are at this moment."""

    def subjects(self, subject_ids: Iterable[str]) -> Mapping[str, Subject]:
        """Those of the subjects that exist, by id."""
