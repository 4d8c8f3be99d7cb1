"""A merchant's own record (企业自证合规) for machines: /v1/my-record, statements of standing, the keys that sign them.

The routes of /v1/my-record are open to the public as far as our keys go: what lets in is the session that a verified
licence opens, sent as `Authorization: Bearer rs_…`.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import errors, logs, messages, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.addresses import address, base_url
from chalicelib.handlers.parameters import IDEMPOTENCY_KEY
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json
from chalicelib.values.text_damage import is_damaged

if TYPE_CHECKING:
    from chalicelib.handlers.requests.merchant_record import RecordCheck, RecordClaim, RecordDispute, StatementCheck
    from chalicelib.merchant_record.merchant_sessions import Session

routes = Routes(__name__, "my-record")


@routes.route(
    "/v1/my-record/checks",
    "POST",
    "startRecordCheck",
    body="merchant_record:RecordCheck",
    returns="my_record:RecordChallenge",
    status=201,
    errors=(
        ErrorCode.INVALID_USCC,
        ErrorCode.VERIFIER_OFF,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.TRUST_MISSING,
        ErrorCode.REVOCATION_LIST_MISSING,
        ErrorCode.NATIONAL_UNREACHABLE,
        ErrorCode.NATIONAL_UNREADABLE,
    ),
)
def start(request: Request, body: "RecordCheck") -> Json:
    """Open a licence check for one's own record: what to scan, and the claim that makes it a session."""
    from chalicelib.handlers.platform.licence_checks import with_picture

    made = started(request, body.uscc)
    fields = ("check_id", "uscc", "state", "purpose", "method", "created_at", "expires_at", "deep_link", "claim")
    return with_picture({**{key: made[key] for key in fields}, "qr_text": made["qr_text"]})


@routes.route(
    "/v1/my-record/sessions",
    "POST",
    "openSession",
    body="merchant_record:RecordClaim",
    returns="my_record:SessionOpened",
    status=201,
    also={202: "my_record:SessionWaiting"},
    errors=(ErrorCode.NO_SESSION, ErrorCode.SESSION_OVER, ErrorCode.RECORD_NOT_PROVED),
)
def enter(_request: Request, body: "RecordClaim") -> Any:
    """How the check stands (202), or once it is verified the session that it opens (201)."""
    from chalicelib.merchant_record import merchant_sessions

    claim, now = body.claim, wiring.now()
    seen = merchant_sessions.claimed_check(dependencies.licence_checks(), claim, now)
    if merchant_sessions.is_waiting(seen["state"]):
        return Reply({"state": seen["state"], "expires_at": seen["expires_at"]}, 202)
    if seen["state"] != "verified":
        reason = seen.get("reason", {}).get("code", "")
        raise errors.Conflict(ErrorCode.RECORD_NOT_PROVED, state=seen["state"], reason=reason)
    token, session = entered(claim)
    return {"state": "verified", "token": token, **_who(session)}


@routes.route("/v1/my-record/sessions", "DELETE", "endSession", returns="my_record:SessionEnded", session=True)
def leave(request: Request) -> Json:
    """End the session at once."""
    from chalicelib.merchant_record import merchant_sessions

    session = request.session
    merchant_sessions.end(wiring.exchange(), session, wiring.now())
    logs.note("record_left", uscc=session.uscc)
    return {"state": "ended"}


@routes.route("/v1/my-record", "GET", "getMyRecord", returns="my_record:MyRecord", session=True)
def record(request: Request) -> Json:
    """Every listing of the merchant: by whom, for what, until when, and how to dispute it."""
    from chalicelib.merchant_record import own_record

    session = request.session
    return {
        **own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json(),
        "session": _who(session),
    }


@routes.route(
    "/v1/my-record/statement", "POST", "createStatement", returns="my_record:SignedStatement", status=201, session=True
)
def take_statement(request: Request) -> Json:
    """A signed statement of the merchant's standing, good for 24 hours."""
    return stated(request, request.session)


@routes.route(
    "/v1/my-record/disputes",
    "POST",
    "openRecordDispute",
    body="merchant_record:RecordDispute",
    headers=(IDEMPOTENCY_KEY,),
    returns="my_record:RecordDisputeOpened",
    status=201,
    session=True,
    errors=(
        ErrorCode.NOT_FOUND,
        ErrorCode.IDEMPOTENCY_CONFLICT,
        ErrorCode.NOT_DISPUTABLE,
        ErrorCode.LISTING_NOT_ACTIVE,
        ErrorCode.DISPUTE_IS_OPEN,
        ErrorCode.TOO_MANY_DISPUTES,
    ),
)
def dispute(request: Request, body: "RecordDispute") -> Json:
    """Dispute a listing in the merchant's own name; its reporter answers and a regulator may decide."""
    session = request.session
    return disputed(session, body.model_dump(), request.header("idempotency-key"))


