"""The one outcome of a licence check: decided by one conditional write, recorded from it, and its views."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import messages
from chalicelib.licences import licence_check_receipts, licence_check_store, licence_store
from chalicelib.licences.rules import licence, licence_check, licence_lapse, licence_validity
from chalicelib.licences.rules.licence_check import Holder, LicenceCheck, UsedPresentation
from chalicelib.licences.rules.licence_verifier import LicenceVerifier, Outcome, Presented, Refused, Unreachable
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import licence_keys, registry_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

# How often a session elsewhere is asked, however often the platform asks.
POLL_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that licence checks work with.

    `verifiers` holds those that are switched on, the default first; `verified_log` gives a platform's own list of
    verified licences; `months` is how long a verification holds.
    """

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    verifiers: Mapping[str, LicenceVerifier]
    verified_log: Callable[[str], "NumberedLog"]
    stage: str
    months: int = licence_lapse.MONTHS


def decide(context: Context, check: LicenceCheck, outcome: Outcome, proof: str, now: datetime) -> LicenceCheck:
    """Write the outcome of a check, once; the check after that."""
    if isinstance(outcome, Presented):
        judged = _judge(context, check, outcome, proof, now)
    elif isinstance(outcome, Refused):
        judged = check.replace(reason=outcome.code)
    else:
        return _note_outage(context, check, outcome.code if isinstance(outcome, Unreachable) else "")
    decided = judged.replace(
        state=licence_check.FAILED if judged.reason else licence_check.VERIFIED,
        proof=proof,
        decided_at=iso(now),
        decided_on=china_date(now),
    )
    fields = decided.stored_fields(*licence_check.DECIDED) | decided.changes_since(check)
    licence_check_store.update_check(context.exchange, check, fields, only_if={"state": licence_check.PENDING})
    after = licence_check_store.find_check(context.exchange, check.check_id) or decided
    record(context, after, now)
    return after


def ask_verifier(context: Context, check: LicenceCheck, answer: str, now: datetime) -> Outcome:
    """What the verifier of the check says of what a wallet sent; an outage while it is switched off.

    A verifier may be switched off while a check of its own is open: the check waits, and ends with its time.
    """
    verifier = context.verifiers.get(check.method)
    return verifier.verify(check, answer, now) if verifier else Unreachable("verifier_off")


def poll(context: Context, check: LicenceCheck, now: datetime) -> LicenceCheck:
    """Ask the verifier whether the holder has answered, at most every two seconds; the check after that."""
    if check.polled_at > iso(now - timedelta(seconds=POLL_SECONDS)):
        return check
    unpolled = {"polled_at": check.polled_at, "state": licence_check.PENDING}
    if not licence_check_store.update_check(context.exchange, check, {"polled_at": iso(now)}, only_if=unpolled):
        return check
    outcome = ask_verifier(context, check, "", now)
    proof = outcome.proof if isinstance(outcome, Presented) else ""
    return decide(context, check, outcome, proof, now)


def record(context: Context, check: LicenceCheck, now: datetime) -> None:
    """Write what follows from a decided check, unless that was done."""
    log = context.verified_log(check.platform_id)
    licence_check_receipts.record_decision(context.exchange, context.registry, log, check, context.months, now)


def wallet_view(check: LicenceCheck, now: datetime) -> Json:
    """The check as the wallet that answered may see it: nothing of the merchant."""
    state = licence_check.state_of(check, iso(now))
    code = check.outage if state == licence_check.UNKNOWN else check.reason
    reason = {"reason": {"code": code, "message": messages.message(code)}} if code else {}
    return {"check_id": check.check_id, "state": state, **reason}


def view(context: Context, check: LicenceCheck, now: datetime) -> Json:
    """The check as the platform that asked for it may see it; with the current licence if it is verified."""
    seen: Json = {
        **wallet_view(check, now),
        "uscc": check.uscc,
        "purpose": check.purpose,
        "method": check.method,
        "created_at": check.created_at,
        "expires_at": check.answer_until,
    }
    if check.state == licence_check.PENDING:
        return {**seen, **_reviews(check)}
    seen |= {"decided_at": check.decided_at, "receipt_id": check.receipt_id}
    seen["remarks"] = [{"code": code, "message": messages.message(code)} for code in check.remarks]
    if check.state == licence_check.VERIFIED:
        current = licence_store.find_licence(context.exchange, check.uscc)
        seen["holder_role"] = check.holder.holder_role if check.holder else ""
        seen["licence"] = licence.view(current) if current else {}
    return seen


def _judge(context: Context, check: LicenceCheck, presented: Presented, proof: str, now: datetime) -> LicenceCheck:
    """The check with what its verifier vouches for, or with the reason why that does not verify the merchant."""
    subject = context.registry.subject(registry_keys.subject_with_uscc(check.uscc))
    reason, remarks = licence_check.judge(check, presented.licence, subject.registration if subject else Registration())
    use = UsedPresentation(check_id=check.check_id, expires_at=int((now + licence_keys.PRESENTATION_KEPT).timestamp()))
    if licence_check_store.put_use(context.exchange, proof, use) != check.check_id:
        reason = "presentation_replayed"
    return check.replace(
        reason=reason,
        facts=None if reason else licence_validity.facts(presented.licence),
        holder=None if reason else Holder(name=presented.licence.name, holder_role=presented.licence.holder_role),
        remarks=remarks,
        signer=presented.signer,
        presented_at=presented.presented_at,
    )


def _note_outage(context: Context, check: LicenceCheck, outage: str) -> LicenceCheck:
    """The check with the code of what could not be reached, '' where only the holder has not answered yet."""
    if outage != check.outage:
        licence_check_store.update_check(
            context.exchange, check, {"outage": outage}, only_if={"state": licence_check.PENDING}
        )
    return check.replace(outage=outage)


def _reviews(check: LicenceCheck) -> Json:
    """How many of the two reviews of an uploaded licence are in; not what they say, for each reads by itself."""
    if check.method != "manual":
        return {}
    return {"reviews": sum(1 for review in (check.first_review, check.second_review) if review)}
