"""Licence checks: a challenge, the holder's answer, one outcome.

The outcome of a check is decided by one conditional write; what follows from it is `check_receipts`. For other
capabilities: `start` opens a check, `find_holder` says whether it proved a holder.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import errors, messages
from chalicelib.licences import decide_licence_check, licence_check_store, licence_store, list_licence_checks
from chalicelib.licences.decide_licence_check import Context
from chalicelib.licences.rules import licence_check
from chalicelib.licences.rules.licence import REVOKED
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.licences.rules.licence_verifier import Outcome, Refused, Unreachable
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import licence_keys
from chalicelib.values.cell_text import given
from chalicelib.values.organisation_codes import compact, has_uscc_shape
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# After so many answers that prove nothing, the next decides, whatever it is: a check is no place to try things out.
MOST_UNPROVED: Final = 10


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a check is to prove; `name` as the merchant gave it, `method` the verifier, '' for the default one."""

    uscc: str
    purpose: str
    name: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class VerifiedHolder:
    """A person who has proved, moments ago, to hold this merchant's licence in this role."""

    uscc: str
    name: str
    holder_role: str
    purpose: str
    verified_at: str
    check_id: str
    receipt_id: str
    name_confirmed: bool


def start(context: Context, request: CheckRequest, platform_id: str, answer_base: str, now: datetime) -> Json:
    """Open a check for a platform (or for a page of the exchange, under a name in capitals).

    `answer_base` is the address of this API, as a wallet reaches it. Raises `BadRequest`, `Unavailable`.
    """
    uscc = compact(request.uscc)
    if not has_uscc_shape(uscc):
        raise errors.BadRequest(ErrorCode.INVALID_USCC, uscc=uscc[:40])
    method = request.method or next(iter(context.verifiers), "")
    if method not in context.verifiers:
        raise errors.BadRequest(ErrorCode.VERIFIER_OFF, method=method, on=list(context.verifiers))
    check = _new_check(context, CheckRequest(uscc, request.purpose, given(request.name), method), platform_id, now)
    answer_to = f"{answer_base}/v1/licence-checks/{check.check_id}/response"
    challenge = context.verifiers[method].start(check, answer_to, now)
    if isinstance(challenge, Unreachable):
        raise errors.Unavailable(ErrorCode(challenge.code))
    licence_check_store.put_check(context.exchange, check.replace(session=challenge.session))
    list_licence_checks.enter(context.exchange, check, now)
    return {
        **decide_licence_check.view(context, check, now),
        "session": challenge.session,
        "nonce": check.nonce,
        "qr_text": challenge.text,
        "deep_link": challenge.link,
        **({"upload": dict(challenge.upload)} if challenge.upload else {}),
    }


def find(exchange: "ExchangeTable", check_id: str, platform_id: str = "") -> LicenceCheck:
    """The check, or `NotFound`, also for a check of another platform; '' may see all."""
    check = licence_check_store.find_check(exchange, check_id)
    if check is None or (platform_id and check.platform_id != platform_id):
        raise errors.NotFound(ErrorCode.NOT_FOUND, check_id=check_id[:60])
    return check


def answer(context: Context, check_id: str, presentation: str, now: datetime) -> Json:
    """Accept what a wallet shows, which decides the check; the check as the wallet may see it.

    Raises `NotFound`, and `Conflict` when the check is over or takes no answer of a wallet.
    """
    check = find(context.exchange, check_id)
    if check.method == "manual":
        raise errors.Conflict(ErrorCode.NO_WALLET_ASKED, method="manual")
    proof = hashlib.sha256(presentation.encode()).hexdigest()
    if not licence_check.is_open(check, iso(now)):
        if check.proof != proof:
            raise errors.Conflict(ErrorCode.LICENCE_CHECK_OVER, state=licence_check.state_of(check, iso(now)))
        # The same answer again: its sender did not receive the outcome.
        decide_licence_check.record(context, check, now)
        return decide_licence_check.wallet_view(check, now)
    outcome: Outcome = Refused("presentation_replayed", decides=False)
    if licence_check_store.find_use(context.exchange, proof) in ("", check_id):
        outcome = decide_licence_check.ask_verifier(context, check, presentation, now)
    if isinstance(outcome, Refused) and not outcome.decides and check.unproved < MOST_UNPROVED:
        return _refuse_unproved(context, check, outcome, now)
    return decide_licence_check.wallet_view(decide_licence_check.decide(context, check, outcome, proof, now), now)


def _refuse_unproved(context: Context, check: LicenceCheck, outcome: Refused, now: datetime) -> Json:
    """Count an answer that anybody could have sent; the check waits for its holder, who is not refused for it."""
    before = {"unproved": check.unproved} if check.unproved else {}
    licence_check_store.update_check(
        context.exchange, check, {"unproved": check.unproved + 1}, only_if={"state": licence_check.PENDING, **before}
    )
    reason = {"code": outcome.code, "message": messages.message(outcome.code)}
    return {**decide_licence_check.wallet_view(check, now), "reason": reason}


def refresh(context: Context, check: LicenceCheck, now: datetime) -> Json:
    """The check as it is now; the national system is asked for its answer, and what a killed function left is done."""
    if check.method == "national" and licence_check.is_open(check, iso(now)):
        check = decide_licence_check.poll(context, check, now)
    if check.state != licence_check.PENDING:
        decide_licence_check.record(context, check, now)
    return decide_licence_check.view(context, check, now)


def find_holder(exchange: "ExchangeTable", check_id: str, purpose: str, now: datetime) -> VerifiedHolder | None:
    """The holder that this check proved for this purpose within the last quarter of an hour; None otherwise.

    None too when the licence has ended since. The check's id is a secret between the holder and the caller that asked.
    """
    check = licence_check_store.find_check(exchange, check_id)
    if check is None or check.state != licence_check.VERIFIED or check.purpose != purpose or check.holder is None:
        return None
    if check.decided_at < iso(now - timedelta(seconds=licence_check.PROOF_SECONDS)):
        return None
    licence = licence_store.find_licence(exchange, check.uscc)
    if licence is not None and licence.state == REVOKED:
        return None
    return VerifiedHolder(
        uscc=check.uscc,
        name=check.holder.name,
        holder_role=check.holder.holder_role,
        purpose=purpose,
        verified_at=check.decided_at,
        check_id=check_id,
        receipt_id=check.receipt_id,
        name_confirmed="name_unconfirmed" not in check.remarks,
    )


def _new_check(context: Context, request: CheckRequest, platform_id: str, now: datetime) -> LicenceCheck:
    """A pending check that nobody has answered yet."""
    check_id = "k_" + secrets.token_hex(16)
    lasts = licence_check.REVIEW_SECONDS if request.method == "manual" else licence_check.ANSWER_SECONDS
    return LicenceCheck(
        check_id=check_id,
        receipt_id="r_" + hashlib.sha256(check_id.encode()).hexdigest()[:24],
        platform_id=platform_id,
        uscc=request.uscc,
        name=request.name,
        purpose=request.purpose,
        method=request.method,
        nonce=secrets.token_urlsafe(24),
        audience=f"lianfang-{context.stage}/{platform_id}",
        created_at=iso(now),
        answer_until=iso(now + timedelta(seconds=lasts)),
        expires_at=int((now + licence_keys.LICENCE_CHECK_KEPT).timestamp()),
    )
