"""Disputes (申诉) and what undoes: /v1/disputes, and the history of a listing."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.desk.dispute_desk import link_evidence, note_step, page_of, whole_of
from chalicelib.handlers.parameters import IDEMPOTENCY_KEY, PAGE_OF_100, Parameter
from chalicelib.handlers.route_declaration import voids
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.disputes import (
        DisputeAnswer,
        DisputeDecision,
        DisputeWithdrawal,
        Evidence,
        NewDispute,
    )

routes = Routes(__name__, "disputes")
DISPUTES_PAGE: Final = (
    *PAGE_OF_100,
    Parameter("state", "只列出该状态", "only those in that state", choices=("open", "answered", "closed", "overdue")),
)


@routes.route(
    "/v1/disputes",
    "POST",
    "openDispute",
    roles=(PLATFORM,),
    body="disputes:NewDispute",
    headers=(IDEMPOTENCY_KEY,),
    returns="disputes:DisputeView",
    status=201,
    errors=(
        ErrorCode.NOT_FOUND, ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.OWN_LISTING, ErrorCode.NOT_DISPUTABLE,
        ErrorCode.LISTING_NOT_ACTIVE, ErrorCode.DISPUTE_IS_OPEN, ErrorCode.TOO_MANY_DISPUTES,
    ),
)  # fmt: skip
def open_dispute(request: Request, body: "NewDispute") -> Json:
    """Dispute a listing of another platform, for its merchant or on one's own finding."""
    from chalicelib.disputes import dispute_steps, read_disputes

    wanted = dispute_steps.NewDispute(**body.model_dump())
    by = read_disputes.actor(request.caller)
    case = dispute_steps.open_dispute(
        dependencies.disputes(), by, wanted, request.header("idempotency-key"), wiring.now()
    )
    note_step("dispute_opened", request.caller, case)
    return whole_of(request.caller, case)


@routes.route(
    "/v1/disputes",
    "GET",
    "listDisputes",
    roles=(PLATFORM, REGULATOR),
    query=DISPUTES_PAGE,
    returns="disputes:DisputePage",
)
def disputes(request: Request) -> Json:
    """The disputes that the caller opened or that concern its listings, in order; the regulator sees all."""
    from chalicelib.disputes.rules import dispute_view

    cases, following = page_of(request.caller, request.text("state"), request.number("after"), request.number("limit"))
    return {"disputes": [dispute_view.summary(case) for case in cases], "next": str(following)}


@routes.route(
    "/v1/disputes/{dispute_id}",
    "GET",
    "getDispute",
    roles=(PLATFORM, REGULATOR),
    returns="disputes:DisputeView",
    errors=(ErrorCode.NOT_FOUND,),
)
def dispute(request: Request, dispute_id: str) -> Json:
    """One dispute, with every statement and every file that has arrived."""
    from chalicelib.disputes import read_disputes

    return whole_of(
        request.caller,
        read_disputes.find_case(dependencies.disputes(), read_disputes.actor(request.caller), dispute_id),
    )


@routes.route(
    "/v1/disputes/{dispute_id}/evidence",
    "POST",
    "addEvidence",
    roles=(PLATFORM,),
    body="disputes:Evidence",
    headers=(IDEMPOTENCY_KEY,),
    returns="disputes:EvidenceUpload",
    status=202,
    errors=(
        ErrorCode.NOT_FOUND,
        ErrorCode.DISPUTE_IS_CLOSED,
        ErrorCode.TOO_MANY_FILES,
        ErrorCode.IDEMPOTENCY_CONFLICT,
        ErrorCode.TOO_LARGE,
    ),
)
def add_evidence(request: Request, body: "Evidence", dispute_id: str) -> Json:
    """Ask for a form with which one file of up to 20 MB may be posted to the bucket."""
    from chalicelib.disputes import evidence_files, read_disputes

    by = read_disputes.actor(request.caller)
    upload = evidence_files.Upload(**body.model_dump(), idempotency_key=request.header("idempotency-key"))
    case = read_disputes.find_case(dependencies.disputes(), by, dispute_id)
    return evidence_files.open_upload(dependencies.evidence_files(), case, by, upload, wiring.now())


