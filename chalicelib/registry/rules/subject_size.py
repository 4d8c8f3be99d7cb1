"""How large a subject may grow: one item of 400 KB holds it, and its end, disputes and repairs must always fit.

Reports and lists may fill part of the item only, each source a share of that. The rest is kept for what ends or
disputes a listing. A subject that an older version filled further gives up what is also kept elsewhere: old events,
which the log of changes has, and long texts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from chalicelib.errors import NotSaved
from chalicelib.messages import FindingCode
from chalicelib.registry.rules.listing import ACTIVE, Event, Listing
from chalicelib.registry.rules.listing_disputes import CLOSED
from chalicelib.registry.rules.listing_history import important_events
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.record_layout import stored_bytes

KB: Final = 1_024
# What is kept free for each listing: its end, and a dispute over it.
RESERVED: Final = 800
# What the listings of one platform, or of one government list, may take up of a subject, with what is kept free.
MOST_OF_PLATFORM: Final = 128 * KB
MOST_OF_LIST: Final = 160 * KB
# How large a subject may be after a platform's report, and after an entry of a list, with what is kept free.
MOST_BY_PLATFORMS: Final = 256 * KB
MOST_BY_LISTS: Final = 336 * KB
# A subject that the store refuses is made this small.
TRIMMED_TO: Final = 352 * KB
# What is left of a long text, in characters.
SHORT_TEXT: Final = 60
_TEXTS: Final = ("reason_text", "document_no", "measure", "shop_name", "shop_url", "notice_url")
_OF_REPORTER: Final = ("report_id", "shop_name", "shop_id", "shop_url", "notice_url")
_ACTIVE_EVENTS: Final = 10


def with_room(before: Subject | None, after: Subject, source: Source) -> Subject:
    """The subject after a report or list of `source` has changed it, with old events left out where room is short.

    Raises `NotSaved` (`too_many_listings`) where it grows past what the source, or all sources together, may take up.
    """
    if _fits(before, after, source):
        return after
    thin = _each_listing(after, lambda listing: _with_events(listing, _ACTIVE_EVENTS, listing.revision - 1))
    if _fits(before, thin, source):
        return thin
    raise NotSaved(FindingCode.TOO_MANY_LISTINGS, subject_id=after.subject_id)


def trimmed(before: Subject | None, after: Subject) -> Subject:
    """A subject that the store refuses, made to fit: what is also kept elsewhere is left out, the least needed first.

    What `after` has beside `before` is kept whole, for the stream announces it.
    """
    announced = {listing_id: listing.revision for listing_id, listing in (before.listings if before else {}).items()}
    for step in _steps(announced):
        after = _each_listing(after, step)
        if stored_bytes(after.to_item()) <= TRIMMED_TO:
            break
    return after


def _fits(before: Subject | None, after: Subject, source: Source) -> bool:
    """Whether neither the source nor the subject has grown past its bound."""
    most, in_all = (MOST_OF_LIST, MOST_BY_LISTS) if source.is_government else (MOST_OF_PLATFORM, MOST_BY_PLATFORMS)
    size = _with_reserve(after, stored_bytes(after.to_item()))
    # What fits in all fits for each source; sizes of parts are needed near the bounds alone.
    if size <= most:
        return True
    if size > in_all and not (before and size <= _with_reserve(before, stored_bytes(before.to_item()))):
        return False
    own = _size_of(after, source)
    return own <= most or (before is not None and own <= _size_of(before, source))


def _size_of(subject: Subject, source: Source) -> int:
    """What the listings of one source take up, with their ids and with what is kept free."""
    own = subject.replace(
        listings={each.listing_id: each for each in subject.listings.values() if each.source == source}
    )
    return _with_reserve(own, stored_bytes({key: each.to_item() for key, each in own.listings.items()}))


def _with_reserve(subject: Subject, size: int) -> int:
    return size + RESERVED * len(subject.listings)


def _steps(announced: Mapping[str, int]) -> Iterator[Callable[[Listing], Listing]]:
    """What is left out, step by step."""

    def since(listing: Listing) -> int:
        return announced.get(listing.listing_id, 0)

    yield lambda listing: _with_events(listing, _ACTIVE_EVENTS, since(listing))
    yield lambda listing: listing if listing.state == ACTIVE else _ended(listing, since(listing))
    yield lambda listing: listing if listing.state == ACTIVE else _without_closed_disputes(listing)
    yield lambda listing: _with_short_texts(_with_events(listing, 1, since(listing)))
    yield lambda listing: listing.replace(row=None, **dict.fromkeys(_OF_REPORTER, ""))
    yield lambda listing: listing if listing.state == ACTIVE else _without_opening(listing, since(listing))


def _ended(listing: Listing, since: int) -> Listing:
    return _with_short_texts(_with_events(listing, 1, since))


def _with_events(listing: Listing, newest: int, since: int) -> Listing:
    """The listing with its first event, its last opening and the newest ones; before and after are kept of those that
    are not announced yet."""
    kept = important_events(listing.history, newest, since)
    return listing.replace(history=tuple(_without_values(event, since) for event in kept))


def _without_values(event: Event, since: int) -> Event:
    return event if event.revision > since else event.replace(before=None, after=None, why=event.why[:SHORT_TEXT])


def _without_opening(listing: Listing, since: int) -> Listing:
    """An ended listing with its last event alone, and those that are not announced yet."""
    kept = (event for event in listing.history if event.revision > min(since, listing.revision - 1))
    bare = tuple(event if event.revision > since else event.replace(why="") for event in kept)
    return listing.replace(history=bare, reason_text="")


def _with_short_texts(listing: Listing) -> Listing:
    return listing.replace(**{field: getattr(listing, field)[:SHORT_TEXT] for field in _TEXTS})


def _without_closed_disputes(listing: Listing) -> Listing:
    named = {event.dispute for event in listing.history}
    kept = {key: dispute for key, dispute in listing.disputes.items() if dispute.state != CLOSED or key in named}
    return listing.replace(disputes=kept)


def _each_listing(subject: Subject, change: Callable[[Listing], Listing]) -> Subject:
    return subject.replace(listings={listing_id: change(each) for listing_id, each in subject.listings.items()})
