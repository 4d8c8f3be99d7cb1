"""Forms and cookies of pages: read within bounds, and refused where another site made the request."""

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from chalicelib import errors, wiring
from chalicelib.accounts.secret_tokens import is_equal
from chalicelib.handlers.body import MULTIPART
from chalicelib.handlers.routing import Request
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.pages.multipart import Parts

FORM: Final = ("application/x-www-form-urlencoded",)
LONGEST_FORM: Final = 65_536
MOST_FIELDS: Final = 20


def read_form(request: Request, most_fields: int = MOST_FIELDS) -> dict[str, str]:
    """The fields of a form that a page of ours sent, of each the first value; `TooLarge` for a longer one."""
    refuse_other_sites(request)
    return {name: values[0] for name, values in _fields(request, most_fields).items()}


def read_parts(request: Request, most_fields: int) -> "Parts":
    """The same with every value of each field, as of boxes that were ticked, and with the files of the form."""
    from chalicelib.handlers.pages import multipart

    refuse_other_sites(request)
    content_type = request.header("content-type")
    if multipart.is_multipart(content_type):
        return multipart.read_parts(content_type, request.content, most_fields)
    return multipart.Parts(_fields(request, most_fields))


def refuse_files(request: Request) -> None:
    """`UnsupportedType` for a form with files, where the page takes none."""
    if request.header("content-type").partition(";")[0].strip().lower() == MULTIPART:
        raise errors.UnsupportedType(ErrorCode.UNSUPPORTED_TYPE, allowed=list(FORM))


def refuse_other_sites(request: Request) -> None:
    """`Forbidden` for a request that another site made; browsers say where it comes from (Fetch Metadata, Origin)."""
    site, origin = request.header("sec-fetch-site"), request.header("origin")
    # Browsers without Fetch Metadata (before 2023) say the origin of every POST; `null` is that of a page which sends
    # no referrer, as ours do. Then the key of the form decides.
    ours = site in ("same-origin", "none") if site else origin in ("", "null") or _host(origin) in _own_hosts(request)
    if not ours:
        raise errors.Forbidden(ErrorCode.FORM_NOT_OURS)


def check_form_key(form: dict[str, str], expected: str) -> None:
    """`Forbidden` for a form that does not carry the key of its session (field `key`)."""
    if not is_equal(form.get("key", ""), expected):
        raise errors.Forbidden(ErrorCode.FORM_NOT_OURS)


def read_cookie(request: Request, name: str) -> str:
    """The value of a cookie, '' when it was not sent."""
    for pair in request.header("cookie").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value
    return ""


def cookie(name: str, value: str, seconds: int, same_site: str = "Strict") -> str:
    """A Set-Cookie header: over https only, for this host alone (prefix `__Host-`, RFC 6265bis 4.1.3), for no script.

    With 0 seconds the browser forgets the cookie.
    """
    return f"{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite={same_site}"


def _own_hosts(request: Request) -> set[str]:
    """The names under which this exchange is reached; a proxy before the gateway may have changed the Host."""
    return {request.header("host"), _host(wiring.settings().public_url)} - {""}


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _fields(request: Request, most_fields: int) -> dict[str, list[str]]:
    if len(request.content) > LONGEST_FORM:
        raise errors.TooLarge(ErrorCode.TOO_LARGE, limit_bytes=LONGEST_FORM)
    try:
        return parse_qs(request.content.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=most_fields)
    except ValueError:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, expected=f"at most {most_fields} fields") from None
