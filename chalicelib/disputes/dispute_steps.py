"""Disputes (申诉) as people carry them: opened, answered, taken back, decided, and shown to those who take part.

Where a dispute stands is in the listing and is changed by the one save. What was said lies beside it under a digest of
itself, written first: words without a step are never shown, and no step is without its words.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role, role_of_actor
from chalicelib.disputes.rules import dispute as steps
from chalicelib.disputes.rules import dispute_deadlines
from chalicelib.disputes.rules.dispute import Disputed
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import Dispute, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

Item = dict[str, Any]
REGULATOR: Final = "regulator:"


@dataclass(frozen=True, slots=True)
class Context:
    """What disputing works with."""

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    digest: Digest


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute as it stands: what was said when it opened, the subject, its listing, and the dispute in it."""

    item: Item
    subject: Subject
    listing: Listing
    dispute: Dispute


def actor(caller: Caller) -> str:
    """Who acts, as histories name it: `platform:<id>` or `regulator:<id>`; a merchant is `merchant:<subject id>`."""
    return f"{REGULATOR}{caller.platform_id}" if caller.role == Role.REGULATOR else caller.source


def open_dispute(context: Context, by: str, wanted: Mapping[str, Any], idempotency_key: str, now: datetime) -> Case:
    """Open a dispute over a listing: `listing_id`, `kind`, `statement`, `contact`.

    `by` is `platform:<id>`, or `merchant:<subject id>` where the merchant itself speaks (origin merchant). The same
    `idempotency_key` gives the same dispute. `NotFound` for a listing that the opener may not know; `Conflict` where
    the listing cannot be disputed, or by this opener not now.
    """
    subject, listing = _listing(context, wanted["listing_id"], by)
    # Keyed, because it covers the contact.
    content = context.digest("dispute", _digest_of(wanted))
    # Without a key each call is a dispute of its own, of which the listing takes one.
    ident = "d_" + hashlib.sha256(f"{by}|{idempotency_key or secrets.token_hex(16)}".encode()).hexdigest()[:24]
    item = {
        "id": f"dispute#{ident}",
        "dispute_id": ident,
        "listing_id": listing.listing_id,
        "by": by,
        "content": content,
        "statement": mask_personal(wanted["statement"])[0],
        "contact": context.digest("contact", wanted["contact"]) if wanted.get("contact") else "",
        "contact_shown": masked_contact(wanted.get("contact", "")),
        "written_at": iso(now),
    }
    kind = steps.MERCHANT if by.startswith("merchant:") else wanted["kind"]
    due = dispute_deadlines.answer_due(listing.severity, now)
    details = {"kind": kind, "due": iso(due)}
    change = Disputed(subject.subject_id, listing.listing_id, ident, "open", iso(now), by, details)
    known = context.exchange.get(item["id"])
    if known and known["content"] != content:
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, dispute_id=ident)
    if ident not in listing.disputes:
        _refuse(listing, change)
        known = context.exchange.put_new(item)
        subject = _save(context, change, subject)
    return _case(known or item, subject)


def answer(context: Context, by: str, dispute_id: str, stand: str, statement: str, now: datetime) -> Case:
    """The reporter stands by its listing or concedes; conceding voids it. The same answer again is the same answer.

    `NotFound` for whoever is not the reporter; `Conflict` once it was answered, or is closed.
    """
    case = find(context, by, dispute_id)
    if case.listing.source != by:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id)
    return _step(context, case, "answer", by, {"stand": stand}, statement, now)


def withdraw(context: Context, by: str, dispute_id: str, statement: str, now: datetime) -> Case:
    """The opener takes its dispute back; the listing counts again. `NotFound` for anybody else."""
    case = find(context, by, dispute_id)
    if case.item["by"] != by:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id)
    return _step(context, case, "withdraw", by, {}, statement, now)


def decide(
    context: Context, by: str, dispute_id: str, decision: str, fields: Mapping[str, Any], statement: str, now: datetime
) -> Case:
    """A regulator upholds, amends (`fields` of `disputes.AMENDABLE`) or voids; it need not wait for the answer.

    `Conflict` once the dispute is closed.
    """
    return _step(context, find(context, by, dispute_id), decision, by, {"fields": fields}, statement, now)


def find(context: Context, by: str, dispute_id: str) -> Case:
    """The dispute, for its opener, the reporter and regulators; `NotFound` for everyone else."""
    item = context.exchange.get(f"dispute#{dispute_id}")
    subject = context.registry.subject(listings.subject_of(item["listing_id"])) if item else None
    if item is None or subject is None or not takes_part(_case_or_none(item, subject), by):
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id[:40])
    return _case(item, subject)


