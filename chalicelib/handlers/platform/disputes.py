"""Disputes (申诉) and what undoes: /v1/disputes, and the history of a listing."""

from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.disputes import dispute_steps, read_disputes
from chalicelib.disputes.rules.dispute_case import Case
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply

doors = Doors(__name__)


@doors.door("/v1/disputes", "POST", roles=(PLATFORM,))
def open_dispute(ask: Ask) -> Reply:
    """Dispute a listing of another platform, for its merchant or on one's own finding."""
    from chalicelib.handlers.requests.disputes import NewDispute

    wanted = dispute_steps.NewDispute(**ask.read(NewDispute).model_dump())
    by = read_disputes.actor(ask.caller)
    case = dispute_steps.open_dispute(dependencies.disputes(), by, wanted, ask.header("idempotency-key"), wiring.now())
    _note("dispute_opened", ask, case)
    return Reply(_whole(ask, case), 201)


@doors.door("/v1/disputes", "GET", roles=(PLATFORM, REGULATOR))
def disputes(ask: Ask) -> dict[str, Any]:
    """The disputes that the caller opened or that concern its listings, in order; the regulator sees all."""
    from chalicelib.disputes.rules import dispute_view
    from chalicelib.registry.rules.listing_disputes import ANSWERED, CLOSED, OPEN

    wanted = ask.query("state")
    if wanted not in ("", OPEN, ANSWERED, CLOSED, "overdue"):
        raise errors.BadRequest("invalid_request", field="state", expected="open, answered, closed, overdue")
    whose = limited_to(ask.caller)
    after = ask.cursor()
    entries = wiring.dispute_log(whose).read(after, max(ask.number("limit", 100, 100), 1))
    cases = read_disputes.list_cases(dependencies.disputes(), [entry["entry_id"] for entry in entries])
    if wanted == "overdue":
        cases = [case for case in cases if case.dispute.overdue_at and case.dispute.state == OPEN]
    elif wanted:
        cases = [case for case in cases if case.dispute.state == wanted]
    following = str(entries[-1]["number"] if entries else after)
    return {"disputes": [dispute_view.summary(case) for case in cases], "next": following}


@doors.door("/v1/disputes/{dispute_id}", "GET", roles=(PLATFORM, REGULATOR))
def dispute(ask: Ask, dispute_id: str) -> dict[str, Any]:
    """One dispute, with every statement and every file that has arrived."""
    return _whole(ask, read_disputes.find_case(dependencies.disputes(), read_disputes.actor(ask.caller), dispute_id))


@doors.door("/v1/disputes/{dispute_id}/evidence", "POST", roles=(PLATFORM,))
def add_evidence(ask: Ask, dispute_id: str) -> Reply:
    """Ask for a form with which one file of up to 20 MB may be posted to the bucket."""
    from chalicelib.disputes import evidence_files
    from chalicelib.handlers.requests.disputes import Evidence

    by = read_disputes.actor(ask.caller)
    key = ask.header("idempotency-key")
    upload = evidence_files.Upload(**ask.read(Evidence).model_dump(), idempotency_key=key)
    case = read_disputes.find_case(dependencies.disputes(), by, dispute_id)
    return Reply(evidence_files.open_upload(dependencies.evidence_files(), case, by, upload, wiring.now()), 202)


@doors.door("/v1/disputes/{dispute_id}/evidence/{evidence_id}", "GET", roles=(PLATFORM, REGULATOR))
def evidence(ask: Ask, dispute_id: str, evidence_id: str) -> dict[str, Any]:
    """A link to one file for five minutes, for the reporter and regulators."""
    from chalicelib.disputes import evidence_files

    by = read_disputes.actor(ask.caller)
    case = read_disputes.find_case(dependencies.disputes(), by, dispute_id)
    linked = evidence_files.link_file(dependencies.evidence_files(), case, by, evidence_id, wiring.now())
    logs.note("evidence_linked", dispute=dispute_id, evidence=evidence_id, by=by)
    return linked


@doors.door("/v1/disputes/{dispute_id}/answer", "POST", roles=(PLATFORM,))
def answer(ask: Ask, dispute_id: str) -> dict[str, Any]:
    """The reporter stands by its listing, or concedes, which voids it."""
    from chalicelib.handlers.requests.disputes import DisputeAnswer

    wanted, by = ask.read(DisputeAnswer), read_disputes.actor(ask.caller)
    case = dispute_steps.answer(dependencies.disputes(), by, dispute_id, wanted.stand, wanted.statement, wiring.now())
    _note("dispute_answered", ask, case)
    return _whole(ask, case)


@doors.door("/v1/disputes/{dispute_id}/decision", "POST", roles=(REGULATOR,))
def decide(ask: Ask, dispute_id: str) -> dict[str, Any]:
    """Uphold, amend or void the listing."""
    from chalicelib.handlers.requests.disputes import DisputeDecision
    from chalicelib.registry.rules.listing import Amendment
    from chalicelib.registry.rules.reason_codes import gravest
    from chalicelib.values.timestamps import china_date

    wanted, by, now = ask.read(DisputeDecision), read_disputes.actor(ask.caller), wiring.now()
    fields = wanted.fields()
    if wanted.expires_on and wanted.expires_on <= china_date(now):
        raise errors.BadRequest("invalid_request", field="expires_on", expected="a day to come")
    if wanted.reasons and wanted.severity is None:
        fields["severity"] = gravest(wanted.reasons)
    decision = dispute_steps.Decision(wanted.decision, wanted.statement, Amendment.from_item(fields))
    case = dispute_steps.decide(dependencies.disputes(), by, dispute_id, decision, now)
    _note("dispute_decided", ask, case)
    return _whole(ask, case)


@doors.door("/v1/disputes/{dispute_id}/withdrawal", "POST", roles=(PLATFORM,))
def withdraw(ask: Ask, dispute_id: str) -> dict[str, Any]:
    """The opener takes its dispute back."""
    from chalicelib.handlers.requests.disputes import DisputeWithdrawal

    wanted = ask.read(DisputeWithdrawal)
    case = dispute_steps.withdraw(
        dependencies.disputes(), read_disputes.actor(ask.caller), dispute_id, wanted.statement, wiring.now()
    )
    _note("dispute_withdrawn", ask, case)
    return _whole(ask, case)


@doors.door("/v1/listings/{listing_id}/history", "GET", roles=(PLATFORM, REGULATOR))
def history(ask: Ask, listing_id: str) -> dict[str, Any]:
    """What happened to a listing, for its reporter, those who disputed it, and regulators."""
    from chalicelib.disputes.rules import dispute_view

    by = read_disputes.actor(ask.caller)
    return dispute_view.history(*read_disputes.read_history(dependencies.disputes(), by, listing_id), by)


def _whole(ask: Ask, case: Case) -> dict[str, Any]:
    from chalicelib.disputes import evidence_files
    from chalicelib.disputes.rules import dispute_view

    by = read_disputes.actor(ask.caller)
    statements = read_disputes.read_statements(dependencies.disputes(), case)
    shown = dispute_view.whole(case, statements, by)
    ident = case.dispute.dispute_id
    return {**shown, "evidence": evidence_files.list_files(dependencies.evidence_files(), ident, wiring.now())}


def _note(event: str, ask: Ask, case: Case) -> None:
    dispute = case.dispute
    logs.note(event, dispute=dispute.dispute_id, by=read_disputes.actor(ask.caller), state=dispute.state)
