"""The one outcome of a licence check: decided by one conditional write, recorded from it, shown to who may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors
from chalicelib.licences import check_receipts
from chalicelib.licences.rules import licence_check, licence_validity
from chalicelib.licences.rules.licence_check import LicenceVerifier, Presented, Refused, Unreachable
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

Check = Mapping[str, Any]
# How often a session elsewhere is asked, however often the platform asks.
POLL_SECONDS: Final = 2
USED_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that licensing works with.

    `verifiers` holds those that are switched on, the one that is taken first at the front.
    """

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    verifiers: Mapping[str, LicenceVerifier]
    verified_of: Callable[[str], "NumberedLog"]
    stage: str
    months: int = licence_validity.MONTHS


def settle(context: Context, check: Check, found: licence_check.Outcome, proof: str, now: datetime) -> Check:
    """Write what came of a check, once; the check as it then stands."""
    if isinstance(found, Presented):
        fields = _judged(context, check, found, proof, now)
    elif isinstance(found, Refused):
        fields = {"reason": found.code}
    else:
        outage = found.code if isinstance(found, Unreachable) else ""
        if outage != check["outage"]:
            context.exchange.set_fields(check["id"], {"outage": outage}, only_if={"state": licence_check.PENDING})
        return {**check, "outage": outage}
    decided = {
        "facts": {},
        "said": {},
        "remarks": [],
        **fields,
        "state": licence_check.FAILED if fields["reason"] else licence_check.VERIFIED,
        "proof": proof,
        "decided_at": iso(now),
        "decided_on": china_date(now),
    }
    context.exchange.set_fields(check["id"], decided, only_if={"state": licence_check.PENDING})
    after = context.exchange.get(check["id"]) or {**check, **decided}
    record(context, after, now)
    return after


def poll(context: Context, check: Check, now: datetime) -> Check:
    """Ask whoever keeps the session whether the holder has answered, at most every two seconds."""
    if check["polled_at"] > iso(now - timedelta(seconds=POLL_SECONDS)):
        return check
    asking = {"polled_at": check["polled_at"], "state": licence_check.PENDING}
    if not context.exchange.set_fields(check["id"], {"polled_at": iso(now)}, only_if=asking):
        return check
    found = context.verifiers[check["method"]].settle(check, "", now)
    proof = found.proof if isinstance(found, Presented) else ""
    return settle(context, check, found, proof, now)


def record(context: Context, check: Check, now: datetime) -> None:
    """Write what follows from a decided check, unless that was done."""
    listed = context.verified_of(check["platform_id"])
    check_receipts.record(context.exchange, context.registry, listed, check, context.months, now)


def outcome(check: Check, now: datetime) -> dict[str, Any]:
    """The check as the wallet that answered may see it: nothing of the merchant."""
    state = licence_check.state_of(check, iso(now))
    reason = check["outage"] if state == licence_check.UNKNOWN else check.get("reason", "")
    said = {"reason": {"code": reason, "message": errors.message(reason)}} if reason else {}
    return {"check_id": check["check_id"], "state": state, **said}


def view(context: Context, check: Check, now: datetime) -> dict[str, Any]:
    """The check as whoever asked for it may see it; of a verified one, the licence as it stands now."""
    shown = {
        **outcome(check, now),
        **{field: check[field] for field in ("uscc", "purpose", "method", "created_at")},
        "expires_at": check["answer_until"],
    }
    if check["state"] == licence_check.PENDING:
        return {**shown, **_reviews(check)}
    shown |= {"decided_at": check["decided_at"], "receipt_id": check["receipt_id"]}
    shown["remarks"] = [{"code": code, "message": errors.message(code)} for code in check["remarks"]]
    if check["state"] == licence_check.VERIFIED:
        licence = context.exchange.get(licence_validity.item_id(check["uscc"]))
        shown |= {"holder_role": check["said"]["holder_role"], "licence": licence_validity.view(licence or {})}
    return shown


def _judged(context: Context, check: Check, found: Presented, proof: str, now: datetime) -> dict[str, Any]:
    """What is written of a licence that its verifier vouches for, with the reason why it still does not suffice."""
    subject = context.registry.subject(f"uscc:{check['uscc']}") or {}
    reason, remarks = licence_check.judge(check, found.licence, subject.get("registration", {}))
    used = {"id": f"presented#{proof}", "check_id": check["check_id"]}
    first = context.exchange.put_new({**used, "expires_at": int(now.timestamp()) + USED_SECONDS})
    if first is not None and first["check_id"] != check["check_id"]:
        reason = "presentation_replayed"
    said = {"name": found.licence.name, "holder_role": found.licence.holder_role}
    return {
        "reason": reason,
        "facts": {} if reason else licence_validity.facts(found.licence),
        "said": {} if reason else said,
        "remarks": list(remarks),
        "signer": found.signer,
        "presented_at": found.presented_at,
    }


def _reviews(check: Check) -> dict[str, Any]:
    """How many of the two reviews of an uploaded licence are in; not what they say, for each reads by itself."""
    if check["method"] != "manual":
        return {}
    return {"reviews": sum(1 for place in ("first_review", "second_review") if check.get(place))}
