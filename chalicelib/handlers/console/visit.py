"""A visit: one request of a signed-in person to a page of the console, with what it typed and its language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalice.app import Request as RawRequest

from chalicelib import errors
from chalicelib.handlers.pages.sign_in_redirect import page_of, up
from chalicelib.messages import ErrorCode, message

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.handlers.pages.multipart import SentFile
    from chalicelib.handlers.routing import Request
    from chalicelib.people.sessions import Session

MOST_FIELDS: Final = 1_200
LONGEST_VALUE: Final = 400
LANGUAGE_COOKIE: Final = "lianfang_language"
CHINESE, ENGLISH = "zh", "en"


@dataclass(frozen=True, slots=True)
class Visit:
    """The request of a person to a page.

    `behind` gives the page that can be read at an address of the console, or the nearest above it.

    `form` holds the fields of a form that was sent, in the order of the page, and `files` its files; `root` leads from
    the page to the folder of the console, as a relative address, for on the gateway's own domain paths begin with the
    stage.
    """

    session: "Session"
    request: "Request"
    language: str
    form: Mapping[str, Sequence[str]]
    files: Mapping[str, "SentFile"] = field(default_factory=dict)
    behind: Callable[[str], str] = str

    @property
    def raw(self) -> RawRequest:
        """The request as it came."""
        return self.request.raw

    @property
    def caller(self) -> "Caller":
        """The person as the sender of a request."""
        return self.session.caller

    @property
    def here(self) -> str:
        """The address of this page from the exchange's root on, with its query, to come back to."""
        return page_of(self.raw)

    @property
    def entry(self) -> str:
        """The first part of the page's path behind /console/, which is that of its entry in the navigation."""
        return self.here.partition("?")[0].removeprefix("console").strip("/").partition("/")[0]

    @property
    def root(self) -> str:
        """The way from this page to /console/, as a relative address."""
        return up(self.raw) + "console/"

    def t(self, zh: str, en: str) -> str:
        """The text in the language of the visit."""
        return zh if self.language == CHINESE else en

    def says(self, code: str) -> str:
        """The sentence of a code in the language of the visit."""
        return message(code)[self.language]

    def query(self, name: str, choices: Sequence[str] = ()) -> str:
        """A parameter of the address, trimmed; '' when it is absent or none of `choices` (where there are any)."""
        text = str(dict(self.raw.query_params or {}).get(name, "")).strip()[:LONGEST_VALUE]
        return text if not choices or text in choices else ""

    def cursor(self, name: str = "after") -> int:
        """A parameter of the address that is a whole number; 0 when it is none."""
        text = self.query(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0

    def field(self, name: str, most: int = LONGEST_VALUE) -> str:
        """A field of the form, trimmed; '' when it is absent. Raises `BadRequest` for one that is too long."""
        text = (self.form[name][0] if self.form.get(name) else "").strip()
        if len(text) > most:
            raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=name, expected=f"at most {most} characters")
        return text

    def fields(self, name: str) -> list[str]:
        """All values of a field of the form, as the boxes of a table send them."""
        return [text.strip() for text in self.form.get(name, ())]


def language_of(cookie: str) -> str:
    """The language that the browser keeps in its cookie; Chinese unless it was switched."""
    return ENGLISH if cookie == ENGLISH else CHINESE