def takes_part(case: Case | None, by: str) -> bool:
    """Whether whoever acts is the opener, the reporter, or a regulator."""
    return case is not None and (by in (case.item["by"], case.listing.source) or by.startswith(REGULATOR))


def words(context: Context, case: Case) -> dict[str, str]:
    """What was said after the opening, by its digest."""
    said = [act.words for act in (case.dispute.answered, case.dispute.closed) if act]
    found = context.exchange.get_many(_words_id(case.dispute, one) for one in said if one)
    return {key.rpartition("#")[2]: item["statement"] for key, item in found.items()}


def cases(context: Context, dispute_ids: list[str]) -> list[Case]:
    """Those of the disputes that there are, in order."""
    items = context.exchange.get_many(f"dispute#{one}" for one in dispute_ids)
    known = context.registry.subjects(listings.subject_of(item["listing_id"]) for item in items.values())
    ordered = [items[f"dispute#{one}"] for one in dispute_ids if f"dispute#{one}" in items]
    found = [_case_or_none(item, known.get(listings.subject_of(item["listing_id"]))) for item in ordered]
    return [case for case in found if case]


def history(context: Context, by: str, listing_id: str) -> tuple[Subject, Listing]:
    """The listing with its history, for its reporter, whoever disputed it, and regulators; else `NotFound`."""
    subject, listing = _listing(context, listing_id, "")
    disputers = {dispute.by for dispute in listing.disputes.values()}
    if by != listing.source and by not in disputers and not by.startswith(REGULATOR):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id[:120])
    return subject, listing


def masked_contact(contact: str) -> str:
    """Enough of a contact to recognise one's own, and no more."""
    plain = contact.strip()
    if "@" in plain:
        name, _, host = plain.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{plain[0]}****{plain[-2:] if plain[-2:].isdigit() else ''}" if plain else ""


def _listing(context: Context, listing_id: str, by: str) -> tuple[Subject, Listing]:
    """The listing, if whoever acts ('' for nobody yet) may know of it."""
    who = listings.subject_of(listing_id)
    subject = context.registry.subject(who) if who else None
    listing = subject.listings.get(listing_id) if subject else None
    if subject is not None and listing is not None:
        kind, _, name = by.partition(":")
        if not by or (name == who if kind == "merchant" else listings.may_see(listing, role_of_actor(by), name)):
            return subject, listing
    raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id[:120])


def _step(
    context: Context, case: Case, step: str, by: str, details: Mapping[str, Any], statement: str, now: datetime
) -> Case:
    said = mask_personal(statement)[0]
    digest = _digest_of({"said": said, "step": step, **details})[:16]
    change = Disputed(
        case.subject.subject_id,
        case.listing.listing_id,
        case.dispute.dispute_id,
        step,
        iso(now),
        by,
        {**details, "words": digest},
    )
    if steps.repeats(case.dispute, change):
        return case
    _refuse(case.listing, change)
    context.exchange.put_new({"id": _words_id(case.dispute, digest), "statement": said, "written_at": iso(now)})
    return _case(case.item, _save(context, change, case.subject))


def _save(context: Context, change: Disputed, subject: Subject) -> Subject:
    """The subject after the step; `Conflict` when somebody else was first."""
    saved = context.registry.save(change, subject, just_read=True)
    if saved is None:
        now_known = context.registry.subject(change.subject_id) or subject
        listing = now_known.listings[change.listing_id]
        dispute = listing.disputes.get(change.dispute_id)
        if dispute is None or not (change.step == "open" or steps.repeats(dispute, change)):
            _refuse(listing, change)
        return now_known
    return saved


def _refuse(listing: Listing, change: Disputed) -> None:
    code = steps.refusal(listing, change)
    if code:
        open_ones = [dispute.dispute_id for dispute in listing.disputes.values() if dispute.by == change.by]
        known = {"disputes": open_ones} if code in ("dispute_is_open", "too_many_disputes") else {}
        raise Conflict(ErrorCode(code), listing_id=listing.listing_id, **known)


def _case(item: Item, subject: Subject) -> Case:
    case = _case_or_none(item, subject)
    if case is None:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=item["dispute_id"])
    return case


def _case_or_none(item: Item, subject: Subject | None) -> Case | None:
    """The listing decides: an item that was written for a dispute that it never took is none."""
    listing = subject.listings.get(item["listing_id"]) if subject else None
    dispute = listing.disputes.get(item["dispute_id"]) if listing else None
    return Case(item, subject, listing, dispute) if subject and listing and dispute else None


def _words_id(dispute: Dispute, digest: str) -> str:
    return f"dispute-words#{dispute.dispute_id}#{digest}"


def _digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
