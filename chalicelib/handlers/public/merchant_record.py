"""A merchant's own record (企业自证合规) for machines: /v1/my-record, statements of standing, the keys that sign them.

The doors of /v1/my-record are open to the public as far as our keys go: what lets in is the session that a verified
licence opens, sent as `Authorization: Bearer rs_…`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.platform.displays import base_url
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.merchant_record import merchant_sessions, own_record
from chalicelib.merchant_record.merchant_sessions import Session
from chalicelib.monitoring import inquiry_index
from chalicelib.registry.rules.listing import subject_of

doors = Doors(__name__)


@doors.door("/v1/my-record/checks", "POST")
def start(ask: Ask) -> Reply:
    """Open a licence check for one's own record: what to scan, and the claim that makes it a session."""
    from chalicelib.handlers.platform.licence_checks import with_picture
    from chalicelib.handlers.requests.merchant_record import RecordCheck

    made = started(ask, ask.read(RecordCheck).uscc)
    shown = ("check_id", "uscc", "state", "purpose", "method", "created_at", "expires_at", "deep_link", "claim")
    return Reply(with_picture({**{key: made[key] for key in shown}, "qr_text": made["qr_text"]}), 201)


@doors.door("/v1/my-record/sessions", "POST")
def enter(ask: Ask) -> Reply:
    """How the check stands (202), or once it is verified the session that it opens (201)."""
    from chalicelib.handlers.requests.merchant_record import RecordClaim

    claim, now = ask.read(RecordClaim).claim, wiring.now()
    seen = merchant_sessions.claimed_check(dependencies.licence_checks(), claim, now)
    if merchant_sessions.is_waiting(seen["state"]):
        return Reply({"state": seen["state"], "expires_at": seen["expires_at"]}, 202)
    if seen["state"] != "verified":
        reason = seen.get("reason", {}).get("code", "")
        raise errors.Conflict("record_not_proved", state=seen["state"], reason=reason)
    token, session = entered(claim)
    return Reply({"state": "verified", "token": token, **_who(session)}, 201)


@doors.door("/v1/my-record/sessions", "DELETE")
def leave(ask: Ask) -> dict[str, Any]:
    """End the session at once."""
    session = _session(ask)
    merchant_sessions.end(wiring.exchange(), session, wiring.now())
    logs.note("record_left", uscc=session.uscc)
    return {"state": "ended"}


@doors.door("/v1/my-record", "GET")
def record(ask: Ask) -> dict[str, Any]:
    """Everything that stands against the merchant: by whom, for what, until when, and how to dispute it."""
    session = _session(ask)
    return {
        **own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json(),
        "session": _who(session),
    }


@doors.door("/v1/my-record/statement", "POST")
def take_statement(ask: Ask) -> Reply:
    """A signed statement of the merchant's standing, good for 24 hours."""
    return Reply(stated(ask, _session(ask)), 201)


@doors.door("/v1/my-record/disputes", "POST")
def dispute(ask: Ask) -> Reply:
    """Dispute a listing in the merchant's own name; its reporter answers and a regulator may decide."""
    from chalicelib.handlers.requests.merchant_record import RecordDispute

    session = _session(ask)
    return Reply(disputed(session, ask.read(RecordDispute).model_dump(), ask.header("idempotency-key")), 201)


@doors.door("/v1/statements/check", "POST", roles=(PLATFORM, REGULATOR))
def check_statement(ask: Ask) -> dict[str, Any]:
    """Whether a statement is genuine, what it said, and whether that is still so."""
    from chalicelib.handlers.requests.merchant_record import StatementCheck

    now, text = wiring.now(), ask.read(StatementCheck).statement
    checked = own_record.check_statement(dependencies.merchant_record(), text, wiring.statement_keys().ring(now), now)
    if checked["genuine"] and ask.caller.role == PLATFORM:
        # Whoever relies on a statement is told when something is listed later, as whoever looked the merchant up.
        who = f"uscc:{checked['said']['uscc']}"
        inquiry_index.record_inquiry(wiring.exchange(), who, ask.caller.platform_id, now)
    problem = (
        {"code": checked["problem"], "message": errors.message(checked["problem"])} if checked["problem"] else None
    )
    logs.note(
        "statement_checked",
        platform=ask.caller.platform_id,
        problem=checked["problem"],
        still_true=checked.get("still_true"),
    )
    return {**checked, "problem": problem}


