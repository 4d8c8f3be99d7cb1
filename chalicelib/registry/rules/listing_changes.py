"""What happens to a listing: it is reported, amended, opened again, ended, and relieved of a guard."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.registry.rules.listing import (
    ACTIVE,
    AMENDABLE,
    CORRECTABLE,
    FILED_FIELDS,
    VOIDED,
    Event,
    Listing,
)
from chalicelib.registry.rules.listing_history import advance, with_difference
from chalicelib.values.timestamps import china_date

# Events after which a listing is active as it was reported just now.
JUST_OPENED: Final = ("opened", "reopened")


def merge(old: Listing | None, new: Listing, at: str) -> Listing | None:
    """What the listing becomes when `new` is reported, or None when that adds nothing new.

    A report older than what is already stored never undoes it: deliveries come late, twice and out of order. A newer
    one that says the same is remembered as the newest, without being a change. What a regulator decided stays: a
    voided listing never opens again, and what was amended is not overwritten.
    """
    if old is None:
        return advance(new.replace(state=ACTIVE), Event(kind="opened", at=at, by=_filer(new)))
    if new.reported_at <= old.reported_at:
        return None
    if is_final(old, at):
        return old.replace(reported_at=new.reported_at)
    corrected = _corrected(old, new)
    if old.state == ACTIVE and corrected == old:
        return old.replace(reported_at=new.reported_at)
    kind = "amended" if old.state == ACTIVE else "reopened"
    merged = corrected.replace(state=ACTIVE, reported_at=new.reported_at, ended_because="")
    event = with_difference(Event(kind=kind, at=at, by=_filer(new)), old, merged, ("state", *CORRECTABLE))
    if kind == "reopened":
        merged = merged.replace(**{field: getattr(new, field) for field in FILED_FIELDS})
    return advance(merged, event)


def is_final(listing: Listing, at: str) -> bool:
    """Whether no report opens the listing again: it was voided, or has ended on the day that a regulator set."""
    ends = listing.decided.expires_on
    over = bool(ends) and ends <= at[:10] and listing.state != ACTIVE
    return listing.state == VOIDED or over


def end(old: Listing, state: str, event: Event, because: str = "") -> Listing | None:
    """What the listing becomes when it is withdrawn, removed or expires; None when it had ended already.

    `because` is what a removal is by the register's words: repaired, revoked, term_over, publication_over,
    deregistered.
    """
    if old.state != ACTIVE:
        return None
    # A report made before this moment must not open it again when it is delivered late.
    reported_at = max(old.reported_at, event.at)
    after = old.replace(state=state, reported_at=reported_at, ended_because=because or old.ended_because)
    return advance(after, with_difference(event, old, after, ("state",)))


def lift_guard(listing: Listing, guard: str, event: Event) -> Listing | None:
    """The listing once a regulator has said that the guard is wrong here; None when it was lifted or has ended."""
    if listing.state != ACTIVE or listing.guard_lifted:
        return None
    return advance(listing.replace(guard_lifted=guard), event.replace(before={"guard": guard}))


def mark_repetition(listing: Listing, others: Iterable[Listing]) -> Listing:
    """The listing, with the id of the voided one that it may only repeat under another day or reason.

    What the same reporter says of a day up to that of the void, for a common reason or of the same day, is likely what
    was voided. It is kept, and a person must look before it blocks.
    """
    if listing.state != ACTIVE or listing.history[-1].kind not in JUST_OPENED:
        return listing
    for other in others:
        if other.state != VOIDED or other.source != listing.source:
            continue
        alike = other.listed_on == listing.listed_on or set(other.reasons) & set(listing.reasons)
        if alike and listing.listed_on <= _voided_on(other):
            return listing.replace(after_void=other.listing_id)
    return listing


def _corrected(old: Listing, new: Listing) -> Listing:
    """The listing with the content of a newer report, but for what a regulator decided."""
    decided = {field: value for field in AMENDABLE if (value := getattr(old.decided, field))}
    return old.replace(**{field: getattr(new, field) for field in CORRECTABLE} | decided)


def _filer(new: Listing) -> str:
    """Who did it: the source itself, or the regulator that filed for it."""
    return new.filed_by or new.source


def _voided_on(listing: Listing) -> str:
    voided = (event.at for event in listing.history if event.kind == VOIDED)
    return max((china_date(datetime.fromisoformat(at)) for at in voided), default="")
