"""The session of a page of the console: read from its cookie, guarded against other sites' forms."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.handlers import forms
from chalicelib.handlers.routing import Request

if TYPE_CHECKING:
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


def check_csrf(request: Request, session: "Session", form: dict[str, str]) -> None:
    """`Forbidden` for a form that another site sent, or that does not carry `session.csrf_key` (field `key`)."""
    forms.refuse_other_sites(request)
    forms.check_form_key(form, session.csrf_key)


def kept(value: str, seconds: int) -> str:
    """The header that makes a browser keep the cookie, or forget it (0 seconds)."""
    return forms.cookie(COOKIE, value, seconds, SAME_SITE)
