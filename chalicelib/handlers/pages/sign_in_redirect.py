"""Where the sign-in of the console is, seen from a page, and where it leads back to."""

import re
from typing import Final
from urllib.parse import quote, urlencode

from chalice.app import Request as RawRequest

from chalicelib.handlers.replies import HTML, Reply

FIRST_PAGE: Final = "console"
LONGEST_NEXT: Final = 1_000
NEXT: Final = re.compile(r"console(/[\w%.~-]+)*(\?[\w%.~&=+-]*)?", re.ASCII)


def to_sign_in(raw: RawRequest) -> Reply:
    """On to the sign-in, and after it back to the page that was asked for, where that is one to be read."""
    wanted = f"?next={quote(page_of(raw), safe='')}" if raw.method == "GET" else ""
    return Reply("", 303, HTML, {"Location": f"{up(raw)}console/sign-in{wanted}"})


def up(raw: RawRequest) -> str:
    """The way from this page up to the root, such as `../`; relative, for a gateway's domain has the stage first."""
    depth = len(raw.path.strip("/").split("/")) - 1
    asked = str((raw.context or {}).get("path", ""))
    return "../" * (depth + asked.endswith("/"))


def page_of(raw: RawRequest) -> str:
    """The page that was asked for, without a slash in front and with its query."""
    path = raw.path.strip("/").format_map(raw.uri_params or {})
    query = urlencode(dict(raw.query_params or {}))
    return path + (f"?{query}" if query else "")


def next_page(asked: str) -> str:
    """The page to go on to after a sign-in: the one that was asked for, or the first, for what is no page of ours."""
    is_ours = len(asked) <= LONGEST_NEXT and NEXT.fullmatch(asked) and ".." not in asked
    return asked if is_ours else FIRST_PAGE
