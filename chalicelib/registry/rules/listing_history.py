"""The history of a listing: each change is one event, with what it changed before and after."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.registry.rules.listing import Event, Listing

# A text in a history is cut to this, because a subject is one item of 400 KB.
LONGEST_BEFORE: Final = 200
# So many events are kept at most; the log of changes has them all.
MOST_EVENTS: Final = 40
OPENINGS: Final = ("opened", "reopened")


def advance(listing: Listing, event: Event) -> Listing:
    """The listing with one more event in its history, as its next revision."""
    revision = listing.revision + 1
    history = (*listing.history, event.replace(revision=revision))
    if len(history) > MOST_EVENTS:
        history = important_events(history, MOST_EVENTS // 2, revision)
    return listing.replace(revision=revision, history=history)


def important_events(history: tuple[Event, ...], newest: int, since: int) -> tuple[Event, ...]:
    """The first event, the last opening, those after revision `since`, and so many of the newest, in their order."""
    opened = max((event.revision for event in history if event.kind in OPENINGS), default=0)
    first, last = history[:1], {event.revision for event in history[-newest:]}
    kept = (event for event in history[1:] if event.revision in last or event.revision > since)
    opening = (event for event in history[1:] if event.revision == opened)
    return tuple(sorted({event.revision: event for event in (*first, *opening, *kept)}.values(), key=_revision))


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


def _revision(event: Event) -> int:
    return event.revision


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, str):
        return value[:LONGEST_BEFORE]
    return list(value) if isinstance(value, tuple) else value