@routes.route(
    "/v1/disputes/{dispute_id}/evidence/{evidence_id}",
    "GET",
    "getEvidence",
    roles=(PLATFORM, REGULATOR),
    returns="disputes:EvidenceLink",
    audited=True,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.EVIDENCE_NOT_THERE),
)
def evidence(request: Request, dispute_id: str, evidence_id: str) -> Json:
    """Links to one file for five minutes, for the reporter and regulators."""
    return link_evidence(request.ident, request.caller, dispute_id, evidence_id)


@routes.route(
    "/v1/disputes/{dispute_id}/answer",
    "POST",
    "answerDispute",
    roles=(PLATFORM,),
    body="disputes:DisputeAnswer",
    returns="disputes:DisputeView",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.ALREADY_ANSWERED, ErrorCode.DISPUTE_IS_CLOSED, ErrorCode.LISTING_NOT_ACTIVE),
)
def answer(request: Request, body: "DisputeAnswer", dispute_id: str) -> Json:
    """The reporter stands by its listing, or concedes, which voids it."""
    from chalicelib.disputes import dispute_steps, read_disputes

    by = read_disputes.actor(request.caller)
    case = dispute_steps.answer(dependencies.disputes(), by, dispute_id, body.stand, body.statement, wiring.now())
    note_step("dispute_answered", request.caller, case)
    return whole_of(request.caller, case)


@routes.route(
    "/v1/disputes/{dispute_id}/decision",
    "POST",
    "decideDispute",
    roles=(REGULATOR,),
    body="disputes:DisputeDecision",
    returns="disputes:DisputeView",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPUTE_IS_CLOSED, ErrorCode.LISTING_NOT_ACTIVE),
    also={202: "people.pending:HeldForSecond"},
    second_person=voids,
)
def decide(request: Request, body: "DisputeDecision", dispute_id: str) -> Json:
    """Uphold, amend or void the listing."""
    from chalicelib.disputes import dispute_steps, read_disputes
    from chalicelib.registry.rules.listing import Amendment
    from chalicelib.registry.rules.reason_codes import gravest
    from chalicelib.values.timestamps import china_date

    by, now, fields = read_disputes.actor(request.caller), wiring.now(), body.fields()
    if body.expires_on and body.expires_on <= china_date(now):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="expires_on", expected="a day to come")
    if body.reasons and body.severity is None:
        fields["severity"] = gravest(body.reasons)
    decision = dispute_steps.Decision(body.decision, body.statement, Amendment.from_item(fields))
    case = dispute_steps.decide(dependencies.disputes(), by, dispute_id, decision, now)
    note_step("dispute_decided", request.caller, case)
    return whole_of(request.caller, case)


@routes.route(
    "/v1/disputes/{dispute_id}/withdrawal",
    "POST",
    "withdrawDispute",
    roles=(PLATFORM,),
    body="disputes:DisputeWithdrawal",
    returns="disputes:DisputeView",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPUTE_IS_CLOSED),
)
def withdraw(request: Request, body: "DisputeWithdrawal", dispute_id: str) -> Json:
    """The opener takes its dispute back."""
    from chalicelib.disputes import dispute_steps, read_disputes

    case = dispute_steps.withdraw(
        dependencies.disputes(), read_disputes.actor(request.caller), dispute_id, body.statement, wiring.now()
    )
    note_step("dispute_withdrawn", request.caller, case)
    return whole_of(request.caller, case)


@routes.route(
    "/v1/listings/{listing_id}/history",
    "GET",
    "getListingHistory",
    roles=(PLATFORM, REGULATOR),
    returns="listings:ListingHistory",
    errors=(ErrorCode.NOT_FOUND,),
    tags=("listings",),
)
def history(request: Request, listing_id: str) -> Json:
    """What happened to a listing, for its reporter, those who disputed it, and regulators."""
    from chalicelib.disputes import read_disputes
    from chalicelib.disputes.rules import dispute_view

    by = read_disputes.actor(request.caller)
    return dispute_view.history(*read_disputes.read_history(dependencies.disputes(), by, listing_id), by)
