"""The sign-in of the console drawn as HTML; nothing of it may be kept by a browser or a proxy."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.handlers.pages import page_frame
from chalicelib.handlers.replies import HTML, Reply

SHEETS: Final = ("style.css", "record.css")


def start(wanted: str, by_provider: bool, by_link: bool) -> Reply:
    """The page on which people sign in; `wanted` is the page that they go on to."""
    return _page("sign_in.html", 200, wanted=wanted, by_provider=by_provider, by_link=by_link, problem=None)


def problem(says: Mapping[str, str], status: int) -> Reply:
    """The page of a sign-in that did not succeed, which leads to a new one."""
    return _page("sign_in.html", status, wanted="", by_provider=False, by_link=False, problem=says)


def _page(name: str, status: int, **values: Any) -> Reply:
    body = page_frame.templates().get_template(name).render(style=page_frame.style(*SHEETS), state="declared", **values)
    headers = page_frame.headers(*SHEETS, form_action="'self'") | {"Cache-Control": "no-store"}
    return Reply(body, status, HTML, headers)
