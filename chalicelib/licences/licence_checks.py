"""Licence checks: a challenge, the holder's answer, one outcome; and how a verified licence follows the register.

The outcome of a check is decided by one conditional write; what follows from it is `recording`. For other services:
`start` opens a check, `verified` says whether it proved a holder, `licence` reads the current state of a licence.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib import errors
from chalicelib.licences import check_receipts, decide_check
from chalicelib.licences.decide_check import Check, Context
from chalicelib.licences.rules import licence_check, licence_validity
from chalicelib.licences.rules.licence_check import Refused, Unreachable
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.values.organisation_codes import compact, is_valid_uscc
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

Subject = Mapping[str, Any]
# What opens a task of the closure ledger: for a platform, for a licence, now.
OpenTask = Callable[[str, Mapping[str, Any], datetime], None]
KEPT_DAYS = 360


def no_task(_platform_id: str, _licence: Mapping[str, Any], _now: datetime) -> None:
    """Open no task of the closure ledger."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is to prove; `name` as the merchant gave it, `method` the verifier, '' for the one taken first."""

    uscc: str
    purpose: str
    name: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """A holder who has proved, moments ago, to hold this merchant's licence in this role."""

    uscc: str
    name: str
    holder_role: str
    purpose: str
    verified_at: str
    check_id: str
    receipt_id: str
    name_confirmed: bool


def start(context: Context, asked: Asked, platform_id: str, answer_base: str, now: datetime) -> dict[str, Any]:
    """Open a check for a platform (or for a door of our own, under a name in capitals).

    `answer_base` is the address of this API, as a wallet reaches it. Raises `BadRequest`, `Unavailable`.
    """
    uscc = compact(asked.uscc)
    if not is_valid_uscc(uscc):
        raise errors.BadRequest("invalid_uscc", uscc=uscc[:40])
    method = asked.method or next(iter(context.verifiers), "")
    if method not in context.verifiers:
        raise errors.BadRequest("verifier_off", method=method, on=list(context.verifiers))
    check_id = "k_" + secrets.token_hex(16)
    lasts = licence_check.REVIEW_SECONDS if method == "manual" else licence_check.ANSWER_SECONDS
    check = {
        "id": f"licence_check#{check_id}",
        "check_id": check_id,
        "receipt_id": "r_" + hashlib.sha256(check_id.encode()).hexdigest()[:24],
        "platform_id": platform_id,
        "uscc": uscc,
        "name": asked.name.strip(),
        "purpose": asked.purpose,
        "method": method,
        "nonce": secrets.token_urlsafe(24),
        "audience": f"lianfang-{context.stage}/{platform_id}",
        "state": licence_check.PENDING,
        "outage": "",
        "polled_at": "",
        "first_review": "",
        "second_review": "",
        "created_at": iso(now),
        "answer_until": iso(now + timedelta(seconds=lasts)),
        "expires_at": int((now + timedelta(days=KEPT_DAYS)).timestamp()),
    }
    challenge = context.verifiers[method].start(check, f"{answer_base}/v1/licence-checks/{check_id}/response", now)
    if isinstance(challenge, Unreachable):
        raise errors.Unavailable(challenge.code)
    context.exchange.put_new({**check, "session": challenge.session})
    shown = {"session": challenge.session, "nonce": check["nonce"], "qr_text": challenge.text}
    upload = {"upload": dict(challenge.upload)} if challenge.upload else {}
    return {**decide_check.view(context, check, now), **shown, "deep_link": challenge.link, **upload}


def find(exchange: "ExchangeTable", check_id: str, platform_id: str = "") -> dict[str, Any]:
    """The check, or `NotFound`; another platform's is not found either. '' is whoever may see all."""
    check = exchange.get(f"licence_check#{check_id}")
    if check is None or (platform_id and check["platform_id"] != platform_id):
        raise errors.NotFound("not_found", check_id=check_id[:60])
    return check


