"""A dispute and a listing's history as those who take part see them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.roles import Role, role_of_actor
from chalicelib.disputes.rules.dispute import MERCHANT
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Dispute, Listing
from chalicelib.registry.rules.subject import Subject

Item = Mapping[str, Any]


def summary(item: Item, subject: Subject, listing: Listing, dispute: Dispute) -> dict[str, Any]:
    """One line of a list of disputes."""
    shown = {
        "dispute_id": dispute.dispute_id,
        "listing_id": listing.listing_id,
        "source": listing.source,
        "subject": subjects.shown(subject),
        "kind": dispute.kind,
        "origin": MERCHANT if item["by"].startswith("merchant:") else "platform",
        "opened_by": dispute.by,
        "opened_at": dispute.opened_at,
        "state": dispute.state,
        "answer_due": dispute.due,
    }
    if dispute.overdue_at:
        shown["overdue_at"] = dispute.overdue_at
    if dispute.answered:
        shown["answer"] = {"stand": dispute.answered.result, "at": dispute.answered.at}
    if dispute.closed:
        closed = dispute.closed
        shown["closed"] = {"outcome": closed.result, "at": closed.at, "by": closed.by}
    return shown


def whole(
    item: Item, subject: Subject, listing: Listing, dispute: Dispute, words: Mapping[str, str], by: str
) -> dict[str, Any]:
    """The dispute with everything that was said, as whoever acts may see it: the contact is the opener's and the
    regulator's alone."""
    name = by.partition(":")[2]
    shown = {
        **summary(item, subject, listing, dispute),
        "statement": item["statement"],
        "listing": listings.view(listing, role_of_actor(by), name),
    }
    if item["contact_shown"] and (by == item["by"] or role_of_actor(by) == Role.REGULATOR):
        shown["contact"] = item["contact_shown"]
    for part, act in (("answer", dispute.answered), ("closed", dispute.closed)):
        said = words.get(act.words, "") if act else ""
        if said:
            shown[part] = {**shown[part], "statement": said}
    return shown


def history(subject: Subject, listing: Listing, by: str) -> dict[str, Any]:
    """The listing as it stands and every event of its history: who, when, before, after."""
    name = by.partition(":")[2]
    return {
        "subject": subjects.shown(subject),
        "listing": listings.view(listing, role_of_actor(by), name),
        "history": [event.to_item() for event in listing.history],
    }
