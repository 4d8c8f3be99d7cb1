"""A merchant's own record (企业自证合规) for people: /my-record, pages and forms without a script.

The session lives in a cookie that no script reads and no other site sends; each form carries a key of the session.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, messages, wiring
from chalicelib.handlers import dependencies, forms
from chalicelib.handlers.public import merchant_record
from chalicelib.handlers.replies import HTML, Reply
from chalicelib.handlers.routing import Request, Routes
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

routes = Routes(__name__, "my-record")
# The prefix lets a browser take these over https only, from this host alone, for all of it.
SESSION, CLAIM = "__Host-record", "__Host-claim"
DISPUTE: Final = {"listing_id": 200, "statement": 4_000, "contact": 100}
# As `merchant_sessions.LASTS` says.
LASTS_SECONDS: Final = 900
OUTAGE: Final = {"zh": "暂时无法查询，请稍后重试", "en": "It cannot be shown just now; try again in a moment"}
SENT: Final = {"zh": "申诉已提交", "en": "The dispute was opened"}
LEFT: Final = {"zh": "查询已结束", "en": "The session is over"}
Page = Callable[[Request], Reply]


def page(view: Page) -> Page:
    """A view whose errors are pages too."""

    @wraps(view)
    def wrapper(request: Request) -> Reply:
        from chalicelib.handlers.pages import merchant_record_html

        root = "" if request.raw.path.rstrip("/").endswith("/my-record") else "../"
        try:
            return view(request)
        except errors.Unavailable:
            return merchant_record_html.message(OUTAGE, 503, root=root)
        except errors.LianfangError as error:
            return merchant_record_html.message(messages.message(error.code), error.status, root=root)
        except Exception as error:
            logs.failed("page_failed", view=view.__name__, kind=type(error).__name__)
            return merchant_record_html.message(OUTAGE, 503, root=root)

    return wrapper


@routes.route("/my-record", "GET", "getRecordPage", any_query=True, media=(HTML,))
@page
def record(request: Request) -> Reply:
    """The record of the merchant whose licence was verified; to all others the form that begins."""
    from chalicelib.handlers.pages import merchant_record_html
    from chalicelib.merchant_record import merchant_sessions, own_record

    token = forms.read_cookie(request, SESSION)
    try:
        session = merchant_sessions.identify(wiring.exchange(), token, wiring.now()) if token else None
    except errors.Unauthorised as error:
        return merchant_record_html.start(messages.message(error.code))
    if session is None:
        return merchant_record_html.start()
    record_view = own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json()
    return merchant_record_html.record(record_view, session, merchant_sessions.form_key(session))


@routes.route(
    "/my-record/checks",
    "POST",
    "startRecordCheckByForm",
    content_types=forms.FORM,
    status=303,
    any_query=True,
    media=(HTML,),
    errors=(ErrorCode.INVALID_USCC, ErrorCode.VERIFIER_OFF, ErrorCode.TOO_MANY_REQUESTS),
)
@page
def start(request: Request) -> Reply:
    """Begin a check for the code that was typed, and go on to its QR code."""
    from chalicelib.handlers.pages import merchant_record_html

    uscc = forms.read_form(request).get("uscc", "")
    try:
        made = merchant_record.started(request, uscc)
    except errors.BadRequest as error:
        return merchant_record_html.start(messages.message(error.code), uscc, 400, "../")
    return _go("check", forms.cookie(CLAIM, made["claim"], LASTS_SECONDS))


@routes.route("/my-record/check", "GET", "getRecordCheckPage", any_query=True, media=(HTML,), also={303: ""})
@page
def check(request: Request) -> Reply:
    """The QR code while the check waits; the record once it is verified."""
    from chalicelib.handlers.pages import merchant_record_html
    from chalicelib.merchant_record import merchant_sessions

    claim = forms.read_cookie(request, CLAIM)
    try:
        seen = merchant_sessions.claimed_check(dependencies.licence_checks(), claim, wiring.now())
    except errors.Unauthorised as error:
        return merchant_record_html.start(messages.message(error.code), root="../")
    if seen["state"] == "verified":
        try:
            token, _ = merchant_record.entered(claim)
        except errors.Conflict:
            return merchant_record_html.check(seen, waiting=False)
        return _go("../my-record", forms.cookie(SESSION, token, LASTS_SECONDS))
    return merchant_record_html.check(seen, waiting=merchant_sessions.is_waiting(seen["state"]))


@routes.route(
    "/my-record/statement", "POST", "createStatementByForm", content_types=forms.FORM, any_query=True, media=(HTML,)
)
@page
def statement(request: Request) -> Reply:
    """A signed statement, shown below the record."""
    from chalicelib.handlers.pages import merchant_record_html
    from chalicelib.merchant_record import merchant_sessions, own_record

    session, _ = _posted(request)
    made = merchant_record.stated(request, session)
    record_view = own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json()
    return merchant_record_html.record(record_view, session, merchant_sessions.form_key(session), "../", statement=made)


@routes.route(
    "/my-record/disputes",
    "POST",
    "openRecordDisputeByForm",
    content_types=forms.FORM,
    any_query=True,
    media=(HTML,),
    errors=(
        ErrorCode.INVALID_REQUEST,
        ErrorCode.NOT_FOUND,
        ErrorCode.NOT_DISPUTABLE,
        ErrorCode.LISTING_NOT_ACTIVE,
        ErrorCode.DISPUTE_IS_OPEN,
        ErrorCode.TOO_MANY_DISPUTES,
    ),
)
@page
def dispute(request: Request) -> Reply:
    """Dispute a listing, and see the record with the dispute in it."""
    from chalicelib.handlers.pages import merchant_record_html
    from chalicelib.merchant_record import merchant_sessions, own_record

    session, form = _posted(request)
    wanted = {field: form.get(field, "").strip()[:most] for field, most in DISPUTE.items()}
    if not wanted["statement"]:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="statement")
    made = merchant_record.disputed(session, wanted, "")
    record_view = own_record.read_record(dependencies.merchant_record(), session.uscc, wiring.now()).as_json()
    notice = {**SENT, "more": made["dispute_id"]}
    return merchant_record_html.record(record_view, session, merchant_sessions.form_key(session), "../", notice=notice)


@routes.route("/my-record/end", "POST", "endSessionByForm", content_types=forms.FORM, any_query=True, media=(HTML,))
@page
def end(request: Request) -> Reply:
    """End the session."""
    from chalicelib.handlers.pages import merchant_record_html
    from chalicelib.merchant_record import merchant_sessions

    session, _ = _posted(request)
    merchant_sessions.end(wiring.exchange(), session, wiring.now())
    logs.note("record_left", uscc=session.uscc)
    reply = merchant_record_html.message(LEFT, 200)
    return Reply(
        reply.body, 200, reply.content_type, {**(reply.headers or {}), "Set-Cookie": forms.cookie(SESSION, "", 0)}
    )


def _posted(request: Request) -> "tuple[Session, dict[str, str]]":
    """The session and the form that it sent; `Forbidden` for a form that another page made."""
    from chalicelib.merchant_record import merchant_sessions

    session = merchant_sessions.identify(wiring.exchange(), forms.read_cookie(request, SESSION), wiring.now())
    form = forms.read_form(request)
    forms.check_form_key(form, merchant_sessions.form_key(session))
    return session, form


def _go(where: str, cookie: str) -> Reply:
    """On to another page; by a relative address, for on the gateway's own domain the path begins with the stage."""
    return Reply("", 303, HTML, {"Location": where, "Set-Cookie": cookie})
