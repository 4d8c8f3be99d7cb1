"""What one round trip to the registry reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.registry.rules.subject import Subject
from chalicelib.values.record_layout import stored_bytes
from chalicelib.values.records import Json

# What the names of one subject may take up in a posting list: a full list of 48 such stays below the store's limit.
POSTING_BYTES: Final = 7_000


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


def with_room(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The names that a posting has room for: all but in rare cases, and never so many that a full list is too large."""
    kept: dict[str, list[str]] = {}
    room = POSTING_BYTES
    for kind, texts in names.items():
        for text in texts:
            room -= stored_bytes(text) + 1
            if room >= 0:
                kept.setdefault(kind, []).append(text)
    return kept