@routes.route(
    "/v1/statements/check",
    "POST",
    "checkStatement",
    roles=(PLATFORM, REGULATOR),
    body="merchant_record:StatementCheck",
    returns="my_record:StatementChecked",
    audited=False,
)
def check_statement(request: Request, body: "StatementCheck") -> Json:
    """Whether a statement is genuine, what it said, and whether that is still so."""
    from chalicelib.merchant_record import own_record
    from chalicelib.monitoring import lookup_index

    now, text = wiring.now(), body.statement
    checked = own_record.check_statement(dependencies.merchant_record(), text, wiring.statement_keys().ring(now), now)
    if checked["genuine"] and request.caller.role == PLATFORM:
        # A platform that relies on a statement is notified of later listings, as one that looked the merchant up.
        subject_id = f"uscc:{checked['said']['uscc']}"
        lookup_index.record_inquiry(wiring.exchange(), subject_id, request.caller.platform_id, now)
    problem = (
        {"code": checked["problem"], "message": messages.message(checked["problem"])} if checked["problem"] else None
    )
    logs.note(
        "statement_checked",
        platform=request.caller.platform_id,
        problem=checked["problem"],
        still_true=checked.get("still_true"),
    )
    return {**checked, "problem": problem}


@routes.route("/.well-known/jwks.json", "GET", "getStatementKeys", returns="my_record:JsonWebKeys")
def keys(_request: Request) -> Reply:
    """The public keys of statements (RFC 7517), for those who check one offline."""
    ring = wiring.statement_keys().ring(wiring.now())
    public = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return Reply(ring.jwks(), headers=public)


def started(request: Request, uscc: str) -> Json:
    """A licence check for one's own record, started from where the request came from."""
    from chalicelib.merchant_record import merchant_sessions

    made = merchant_sessions.start(
        dependencies.licence_checks(), uscc, _origin(request), address(request), wiring.now()
    )
    logs.note("record_check_opened", check=made["check_id"], method=made["method"])
    return made


def entered(claim: str) -> "tuple[str, Session]":
    """The session that a verified check opens, and its token."""
    from chalicelib.merchant_record import merchant_sessions

    token, session = merchant_sessions.open_session(wiring.exchange(), claim, wiring.now())
    logs.note("record_entered", uscc=session.uscc, receipt=session.receipt_id)
    return token, session


def stated(request: Request, session: "Session") -> Json:
    """A signed statement for the session."""
    from chalicelib.merchant_record import own_record

    now = wiring.now()
    made = own_record.sign_statement(
        dependencies.merchant_record(), session, base_url(request), wiring.statement_keys().ring(now), now
    )
    logs.note("statement_signed", uscc=session.uscc, statement=made["claims"]["jti"])
    return made


def disputed(session: "Session", wanted: Mapping[str, str], key: str) -> Json:
    """A dispute over a listing of the session's own record; `NotFound` for a listing of anybody else.

    Without an idempotency key the same words are the same dispute.
    """
    from chalicelib.disputes import dispute_steps
    from chalicelib.merchant_record import own_record
    from chalicelib.registry.rules.listing import subject_of

    subject_id = subject_of(wanted["listing_id"])
    if subject_id not in own_record.subject_ids(session.uscc):
        raise errors.NotFound(ErrorCode.NOT_FOUND, listing_id=wanted["listing_id"][:120])
    if is_damaged("statement", wanted["statement"]):
        raise errors.BadRequest(ErrorCode.DAMAGED_TEXT, field="statement")
    content = hashlib.sha256("|".join(wanted[field] for field in sorted(wanted)).encode()).hexdigest()
    asked = dispute_steps.NewDispute(wanted["listing_id"], "merchant", wanted["statement"], wanted["contact"])
    case = dispute_steps.open_dispute(
        dependencies.disputes(), f"merchant:{subject_id}", asked, key or content, wiring.now()
    )
    logs.note("record_disputed", uscc=session.uscc, dispute=case.dispute.dispute_id)
    return {
        "dispute_id": case.dispute.dispute_id,
        "state": case.dispute.state,
        "opened_at": case.dispute.opened_at,
        "answer_due": case.dispute.due,
        "listing_id": wanted["listing_id"],
    }


def _who(session: "Session") -> dict[str, str]:
    fields = ("uscc", "name", "holder_role", "verified_at", "ends_at")
    return {field: getattr(session, field) for field in fields}


def _origin(request: Request) -> str:
    """A digest of where the request came from, of IPv6 by its network: an address is a person's, and is not kept."""
    from chalicelib.handlers.source_network import network_of

    return wiring.digest().current("source", network_of(request.raw))
