"""A dispute and a listing's history as those who take part see them."""

from collections.abc import Mapping
from typing import Final

from chalicelib.accounts.roles import Role, role_of_actor
from chalicelib.disputes.rules.dispute_case import Case
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json

OPENED, ANSWERED, CLOSED = "opened", "answered", "closed"
STEPS: Final = (OPENED, ANSWERED, CLOSED)


def moment_of(case: Case, step: str) -> str:
    """When a step of the dispute was made (ISO, UTC); '' where it was not."""
    dispute = case.dispute
    if step == OPENED:
        return dispute.opened_at
    act = dispute.answered if step == ANSWERED else dispute.closed
    return act.at if act else ""


def summary(case: Case) -> Json:
    """One line of a list of disputes."""
    dispute = case.dispute
    line: Json = {
        "dispute_id": dispute.dispute_id,
        "listing_id": case.listing.listing_id,
        "source": case.listing.source,
        "subject": subjects.view(case.subject),
        "kind": dispute.kind,
        "origin": case.origin,
        "opened_by": dispute.by,
        "opened_at": dispute.opened_at,
        "state": dispute.state,
        "answer_due": dispute.due,
    }
    if dispute.overdue_at:
        line["overdue_at"] = dispute.overdue_at
    if dispute.answered:
        line["answer"] = {"stand": dispute.answered.result, "at": dispute.answered.at}
    if dispute.closed:
        line["closed"] = {"outcome": dispute.closed.result, "at": dispute.closed.at, "by": dispute.closed.by}
    return line


def whole(case: Case, statements: Mapping[str, str], by: str) -> Json:
    """The dispute with every statement, as the actor may see it: the contact is the opener's and regulators' alone.

    `statements` are those after the opening, by their digest.
    """
    role, name = role_of_actor(by), by.partition(":")[2]
    view = {
        **summary(case),
        "statement": case.opened.statement,
        "listing": listings.view(case.listing, role, name),
    }
    if case.opened.contact_shown and (by == case.opened.by or role == Role.REGULATOR):
        view["contact"] = case.opened.contact_shown
    for part, act in (("answer", case.dispute.answered), ("closed", case.dispute.closed)):
        statement = statements.get(act.words, "") if act else ""
        if statement:
            view[part] = {**view[part], "statement": statement}
    return view


def history(subject: Subject, listing: Listing, by: str) -> Json:
    """The listing as it is now and every event of its history: by whom, when, before, after."""
    role, name = role_of_actor(by), by.partition(":")[2]
    return {
        "subject": subjects.view(subject),
        "listing": listings.view(listing, role, name),
        "history": [event.view(role, name) for event in listing.history],
    }
