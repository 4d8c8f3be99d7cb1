"""The steps of a dispute (申诉): opened, answered, taken back, decided.

The state of a dispute is in the listing and is changed by the one save. A statement is stored beside it under a digest
of itself, and first: a statement without a step is never shown, and no step is without its statement.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.disputes.dependencies import Context
from chalicelib.disputes.read_disputes import find_case, find_listing
from chalicelib.disputes.rules import dispute_deadlines
from chalicelib.disputes.rules.dispute import MERCHANT, Disputed, refusal, repeats
from chalicelib.disputes.rules.dispute_case import BY_MERCHANT, Case, OpenedDispute, Statement, case_of, masked_contact
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.listing import Amendment, Listing
from chalicelib.storage.item_keys import dispute_keys
from chalicelib.values.keyed_digest import are_same
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.rules.subject import Subject


@dataclass(frozen=True, slots=True)
class NewDispute:
    """A dispute to be opened; `kind` says on whose behalf a platform disputes, `contact` whom to ask."""

    listing_id: str
    kind: str
    statement: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a regulator decides: uphold, amend (`fields`) or void, and why."""

    decision: str
    statement: str
    fields: Amendment = field(default_factory=Amendment)


def open_dispute(context: Context, by: str, wanted: NewDispute, idempotency_key: str, now: datetime) -> Case:
    """Open a dispute over a listing.

    `by` is `platform:<id>`, or `merchant:<subject id>` where the merchant itself speaks (origin merchant). The same
    `idempotency_key` gives the same dispute. `NotFound` for a listing that the opener may not know; `Conflict` where
    the listing cannot be disputed, or by this opener not now.
    """
    subject, listing = find_listing(context, wanted.listing_id, by)
    # Without a key each call is a dispute of its own, of which the listing takes one.
    key = idempotency_key or secrets.token_hex(16)
    opened = _opened(context, by, wanted, "d_" + hashlib.sha256(f"{by}|{key}".encode()).hexdigest()[:24], now)
    change = Disputed(
        subject_id=subject.subject_id,
        listing_id=listing.listing_id,
        dispute_id=opened.dispute_id,
        step="open",
        at=iso(now),
        by=by,
        kind=MERCHANT if by.startswith(BY_MERCHANT) else wanted.kind,
        due=iso(dispute_deadlines.answer_due(listing.severity, now)),
    )
    item = context.exchange.get(opened.id)
    if item and not are_same(item["content"], opened.content):
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, dispute_id=opened.dispute_id)
    if opened.dispute_id not in listing.disputes:
        _refuse(listing, change)
        item = context.exchange.put_new(opened.to_item())
        subject = _save(context, change, subject)
    return _case(OpenedDispute.from_item(item) if item else opened, subject)


def answer(context: Context, by: str, dispute_id: str, stand: str, statement: str, now: datetime) -> Case:
    """The reporter stands by its listing or concedes; conceding voids it. The same answer again is the same answer.

    `NotFound` for an actor that is not the reporter; `Conflict` once it was answered, or is closed.
    """
    case = find_case(context, by, dispute_id)
    if case.listing.source != by:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id)
    change = replace(_change(case, "answer", by, now), stand=stand)
    return _take_step(context, case, change, statement, {"stand": stand})


def withdraw(context: Context, by: str, dispute_id: str, statement: str, now: datetime) -> Case:
    """The opener takes its dispute back; the listing counts again. `NotFound` for any other actor."""
    case = find_case(context, by, dispute_id)
    if case.opened.by != by:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id)
    return _take_step(context, case, _change(case, "withdraw", by, now), statement, {})


def decide(context: Context, by: str, dispute_id: str, decision: Decision, now: datetime) -> Case:
    """A regulator upholds, amends or voids the listing; it need not wait for the answer.

    `Conflict` once the dispute is closed.
    """
    case = find_case(context, by, dispute_id)
    change = replace(_change(case, decision.decision, by, now), fields=decision.fields)
    return _take_step(context, case, change, decision.statement, {"fields": decision.fields.to_item()})


def _opened(context: Context, by: str, wanted: NewDispute, dispute_id: str, now: datetime) -> OpenedDispute:
    return OpenedDispute(
        id=dispute_keys.dispute(dispute_id),
        dispute_id=dispute_id,
        listing_id=wanted.listing_id,
        by=by,
        # Keyed, because it covers the contact.
        content=context.digest("dispute", _digest_of(asdict(wanted))),
        statement=mask_personal(wanted.statement)[0],
        contact=context.digest("contact", wanted.contact) if wanted.contact else "",
        contact_shown=masked_contact(wanted.contact),
        written_at=iso(now),
    )


def _change(case: Case, step: str, by: str, now: datetime) -> Disputed:
    return Disputed(
        subject_id=case.subject.subject_id,
        listing_id=case.listing.listing_id,
        dispute_id=case.dispute.dispute_id,
        step=step,
        at=iso(now),
        by=by,
    )


def _take_step(context: Context, case: Case, change: Disputed, statement: str, details: Mapping[str, object]) -> Case:
    """The dispute after a step, with its statement stored; as it is when the very step was taken before."""
    masked = mask_personal(statement)[0]
    digest = _digest_of({"said": masked, "step": change.step, **details})[:16]
    change = replace(change, words=digest)
    if repeats(case.dispute, change):
        return case
    _refuse(case.listing, change)
    item_id = dispute_keys.dispute_statement(change.dispute_id, digest)
    context.exchange.put_new(Statement(id=item_id, statement=masked, written_at=change.at).to_item())
    return _case(case.opened, _save(context, change, case.subject))


def _save(context: Context, change: Disputed, subject: "Subject") -> "Subject":
    """The subject after the step; `Conflict` when another call was first."""
    saved = context.registry.save(change, subject, just_read=True)
    if saved is not None:
        return saved
    current = context.registry.subject(change.subject_id) or subject
    listing = current.listings[change.listing_id]
    dispute = listing.disputes.get(change.dispute_id)
    if dispute is None or not (change.step == "open" or repeats(dispute, change)):
        _refuse(listing, change)
    return current


def _refuse(listing: Listing, change: Disputed) -> None:
    """`Conflict` where the step does not fit the listing and its disputes."""
    code = refusal(listing, change)
    if code:
        own = [dispute.dispute_id for dispute in listing.disputes.values() if dispute.by == change.by]
        details = {"disputes": own} if code in ("dispute_is_open", "too_many_disputes") else {}
        raise Conflict(ErrorCode(code), listing_id=listing.listing_id, **details)


def _case(opened: OpenedDispute, subject: "Subject") -> Case:
    case = case_of(opened, subject)
    if case is None:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=opened.dispute_id)
    return case


def _digest_of(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
