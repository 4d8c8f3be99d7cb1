"""The disputes over a listing: each is part of the listing, so that no two people decide it twice.

While a dispute is open the listing is `disputed`. Each step is one event of the listing's history.
"""

from collections.abc import Iterable
from typing import Final

from chalicelib.registry.rules.listing import ACTIVE, Dispute, DisputeAct, Event, Listing
from chalicelib.registry.rules.listing_history import advance
from chalicelib.values.records import Json

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
# The outcome of a dispute over a listing that ended by itself.
LISTING_ENDED: Final = "listing_ended"


def open_disputes(listing: Listing) -> list[Dispute]:
    """The disputes over the listing that are not closed."""
    return [dispute for dispute in listing.disputes.values() if dispute.state != CLOSED]


def with_dispute(listing: Listing, dispute: Dispute, event: Event) -> Listing:
    """The listing with the dispute in its new state, and the event with that state before and after."""
    disputes = {**listing.disputes, dispute.dispute_id: dispute}
    disputed = any(each.state != CLOSED for each in disputes.values())
    after = listing.replace(disputes=disputes, disputed=disputed)
    before = _state(listing, listing.disputes.get(dispute.dispute_id))
    return advance(after, event.replace(dispute=dispute.dispute_id, before=before, after=_state(after, dispute)))


def close_disputes(listing: Listing, disputes: Iterable[Dispute], closed: DisputeAct) -> Listing:
    """The listing with those disputes closed."""
    event = Event(kind="dispute_closed", at=closed.at, by=closed.by)
    for dispute in disputes:
        listing = with_dispute(listing, dispute.replace(state=CLOSED, closed=closed), event)
    return listing


def close_before_end(listing: Listing, at: str, by: str) -> Listing:
    """The listing with every open dispute closed, because the listing itself is about to end."""
    if listing.state != ACTIVE:
        return listing
    return close_disputes(listing, open_disputes(listing), DisputeAct(result=LISTING_ENDED, at=at, by=by))


def _state(listing: Listing, dispute: Dispute | None) -> Json:
    """What an event says of a dispute before and after it."""
    state: Json = {"disputed": listing.disputed}
    if dispute is None:
        return state
    state["dispute"] = dispute.state
    if dispute.answered:
        state["answer"] = dispute.answered.result
    if dispute.overdue_at:
        state["overdue"] = True
    if dispute.closed:
        state["outcome"] = dispute.closed.result
    return state
