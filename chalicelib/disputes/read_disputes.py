"""Disputes (申诉) as those who take part read them: one, a page of them, their statements, a listing's history."""

from collections.abc import Sequence

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import role_of_actor
from chalicelib.disputes.dependencies import Context
from chalicelib.disputes.rules.dispute_case import BY_MERCHANT, REGULATOR, Case, OpenedDispute, Statement, case_of
from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys import dispute_keys


def actor(caller: Caller) -> str:
    """The caller as histories name it: `platform:<id>` or `regulator:<id>`; a merchant is `merchant:<subject id>`."""
    return caller.actor


def find_case(context: Context, by: str, dispute_id: str) -> Case:
    """The dispute, for its opener, the reporter and regulators; `NotFound` for any other actor."""
    item = context.exchange.get(dispute_keys.dispute(dispute_id))
    opened = OpenedDispute.from_item(item) if item else None
    subject = context.registry.subject(listings.subject_of(opened.listing_id)) if opened else None
    case = case_of(opened, subject) if opened else None
    if case is None or not case.takes_part(by):
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id[:40])
    return case


def list_cases(context: Context, dispute_ids: Sequence[str]) -> list[Case]:
    """Those of the disputes that there are, in order."""
    items = context.exchange.get_many(dispute_keys.dispute(dispute_id) for dispute_id in dispute_ids)
    disputes = [
        OpenedDispute.from_item(items[item_id])
        for dispute_id in dispute_ids
        if (item_id := dispute_keys.dispute(dispute_id)) in items
    ]
    subject_ids = [listings.subject_of(opened.listing_id) for opened in disputes]
    subjects = context.registry.subjects(subject_ids)
    pairs = zip(disputes, subject_ids, strict=True)
    return [case for opened, subject_id in pairs if (case := case_of(opened, subjects.get(subject_id)))]


def read_statements(context: Context, case: Case) -> dict[str, str]:
    """The statements after the opening, by the digest that the dispute names them by."""
    acts = (case.dispute.answered, case.dispute.closed)
    dispute_id = case.dispute.dispute_id
    digest_of = {dispute_keys.dispute_statement(dispute_id, act.words): act.words for act in acts if act and act.words}
    items = context.exchange.get_many(digest_of)
    return {digest_of[item_id]: Statement.from_item(item).statement for item_id, item in items.items()}


def read_history(context: Context, by: str, listing_id: str) -> tuple[Subject, Listing]:
    """The listing with its history, for its reporter, those who disputed it, and regulators; else `NotFound`."""
    subject, listing = find_listing(context, listing_id, "")
    openers = {dispute.by for dispute in listing.disputes.values()}
    if by != listing.source and by not in openers and not by.startswith(REGULATOR):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id[:120])
    return subject, listing


def find_listing(context: Context, listing_id: str, by: str) -> tuple[Subject, Listing]:
    """The listing, if the actor may know of it; `by` is '' where that is checked elsewhere."""
    subject_id = listings.subject_of(listing_id)
    subject = context.registry.subject(subject_id) if subject_id else None
    listing = subject.listings.get(listing_id) if subject else None
    if subject is None or listing is None or not (by == "" or _may_know(by, subject_id, listing)):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id[:120])
    return subject, listing


def _may_know(by: str, subject_id: str, listing: Listing) -> bool:
    if by.startswith(BY_MERCHANT):
        return by == BY_MERCHANT + subject_id
    return listings.may_see(listing, role_of_actor(by), by.partition(":")[2])
