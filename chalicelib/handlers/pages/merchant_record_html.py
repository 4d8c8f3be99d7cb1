"""A merchant's own record drawn as HTML, zh first; it needs no script, and a form may go to this exchange alone.

The look is that of the display pages. Nothing of it may be kept by a browser or a proxy.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from chalicelib.handlers.pages import display_html
from chalicelib.handlers.pages.display_html import EVERYWHERE, FOLDER
from chalicelib.handlers.replies import HTML, Reply
from chalicelib.merchant_record.rules import record_texts
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

CHECKS: Final = {
    "pending": ("等待扫码授权，本页自动刷新", "Waiting for the wallet; this page looks again by itself"),
    "unknown": ("核验方暂无应答，正在重试", "The verifier does not answer; trying again"),
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
    """The page with the QR code; it looks again by itself while it waits."""
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
        qr=_qr(seen["qr_text"]) if seen["qr_text"] else "",
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
    body = display_html.templates().get_template(name).render(style=_style(), root=root, **values)
    return Reply(body, status, HTML, _headers())


@cache
def _style() -> Any:
    from markupsafe import Markup

    sheets = ((FOLDER / name).read_text("utf-8") for name in ("style.css", "record.css"))
    return Markup("".join(sheets))  # noqa: S704 (our own files)


@cache
def _headers() -> dict[str, str]:
    style = base64.b64encode(hashlib.sha256(str(_style()).encode()).digest()).decode()
    rules = ("default-src 'none'", f"style-src 'sha256-{style}'", "img-src data:", "base-uri 'none'")
    return EVERYWHERE | {
        "Content-Security-Policy": "; ".join((*rules, "form-action 'self'", "frame-ancestors 'none'")),
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Content-Language": "zh-CN",
        "Cache-Control": "no-store",
    }


def _qr(text: str) -> Any:
    import segno
    from markupsafe import Markup

    svg = segno.make(text, error="m", micro=False).svg_inline(
        border=3, light="#fff", omitsize=True, svgclass=None, lineclass=None, title="电子营业执照核验二维码"
    )
    label = '<svg role="img" aria-label="电子营业执照核验二维码 QR code for the e-licence app" '
    return Markup(svg.replace("<svg ", label, 1))  # noqa: S704 (made here)