@doors.door("/.well-known/jwks.json", "GET")
def keys(_ask: Ask) -> Reply:
    """The public keys of statements (RFC 7517), for whoever checks one without asking."""
    ring = wiring.statement_keys().ring(wiring.now())
    public = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return Reply(ring.jwks(), headers=public)


def started(ask: Ask, uscc: str) -> dict[str, Any]:
    """A licence check for one's own record, started from where the request came from."""
    from chalicelib.handlers.platform.licence_checks import address

    made = merchant_sessions.start(dependencies.licence_checks(), uscc, _origin(ask), address(ask), wiring.now())
    logs.note("record_check_opened", check=made["check_id"], method=made["method"])
    return made


def entered(claim: str) -> tuple[str, Session]:
    """The session that a verified check opens, and its token."""
    token, session = merchant_sessions.open_session(wiring.exchange(), claim, wiring.now())
    logs.note("record_entered", uscc=session.uscc, receipt=session.receipt_id)
    return token, session


def stated(ask: Ask, session: Session) -> dict[str, Any]:
    """A signed statement for the session."""
    now = wiring.now()
    made = own_record.sign_statement(
        dependencies.merchant_record(), session, base_url(ask), wiring.statement_keys().ring(now), now
    )
    logs.note("statement_signed", uscc=session.uscc, statement=made["claims"]["jti"])
    return made


def disputed(session: Session, wanted: Mapping[str, str], key: str) -> dict[str, Any]:
    """A dispute over a listing of the session's own record; `NotFound` for a listing of anybody else.

    Without an idempotency key the same words are the same dispute.
    """
    from chalicelib.disputes import dispute_steps

    who = subject_of(wanted["listing_id"])
    if who not in own_record.subject_ids(session.uscc):
        raise errors.NotFound("not_found", listing_id=wanted["listing_id"][:120])
    content = hashlib.sha256("|".join(wanted[field] for field in sorted(wanted)).encode()).hexdigest()
    asked = dispute_steps.NewDispute(wanted["listing_id"], "merchant", wanted["statement"], wanted["contact"])
    case = dispute_steps.open_dispute(dependencies.disputes(), f"merchant:{who}", asked, key or content, wiring.now())
    logs.note("record_disputed", uscc=session.uscc, dispute=case.dispute.dispute_id)
    return {
        "dispute_id": case.dispute.dispute_id,
        "state": case.dispute.state,
        "opened_at": case.dispute.opened_at,
        "answer_due": case.dispute.due,
        "listing_id": wanted["listing_id"],
    }


def _session(ask: Ask) -> Session:
    scheme, _, token = ask.header("authorization").partition(" ")
    return merchant_sessions.identify(
        wiring.exchange(), token.strip() if scheme.lower() == "bearer" else "", wiring.now()
    )


def _who(session: Session) -> dict[str, str]:
    fields = ("uscc", "name", "holder_role", "verified_at", "ends_at")
    return {field: getattr(session, field) for field in fields}


def _origin(ask: Ask) -> str:
    """A digest of where the request came from, of IPv6 by its network: an address is a person's, and is not kept."""
    import ipaddress

    text = str((ask.request.context or {}).get("identity", {}).get("sourceIp", ""))
    try:
        source = ipaddress.ip_address(text)
    except ValueError:
        return wiring.digest()("source", "")
    whole = ipaddress.ip_network(f"{source}/64", strict=False) if source.version == 6 else source
    return wiring.digest()("source", str(whole))