def answer(context: Context, check_id: str, presentation: str, now: datetime) -> dict[str, Any]:
    """Take what a wallet shows, which decides the check; the check as the wallet may see it.

    Raises `NotFound`, and `Conflict` when the check is over or takes no answer of a wallet.
    """
    check = find(context.exchange, check_id)
    if check["method"] == "manual":
        raise errors.Conflict("no_wallet_asked", method="manual")
    proof = hashlib.sha256(presentation.encode()).hexdigest()
    state = licence_check.state_of(check, iso(now))
    if check["state"] != licence_check.PENDING or iso(now) > check["answer_until"]:
        if check.get("proof") != proof:
            raise errors.Conflict("licence_check_over", state=state)
        # The same answer once more: its sender did not hear of the outcome.
        decide_check.record(context, check, now)
        return decide_check.outcome(check, now)
    used = context.exchange.get(f"presented#{proof}")
    if used and used["check_id"] != check_id:
        found: licence_check.Outcome = Refused("presentation_replayed")
    else:
        found = context.verifiers[check["method"]].settle(check, presentation, now)
    return decide_check.outcome(decide_check.settle(context, check, found, proof, now), now)


def look(context: Context, check: Check, now: datetime) -> dict[str, Any]:
    """How a check stands; a session elsewhere is asked, and what a dead function left undone is done."""
    if check["state"] == licence_check.PENDING and check["method"] == "national" and iso(now) <= check["answer_until"]:
        check = decide_check.poll(context, check, now)
    if check["state"] != licence_check.PENDING:
        decide_check.record(context, check, now)
    return decide_check.view(context, check, now)


def verified(exchange: "ExchangeTable", check_id: str, purpose: str, now: datetime) -> Verified | None:
    """The holder whom this check proved for this purpose within the last quarter of an hour; None otherwise.

    None too when the licence has ended since. The check's id is a secret between the holder and whoever asked.
    """
    check = exchange.get(f"licence_check#{check_id}")
    if check is None or check["state"] != licence_check.VERIFIED or check["purpose"] != purpose:
        return None
    if check["decided_at"] < iso(now - timedelta(seconds=licence_check.PROOF_SECONDS)):
        return None
    record = licence(exchange, check["uscc"])
    if record is not None and record["state"] == licence_validity.REVOKED:
        return None
    said = check["said"]
    confirmed = "name_unconfirmed" not in check["remarks"]
    return Verified(
        check["uscc"],
        said["name"],
        said["holder_role"],
        purpose,
        check["decided_at"],
        check_id,
        check["receipt_id"],
        confirmed,
    )


def licence(exchange: "ExchangeTable", uscc: str) -> dict[str, Any] | None:
    """The current state of a merchant's licence as `licence_validity` describes it; None if never verified."""
    return exchange.get(licence_validity.item_id(uscc))


def follow(
    exchange: "ExchangeTable",
    sender: NoticeSender,
    images: Iterable[tuple[Subject | None, Subject]],
    now: datetime,
    open_task: OpenTask = no_task,
) -> int:
    """Let each verified licence follow the register, and tell whoever verified it; how many were told.

    吊销, 注销, 撤销 revoke it; a word of the register that is taken back restores it. `open_task` is called for each
    platform whose merchant's licence has ended; all of it may be done again after a kill.
    """
    told = 0
    for old, new in images:
        registration = new.get("registration", {})
        was = old.get("registration", {}).get("status") if old else None
        if not new.get("uscc") or not registration.get("status") or registration["status"] == was:
            continue
        record = check_receipts.registered(exchange, new["uscc"], registration, now)
        if record is None or record["state_at"] != registration["at"]:
            continue
        told += check_receipts.notify_holders(sender, record, now)
        if record["state"] == licence_validity.REVOKED:
            for platform_id in sorted(record["verified_for"]):
                open_task(platform_id, record, now)
    return told
