"""The sign-in to the console and the way out: /console/sign-in, /console/enter, /console/sign-out."""

from functools import wraps
from typing import TYPE_CHECKING

from chalicelib import errors, logs, messages, wiring
from chalicelib.handlers import forms
from chalicelib.handlers.audited import act_of, audited
from chalicelib.handlers.console import session_cookie
from chalicelib.handlers.pages.sign_in_redirect import next_page, to_sign_in
from chalicelib.handlers.parameters import Parameter
from chalicelib.handlers.replies import HTML, Reply
from chalicelib.handlers.routing import Request, Routes, View
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.people.people import Person

routes = Routes(__name__, "console")
NEXT = Parameter("next", "登录后转到的页面", "the page to go on to after the sign-in", most=2_000)
LINK = Parameter("link", "一次性登录链接的密钥", "the secret of a sign-in link", most=100)
OUTAGE = {"zh": "暂时无法登录，请稍后重试", "en": "Nobody can sign in just now; try again in a moment"}


def page(view: View) -> View:
    """A view of the sign-in whose errors are pages too."""

    @wraps(view)
    def wrapper(request: Request) -> Reply:
        from chalicelib.handlers.pages import sign_in_html

        try:
            reply: Reply = view(request)
            return reply
        except errors.SignInNeeded:
            return to_sign_in(request.raw)
        except errors.LianfangError as error:
            return sign_in_html.problem(messages.message(error.code), error.status)
        except Exception as error:
            logs.failed("page_failed", view=view.__name__, kind=type(error).__name__)
            return sign_in_html.problem(OUTAGE, 503)

    return wrapper


@routes.route("/console/sign-in", "GET", "getSignInPage", query=(NEXT,), any_query=True, media=(HTML,), also={303: ""})
@page
def sign_in(request: Request) -> Reply:
    """How to sign in; people who are signed in already go on."""
    from chalicelib.handlers.pages import sign_in_html

    wanted = next_page(request.text("next"))
    try:
        session_cookie.session_of(request)
    except errors.SignInNeeded:
        names = wiring.settings()
        return sign_in_html.start(wanted, bool(names.oidc_issuer), by_link=names.sign_in_links == "yes")
    return Reply("", 303, HTML, {"Location": f"../{wanted}"})


@routes.route(
    "/console/enter",
    "GET",
    "signInByLink",
    query=(LINK, NEXT),
    any_query=True,
    status=303,
    media=(HTML,),
    errors=(ErrorCode.SIGN_IN_REFUSED, ErrorCode.NOT_FOUND),
)
@page
def enter(request: Request) -> Reply:
    """Sign in by a link that works once; on a developer's machine alone."""
    from chalicelib.people import sign_in_links

    if wiring.settings().sign_in_links != "yes":
        raise errors.NotFound(ErrorCode.NOT_FOUND)
    person = sign_in_links.use_link(wiring.exchange(), request.text("link"), wiring.now())
    return signed_in(request, person, request.text("next"), "link")


@routes.route(
    "/console/sign-out", "POST", "signOut", content_types=forms.FORM, status=303, any_query=True, media=(HTML,)
)
@page
def sign_out(request: Request) -> Reply:
    """End the session at once."""
    from chalicelib.people import sessions

    session = session_cookie.session_of(request)
    session_cookie.check_csrf(request, session, forms.read_form(request))
    name = f"person:{session.person.person_id}"
    request.noted.object_name = name
    with audited(act_of(request.raw, request.ident, session.caller, "signOut", name, {}), request.noted):
        sessions.end_session(wiring.exchange(), session, wiring.now())
    logs.note("signed_out", person=session.person.person_id, organisation=session.person.organisation)
    return Reply("", 303, HTML, {"Location": "sign-in", "Set-Cookie": session_cookie.kept("", 0)})


def signed_in(request: Request, person: "Person", wanted: str, method: str) -> Reply:
    """A new session for the person, and on to the page that was asked for; the browser's former session is ended."""
    from chalicelib.people import sessions

    exchange, now = wiring.exchange(), wiring.now()
    act = act_of(request.raw, request.ident, person.caller, "signIn", f"person:{person.person_id}", {"method": method})
    request.noted.object_name = act.object_name
    with audited(act, request.noted):
        value, _ = sessions.start_session(exchange, person, now)
    former = sessions.read_session(exchange, forms.read_cookie(request, session_cookie.COOKIE), now)
    if former is not None:
        sessions.end_session(exchange, former, now)
    logs.note("signed_in", person=person.person_id, organisation=person.organisation, method=method)
    seconds = int(sessions.LASTS.total_seconds())
    location = f"../{next_page(wanted)}"
    return Reply("", 303, HTML, {"Location": location, "Set-Cookie": session_cookie.kept(value, seconds)})
