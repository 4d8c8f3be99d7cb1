"""A dispute (申诉) over one listing: opened, answered by the reporter, decided by a regulator or taken back.

The state of a dispute is part of the listing, so that two people can never decide it twice; the statements are kept
beside. While one is open the listing is `disputed`: nobody is blocked by it and no clock runs. Each step is one event
of the listing's history, with before and after. A step that does not fit changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.registry.rules.listing import ACTIVE, AMENDABLE, VOIDED, Amendment, Dispute, DisputeAct, Event, Listing
from chalicelib.registry.rules.listing_disputes import (
    ANSWERED,
    CLOSED,
    OPEN,
    close_disputes,
    open_disputes,
    with_dispute,
)
from chalicelib.registry.rules.listing_history import advance, with_difference
from chalicelib.registry.rules.subject import Subject, change_listing

MERCHANT: Final = "merchant"
KINDS: Final = ("for_merchant", "found_otherwise", MERCHANT)
# A dispute suspends closing, so nobody may hold a listing open by disputing it again and again.
MOST_BY_ONE: Final = 3
MOST: Final = 40
OUTCOMES: Final = {"uphold": "upheld", "amend": "amended", "void": "voided", "withdraw": "withdrawn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A change that takes one step (a key of `STEPS`) of a dispute over one listing.

    `kind` and `due` belong to its opening, `stand` to an answer, `fields` to an amendment; `words` is the digest of the
    statement that came with the step.
    """

    subject_id: str
    listing_id: str
    dispute_id: str
    step: str
    at: str
    by: str
    kind: str = ""
    due: str = ""
    stand: str = ""
    fields: Amendment = field(default_factory=Amendment)
    words: str = ""

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with the listing after the step; None when the step does not fit."""
        return change_listing(subject, self.listing_id, self.at, lambda listing: after_step(listing, self))


def why_not_open(listing: Listing, by: str) -> str:
    """The code of why this opener may not dispute the listing now, '' when it may."""
    own = [dispute for dispute in listing.disputes.values() if dispute.by == by]
    if listing.source.is_government:
        return "not_disputable"
    if listing.source == by:
        return "own_listing"
    if listing.state != ACTIVE:
        return "listing_not_active"
    if any(dispute.state != CLOSED for dispute in own):
        return "dispute_is_open"
    if len(own) >= MOST_BY_ONE or len(listing.disputes) >= MOST:
        return "too_many_disputes"
    return ""


def refusal(listing: Listing, change: Disputed) -> str:
    """The code of why the step does not fit the state of the dispute, '' when it does. `not_overdue` is for the
    scheduled run alone and never reaches a caller."""
    dispute = listing.disputes.get(change.dispute_id)
    if change.step == "open":
        return "dispute_is_open" if dispute else why_not_open(listing, change.by)
    if dispute is None:
        return "not_found"
    if dispute.state == CLOSED:
        return "dispute_is_closed"
    if change.step == "answer" and dispute.state == ANSWERED and change.stand != "concede":
        return "already_answered"
    if change.step == "overdue" and (dispute.state != OPEN or dispute.overdue_at or dispute.due > change.at):
        return "not_overdue"
    return ""


def repeats(dispute: Dispute, change: Disputed) -> bool:
    """Whether the very step was taken already, by the same actor with the same words."""
    done = dispute.answered if change.step == "answer" else dispute.closed
    expected = change.stand if change.step == "answer" else OUTCOMES.get(change.step)
    return done is not None and (done.result, done.by, done.words) == (expected, change.by, change.words)


def after_step(listing: Listing, change: Disputed) -> Listing | None:
    """The listing after the step; None when the step does not fit."""
    return None if refusal(listing, change) else STEPS[change.step](listing, change)


def _open(listing: Listing, change: Disputed) -> Listing:
    dispute = Dispute(
        dispute_id=change.dispute_id,
        by=change.by,
        kind=change.kind,
        state=OPEN,
        opened_at=change.at,
        due=change.due,
    )
    return with_dispute(listing, dispute, _event(change, "disputed"))


def _answer(listing: Listing, change: Disputed) -> Listing:
    dispute = listing.disputes[change.dispute_id].replace(state=ANSWERED, answered=_act(change, change.stand))
    after = with_dispute(listing, dispute, _event(change, "dispute_answered"))
    return _voided(after, change, "conceded") if change.stand == "concede" else after


def _overdue(listing: Listing, change: Disputed) -> Listing:
    dispute = listing.disputes[change.dispute_id].replace(overdue_at=change.at)
    return with_dispute(listing, dispute, _event(change, "dispute_overdue"))


def _withdraw(listing: Listing, change: Disputed) -> Listing:
    return _close(listing, change, "withdrawn")


def _uphold(listing: Listing, change: Disputed) -> Listing:
    return _close(listing, change, "upheld").replace(after_void="")


def _amend(listing: Listing, change: Disputed) -> Listing:
    closed = _close(listing, change, "amended")
    fields = {name: value for name in AMENDABLE if (value := getattr(change.fields, name))}
    amended = closed.replace(**fields, decided=closed.decided.replace(**fields), after_void="")
    event = with_difference(_event(change, "amended"), closed, amended, AMENDABLE)
    return advance(amended, event.replace(dispute=change.dispute_id))


def _void(listing: Listing, change: Disputed) -> Listing:
    return _voided(listing, change, "voided")


def _voided(listing: Listing, change: Disputed, outcome: str) -> Listing:
    """Nothing is left of the listing but its history; every dispute over it is closed by that."""
    closed = close_disputes(listing, open_disputes(listing), _act(change, outcome))
    after = closed.replace(
        state=VOIDED,
        ended_because="conceded" if outcome == "conceded" else "decided",
        # A report made before this moment adds nothing new, even to the figures.
        reported_at=max(closed.reported_at, change.at),
    )
    event = with_difference(_event(change, VOIDED), closed, after, ("state",))
    return advance(after, event.replace(dispute=change.dispute_id))


def _close(listing: Listing, change: Disputed, outcome: str) -> Listing:
    return close_disputes(listing, [listing.disputes[change.dispute_id]], _act(change, outcome))


def _act(change: Disputed, result: str) -> DisputeAct:
    return DisputeAct(result=result, at=change.at, by=change.by, words=change.words)


def _event(change: Disputed, kind: str) -> Event:
    return Event(kind=kind, at=change.at, by=change.by)


STEPS: Final[Mapping[str, Callable[[Listing, Disputed], Listing]]] = {
    "open": _open,
    "answer": _answer,
    "overdue": _overdue,
    "withdraw": _withdraw,
    "uphold": _uphold,
    "amend": _amend,
    "void": _void,
}
