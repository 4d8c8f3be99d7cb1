"""A merchant's own record drawn as HTML, zh first; it needs no script, and a form may go to this exchange alone.

The look is that of the display pages. Nothing of it may be kept by a browser or a proxy.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.handlers.pages import page_frame
from chalicelib.handlers.replies import HTML, Reply
from chalicelib.merchant_record.rules import record_texts
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

SHEETS: Final = ("style.css", "record.css")
CHECKS: Final = {
    "pending": ("等待扫码授权，授权后请点“继续”", "Waiting for the wallet; press “go on” once you have consented"),
    "unknown": ("核验方暂无应答，请稍后点“继续”", "The verifier does not answer; press “go on” in a moment"),
    "failed": ("核验未通过", "The check failed"),
    "expired": ("二维码已过期", "The code has run out"),
    "verified": ("核验已完成，但时间过久，请重新核验", "Verified, but too long ago; please show it again"),
}
# The verdict as the class of a page's body: the colours of the display pages.
TONES: Final = {
    "clear": "verified",
    "inform": "declared",
    "unknown": "suspended",
    "review": "lapsed",
    "block": "revoked",
}


def start(problem: Mapping[str, str] | None = None, uscc: str = "", status: int = 200, root: str = "") -> Reply:
    """The page on which a merchant says who it is."""
    return _page("record_start.html", status, root, state="declared", problem=problem, uscc=uscc[:40])


def check(seen: Mapping[str, Any], waiting: bool) -> Reply:
    """The page with the QR code; it never reloads by itself, for that takes a reader's place away (WCAG 2.2.1)."""
    state = seen["state"]
    return _page(
        "record_check.html",
        200,
        "../",
        state="declared" if waiting else "revoked",
        says=CHECKS[state],
        waiting=waiting,
        reason=seen.get("reason", {}).get("message"),
        uscc=seen["uscc"],
        deep_link=seen["deep_link"],
        qr=page_frame.qr_code(seen["qr_text"], 3, "电子营业执照核验二维码", "QR code for the e-licence app")
        if seen["qr_text"]
        else "",
        until=seen["expires_at"],
    )


def record(
    record_view: Json,
    session: "Session",
    key: str,
    root: str = "",
    notice: Mapping[str, str] | None = None,
    statement: Mapping[str, Any] | None = None,
) -> Reply:
    """The record, with a form for each thing that may be done; `notice` says what was just done."""
    seen = record_texts.page_view(record_view, session.holder_role, session.ends_at)
    state = TONES[record_view["standing"]["verdict"]]
    return _page("record.html", 200, root, state=state, seen=seen, key=key, notice=notice, statement=statement)


def message(says: Mapping[str, str], status: int, more: str = "", root: str = "../") -> Reply:
    """A page that says one thing and leads back."""
    return _page("record_message.html", status, root, state="suspended", says=says, more=more)


def _page(name: str, status: int, root: str, **values: Any) -> Reply:
    style = page_frame.style(*SHEETS)
    body = page_frame.templates().get_template(name).render(style=style, root=root, **values)
    headers = page_frame.headers(*SHEETS, form_action="'self'") | {"Cache-Control": "no-store"}
    return Reply(body, status, HTML, headers)
