"""A merchant's own record (企业自证合规) for people: /my-record, pages and forms without a script.

The session lives in a cookie that no script reads and no other site sends; each form carries a key of the session.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final
from urllib.parse import parse_qs

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.pages import merchant_record_html
from chalicelib.handlers.pages.display_html import HTML
from chalicelib.handlers.public import merchant_record
from chalicelib.handlers.routing import Ask, Doors, Reply
from chalicelib.merchant_record import merchant_sessions, own_record
from chalicelib.merchant_record.merchant_sessions import Session

doors = Doors(__name__)
FORM: Final = ["application/x-www-form-urlencoded"]
# The prefix lets a browser take these over https only, from this host alone, for all of it.
SESSION, CLAIM = "__Host-record", "__Host-claim"
DISPUTE: Final = {"listing_id": 200, "statement": 4_000, "contact": 100}
LONGEST_FORM: Final = 65_536
OUTAGE: Final = {"zh": "暂时无法查询，请稍后重试", "en": "It cannot be shown just now; try again in a moment"}
SENT: Final = {"zh": "申诉已提交", "en": "The dispute was opened"}
LEFT: Final = {"zh": "查询已结束", "en": "The session is over"}
Page = Callable[[Ask], Reply]


def page(view: Page) -> Page:
    """A view whose errors are pages too."""

    @wraps(view)
    def shown(ask: Ask) -> Reply:
        root = "" if ask.request.path.rstrip("/").endswith("/my-record") else "../"
        try:
            return view(ask)
        except errors.Unavailable:
            return merchant_record_html.message(OUTAGE, 503, root=root)
        except errors.LianfangError as error:
            return merchant_record_html.message(errors.message(error.code), error.status, root=root)
        except Exception as error:
            logs.failed("page_failed", view=view.__name__, kind=type(error).__name__)
            return merchant_record_html.message(OUTAGE, 503, root=root)

    return shown


@doors.door("/my-record", "GET")
@page
def record(ask: Ask) -> Reply:
    """The record of whoever has shown a licence; to all others the form that begins."""
    token = _cookie(ask, SESSION)
    try:
        session = merchant_sessions.identify(wiring.exchange(), token, wiring.now()) if token else None
    except errors.Unauthorised as error:
        return merchant_record_html.start(errors.message(error.code))
    if session is None:
        return merchant_record_html.start()
    found = own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json()
    return merchant_record_html.record(found, session, merchant_sessions.form_key(session))


@doors.door("/my-record/checks", "POST", content_types=FORM)
@page
def start(ask: Ask) -> Reply:
    """Begin a check for the code that was typed, and go on to its QR code."""
    uscc = _form(ask).get("uscc", "")
    try:
        made = merchant_record.started(ask, uscc)
    except errors.BadRequest as error:
        return merchant_record_html.start(errors.message(error.code), uscc, 400, "../")
    return _go("check", _kept(CLAIM, made["claim"]))


@doors.door("/my-record/check", "GET")
@page
def check(ask: Ask) -> Reply:
    """The QR code while the check waits; the record once it is verified."""
    claim = _cookie(ask, CLAIM)
    try:
        seen = merchant_sessions.claimed_check(dependencies.licence_checks(), claim, wiring.now())
    except errors.Unauthorised as error:
        return merchant_record_html.start(errors.message(error.code), root="../")
    if seen["state"] == "verified":
        try:
            token, _ = merchant_record.entered(claim)
        except errors.Conflict:
            return merchant_record_html.check(seen, waiting=False)
        return _go("../my-record", _kept(SESSION, token))
    return merchant_record_html.check(seen, waiting=merchant_sessions.is_waiting(seen["state"]))


@doors.door("/my-record/statement", "POST", content_types=FORM)
@page
def statement(ask: Ask) -> Reply:
    """A signed statement, shown below the record."""
    session, _ = _posted(ask)
    made = merchant_record.stated(ask, session)
    found = own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json()
    return merchant_record_html.record(found, session, merchant_sessions.form_key(session), "../", statement=made)


@doors.door("/my-record/disputes", "POST", content_types=FORM)
@page
def dispute(ask: Ask) -> Reply:
    """Dispute a listing, and see the record with the dispute in it."""
    session, form = _posted(ask)
    wanted = {field: form.get(field, "").strip()[:most] for field, most in DISPUTE.items()}
    if not wanted["statement"]:
        raise errors.BadRequest("invalid_request", field="statement")
    made = merchant_record.disputed(session, wanted, "")
    found = own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json()
    told = {**SENT, "more": made["dispute_id"]}
    return merchant_record_html.record(found, session, merchant_sessions.form_key(session), "../", told=told)


@doors.door("/my-record/end", "POST", content_types=FORM)
@page
def end(ask: Ask) -> Reply:
    """End the session."""
    session, _ = _posted(ask)
    merchant_sessions.end(wiring.exchange(), session, wiring.now())
    logs.note("record_left", uscc=session.uscc)
    reply = merchant_record_html.message(LEFT, 200)
    return Reply(reply.body, 200, reply.content_type, {**(reply.headers or {}), "Set-Cookie": _kept(SESSION, "", 0)})


def _posted(ask: Ask) -> tuple[Session, dict[str, str]]:
    """The session and the form that it sent; `Forbidden` for a form that another page made."""
    session = merchant_sessions.identify(wiring.exchange(), _cookie(ask, SESSION), wiring.now())
    form = _form(ask)
    if not merchant_sessions.is_form_key(session, form.get("key", "")):
        raise errors.Forbidden("form_not_ours")
    return session, form


def _form(ask: Ask) -> dict[str, str]:
    # Browsers say where a request comes from; one that another site made is refused before anything is read.
    if ask.header("sec-fetch-site") not in ("", "same-origin", "none"):
        raise errors.Forbidden("form_not_ours")
    body = ask.request.raw_body
    if len(body) > LONGEST_FORM:
        raise errors.TooLarge("too_large", limit_bytes=LONGEST_FORM)
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    return {name: values[0] for name, values in parse_qs(text, max_num_fields=20).items()}


def _cookie(ask: Ask, name: str) -> str:
    for one in ask.header("cookie").split(";"):
        key, _, value = one.strip().partition("=")
        if key == name:
            return value
    return ""


def _kept(name: str, value: str, seconds: int = int(merchant_sessions.LASTS.total_seconds())) -> str:
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict"


def _go(where: str, cookie: str) -> Reply:
    """On to another page; by a relative address, for on the gateway's own domain the path begins with the stage."""
    return Reply("", 303, HTML, {"Location": where, "Set-Cookie": cookie})
