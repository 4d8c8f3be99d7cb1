"""What one round trip to the registry reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json


@dataclass(frozen=True, slots=True)
class Page:
    """What one round trip read: subjects by id, posting lists (subject id -> its names) by key, other items."""

    subjects: Mapping[str, Subject]
    postings: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
    others: Sequence[Json]


@dataclass(frozen=True, slots=True)
class PostingList:
    """One posting list: its key, whether it is full and so `common`, and its postings by subject id."""

    key: str
    common: bool
    postings: Mapping[str, Json]


def postings(item: Json) -> dict[str, Json]:
    """The subjects under a key: a subject's id is the attribute's name, and no other attribute has a colon."""
    return {name: value for name, value in item.items() if ":" in name}
