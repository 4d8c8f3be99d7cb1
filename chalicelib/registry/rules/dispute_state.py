"""A dispute (申诉) over one listing: opened, answered by the reporter, decided by a regulator or taken back.

Where it stands is part of the listing, so that two people can never decide it twice; what was said in it is kept
beside. While one is open the listing is `disputed`: nobody is blocked by it and no clock runs. Each step is one event
of the listing's history, with before and after. A step that does not fit changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.registry.rules import listing as listings
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.registry.rules.subject_changes import Disputed

Listing = dict[str, Any]
Dispute = Mapping[str, Any]
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
MERCHANT: Final = "merchant"
KINDS: Final = ("for_merchant", "found_otherwise", MERCHANT)
# severity -> working days in which the reporter answers
ANSWER_DAYS: Final = {3: 3, 2: 5, 1: 5}
# A dispute suspends closing, so nobody may hold a listing open by disputing it again and again.
MOST_BY_ONE: Final = 3
MOST: Final = 40
# What a regulator may amend.
AMENDABLE: Final = ("severity", "reasons", "evidence_level", "expires_on")
OUTCOMES: Final = {"uphold": "upheld", "amend": "amended", "void": "voided", "withdraw": "withdrawn"}
# What lets a listing come to review at most: a field of it, and why.
CAPS: Final = (
    ("disputed", "有申诉尚未裁定，须人工核对", "a dispute over it is open; a person must look"),
    (
        "after_void",
        "同一平台的类似报送曾被撤销，须人工核对",
        "a like report of the same platform was voided; a person must look",
    ),
)


def why_not_open(listing: Mapping[str, Any], by: str) -> str:
    """The code of why this opener may not dispute the listing now, '' when it may."""
    mine = [one for one in disputes(listing) if one["by"] == by]
    if listing["source"].startswith("government:"):
        return "not_disputable"
    if listing["source"] == by:
        return "own_listing"
    if listing["state"] != listings.ACTIVE:
        return "listing_not_active"
    if any(one["state"] != CLOSED for one in mine):
        return "dispute_is_open"
    if len(mine) >= MOST_BY_ONE or len(disputes(listing)) >= MOST:
        return "too_many_disputes"
    return ""


def refusal(listing: Mapping[str, Any], change: "Disputed") -> str:
    """The code of why the step does not fit where the dispute stands, '' when it does. `not_overdue` is for the clock
    alone and never reaches a caller."""
    dispute = listing.get("disputes", {}).get(change.dispute_id)
    if change.step == "open":
        return "dispute_is_open" if dispute else why_not_open(listing, change.by)
    if dispute is None:
        return "not_found"
    if dispute["state"] == CLOSED:
        return "dispute_is_closed"
    if change.step == "answer" and dispute["state"] == ANSWERED and change.details["stand"] != "concede":
        return "already_answered"
    if change.step == "overdue" and (dispute["state"] != OPEN or "overdue_at" in dispute or dispute["due"] > change.at):
        return "not_overdue"
    return ""


def repeats(dispute: Dispute, change: "Disputed") -> bool:
    """Whether the very step was taken already, by the same hand with the same words."""
    done = dispute.get("answered" if change.step == "answer" else "closed", {})
    expected = change.details["stand"] if change.step == "answer" else OUTCOMES.get(change.step)
    words = change.details.get("words", "")
    return (done.get("what"), done.get("by"), done.get("words", "")) == (expected, change.by, words)


def take(listing: Listing, change: "Disputed") -> Listing | None:
    """The listing after the step; None when the step does not fit."""
    return None if refusal(listing, change) else _STEPS[change.step](listing, change)


def disputes(listing: Mapping[str, Any]) -> list[Dispute]:
    """Every dispute that there was over the listing."""
    return list(listing.get("disputes", {}).values())


def settle(listing: Listing, at: str, by: str) -> Listing:
    """The listing with every open dispute closed, because the listing itself is about to end."""
    if listing["state"] != listings.ACTIVE:
        return listing
    return _close(listing, _open_ids(listing), "listing_ended", at, by)


def mark_after_void(listing: Listing, others: Mapping[str, Mapping[str, Any]]) -> Listing:
    """The listing, with the id of the voided one that it may only repeat under another day or reason.

    What the same reporter says of a day up to that of the void, for a common reason or of the same day, is likely what
    was voided. It is kept, and a person must look before it blocks.
    """
    if listing["state"] != listings.ACTIVE or listing["history"][-1]["kind"] not in ("opened", "reopened"):
        return listing
    for other in others.values():
        if other["state"] != listings.VOIDED or other["source"] != listing["source"]:
            continue
        alike = other["listed_on"] == listing["listed_on"] or set(other["reasons"]) & set(listing["reasons"])
        if alike and listing["listed_on"] <= _voided_on(other):
            return {**listing, "after_void": other["listing_id"]}
    return listing


def _voided_on(listing: Mapping[str, Any]) -> str:
    return max(
        (china_date(datetime.fromisoformat(one["at"])) for one in listing["history"] if one["kind"] == listings.VOIDED),
        default="",
    )


def _open(listing: Listing, change: "Disputed") -> Listing:
    dispute = {
        "dispute_id": change.dispute_id,
        "by": change.by,
        "kind": change.details["kind"],
        "state": OPEN,
        "opened_at": change.at,
        "due": change.details["due"],
    }
    return _step(listing, dispute, "disputed", change.at, change.by)


def _answer(listing: Listing, change: "Disputed") -> Listing:
    answered = {
        "what": change.details["stand"],
        "at": change.at,
        "by": change.by,
        "words": change.details.get("words", ""),
    }
    dispute = {**listing["disputes"][change.dispute_id], "state": ANSWERED, "answered": answered}
    after = _step(listing, dispute, "dispute_answered", change.at, change.by)
    return _voided(after, change, "conceded") if change.details["stand"] == "concede" else after


def _overdue(listing: Listing, change: "Disputed") -> Listing:
    dispute = {**listing["disputes"][change.dispute_id], "overdue_at": change.at}
    return _step(listing, dispute, "dispute_overdue", change.at, change.by)


def _withdraw(listing: Listing, change: "Disputed") -> Listing:
    return _close(listing, [change.dispute_id], "withdrawn", change.at, change.by, change.details.get("words", ""))


def _uphold(listing: Listing, change: "Disputed") -> Listing:
    closed = _close(listing, [change.dispute_id], "upheld", change.at, change.by, change.details.get("words", ""))
    return {field: value for field, value in closed.items() if field != "after_void"}


def _amend(listing: Listing, change: "Disputed") -> Listing:
    closed = _close(listing, [change.dispute_id], "amended", change.at, change.by, change.details.get("words", ""))
    fields = {field: change.details["fields"][field] for field in AMENDABLE if field in change.details["fields"]}
    amended = {**closed, **fields, "decided": {**closed.get("decided", {}), **fields}}
    amended.pop("after_void", None)
    changed = listings.difference(closed, amended, AMENDABLE)
    details = {"dispute": change.dispute_id, **changed}
    return listings.advance(amended, "amended", change.at, change.by, details=details)


def _void(listing: Listing, change: "Disputed") -> Listing:
    return _voided(listing, change, "voided")


def _voided(listing: Listing, change: "Disputed", outcome: str) -> Listing:
    """Nothing is left of the listing but its history; every dispute over it is closed by that."""
    words = change.details.get("words", "")
    closed = _close(listing, _open_ids(listing), outcome, change.at, change.by, words)
    after = {
        **closed,
        "state": listings.VOIDED,
        "ended_because": "conceded" if outcome == "conceded" else "decided",
        # A report made before this moment tells nothing new, even to the figures.
        "reported_at": max(closed["reported_at"], change.at),
    }
    changed = listings.difference(closed, after, ("state",))
    details = {"dispute": change.dispute_id, **changed}
    return listings.advance(after, listings.VOIDED, change.at, change.by, details=details)


def _close(listing: Listing, ids: Iterable[str], outcome: str, at: str, by: str, words: str = "") -> Listing:
    for ident in ids:
        closed = {"what": outcome, "at": at, "by": by, "words": words}
        dispute = {**listing["disputes"][ident], "state": CLOSED, "closed": closed}
        listing = _step(listing, dispute, "dispute_closed", at, by)
    return listing


def _step(listing: Listing, dispute: Dispute, kind: str, at: str, by: str) -> Listing:
    """The listing with the dispute as it now stands, and one event that says so."""
    ident = dispute["dispute_id"]
    known = {**listing.get("disputes", {}), ident: dispute}
    after = {field: value for field, value in listing.items() if field != "disputed"} | {"disputes": known}
    if any(one["state"] != CLOSED for one in known.values()):
        after["disputed"] = True
    before = _standing(listing, listing.get("disputes", {}).get(ident))
    details = {"dispute": ident, "before": before, "after": _standing(after, dispute)}
    return listings.advance(after, kind, at, by, details=details)


def _standing(listing: Mapping[str, Any], dispute: Dispute | None) -> dict[str, Any]:
    standing = {"disputed": listings.is_disputed(listing)}
    if dispute is None:
        return standing
    outcome = {"outcome": dispute["closed"]["what"]} if "closed" in dispute else {}
    stand = {"answer": dispute["answered"]["what"]} if "answered" in dispute else {}
    overdue = {"overdue": True} if "overdue_at" in dispute else {}
    return {**standing, "dispute": dispute["state"], **stand, **overdue, **outcome}


def _open_ids(listing: Mapping[str, Any]) -> list[str]:
    return [one["dispute_id"] for one in disputes(listing) if one["state"] != CLOSED]


_STEPS: Final[Mapping[str, Callable[[Listing, "Disputed"], Listing]]] = {
    "open": _open,
    "answer": _answer,
    "overdue": _overdue,
    "withdraw": _withdraw,
    "uphold": _uphold,
    "amend": _amend,
    "void": _void,
}
