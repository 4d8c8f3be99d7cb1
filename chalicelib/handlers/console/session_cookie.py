"""The session of a page of the console: read from its cookie, bounded by duties, guarded against other sites' forms."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.handlers import forms
from chalicelib.handlers.routing import Request
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.people.duties import Duty
    from chalicelib.people.sessions import Session

# The prefix lets a browser take it over https only (127.0.0.1 counts as such), from this host alone, for all of it.
# Lax: a link in a letter leads in, while no form of another site is sent with it.
COOKIE: Final = "__Host-lianfang"
SAME_SITE: Final = "Lax"


def session_of(request: Request) -> "Session":
    """The open session of the person who asks; its requests count against the person's own quota from here on.

    Raises `SignInNeeded`, which leads a page to the sign-in unless the page catches it, and `TooMany`.
    """
    from chalicelib.people import sessions

    value = forms.read_cookie(request, COOKIE)
    session = sessions.read_session(wiring.exchange(), value, wiring.now()) if value else None
    if session is None:
        raise errors.SignInNeeded
    request.allowance.take_for_caller(session.caller)
    return session


def require(session: "Session", *duties: "Duty") -> None:
    """`Forbidden` unless the person has one of the duties."""
    if not session.person.duties.intersection(duties):
        raise errors.Forbidden(ErrorCode.WRONG_DUTY, needed=sorted(duties))


def check_csrf(request: Request, session: "Session", form: dict[str, str]) -> None:
    """`Forbidden` for a form that another site sent, or that does not carry `session.csrf_key` (field `key`).

    A request of a script may carry the key as the header `X-Form-Key` instead.
    """
    forms.refuse_other_sites(request)
    forms.check_form_key({"key": form.get("key") or request.header("x-form-key")}, session.csrf_key)


def kept(value: str, seconds: int) -> str:
    """The header that makes a browser keep the cookie, or forget it (0 seconds)."""
    return forms.cookie(COOKIE, value, seconds, SAME_SITE)
