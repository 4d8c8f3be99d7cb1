"""The history of a listing: each change is one event, with what it changed before and after."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.registry.rules.listing import Event, Listing

# A text in a history is cut to this, because a subject is one item of 400 KB.
LONGEST_BEFORE: Final = 200


def advance(listing: Listing, event: Event) -> Listing:
    """The listing with one more event in its history, as its next revision."""
    revision = listing.revision + 1
    return listing.replace(revision=revision, history=(*listing.history, event.replace(revision=revision)))


def with_difference(event: Event, old: Listing, new: Listing, fields: Sequence[str]) -> Event:
    """The event with those of the fields that differ, as they were and as they are, long texts cut."""
    changed = [field for field in fields if getattr(old, field) != getattr(new, field)]
    before, after = (
        {field: _plain(value) for field in changed if (value := getattr(listing, field))} for listing in (old, new)
    )
    return event.replace(before=before, after=after)


def changes(old: Mapping[str, Listing], new: Mapping[str, Listing]) -> Iterator[tuple[Listing, Event]]:
    """Each listing of `new` with each event of its history that `old` did not have yet, oldest first."""
    for listing_id, listing in new.items():
        revision = old[listing_id].revision if listing_id in old else 0
        for event in listing.history:
            if event.revision > revision:
                yield listing, event


def change_id(listing_id: str, revision: int) -> str:
    """The deterministic name of one change of one listing."""
    return f"{listing_id}.{revision}"


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, str):
        return value[:LONGEST_BEFORE]
    return list(value) if isinstance(value, tuple) else value
