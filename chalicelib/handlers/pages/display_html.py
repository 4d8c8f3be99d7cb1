"""Display pages drawn: HTML, mark and QR code, each with the headers that a public page of ours carries."""

import json
from typing import TYPE_CHECKING, Any, Final

from chalicelib.displays.rules import displayed_fields
from chalicelib.displays.rules.display import DELETED
from chalicelib.displays.rules.display_states import MARK_HEIGHT, MARK_WIDTH
from chalicelib.handlers.pages import page_frame
from chalicelib.handlers.pages.page_frame import SHEET
from chalicelib.handlers.replies import HTML, SVG, Reply
from chalicelib.values.records import Json

if TYPE_CHECKING:
    pass

# A picture may be shown on any page, and does nothing when it is opened by itself.
PICTURE: Final = page_frame.EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
TONES: Final = {
    displayed_fields.VERIFIED: "#11623b",
    displayed_fields.LAPSED: "#7a4b00",
    displayed_fields.REVOKED: "#9c1f1f",
    displayed_fields.SUSPENDED: "#47525c",
    displayed_fields.DECLARED: "#1d4f7c",
    DELETED: "#47525c",
}
# Beside the colour a shape, for people who cannot distinguish colours; drawn into the corner of the mark's document.
SIGNS: Final = {
    displayed_fields.VERIFIED: "M18 30l4 4 8-8",
    displayed_fields.LAPSED: "M24 27v4M24 34v.1",
    displayed_fields.REVOKED: "M20 27l8 7M28 27l-8 7",
    displayed_fields.SUSPENDED: "M21 27v7M27 27v7",
    displayed_fields.DECLARED: "M18 30h12",
    DELETED: "M20 27l8 7M28 27l-8 7",
}
GONE: Final = ("亮照已撤下", "This display was taken down")
GONE_MORE: Final = (
    "平台已撤下该亮照页面，此前的内容不再展示。",
    "The platform has taken it down; what it showed is shown no more.",
)
UNKNOWN: Final = ("没有这个亮照页面", "There is no such display")
UNKNOWN_MORE: Final = ("请核对网址或二维码。", "Check the address or the QR code.")
OUTAGE: Final = ("暂时无法显示", "It cannot be shown just now")
OUTAGE_MORE: Final = (
    "请稍后重试；这不表示该经营者的执照有问题。",
    "Try again in a moment; this says nothing of the licence.",
)


def page(seen: Json) -> Reply:
    """The page of a display; 410 and no more than that for one that was deleted."""
    if seen["state"] == DELETED:
        return _message(GONE, GONE_MORE, 410)
    html = page_frame.templates().get_template("licence.html")
    body = html.render(
        seen=seen,
        state=seen["state"],
        style=page_frame.style(SHEET),
        qr=page_frame.qr_code(seen["url"], 2, "本页二维码", "QR code of this page"),
    )
    return Reply(body, 200, HTML, page_frame.headers(SHEET))


def nothing_here() -> Reply:
    """The page for an id that was never given."""
    reply = _message(UNKNOWN, UNKNOWN_MORE, 404)
    return Reply(reply.body, 404, HTML, {**page_frame.headers(SHEET), "Cache-Control": "no-store"})


def outage() -> Reply:
    """The page for a store that does not answer."""
    reply = _message(OUTAGE, OUTAGE_MORE, 503)
    return Reply(reply.body, 503, HTML, {**page_frame.headers(SHEET), "Cache-Control": "no-store", "Retry-After": "30"})


def mark(seen: Json) -> Reply:
    """The mark of a display, in its state's words, colour and sign."""
    which = seen["state"]
    zh, en = GONE if which == DELETED else displayed_fields.STATES[which][0]
    body = (
        page_frame.templates()
        .get_template("mark.svg")
        .render(zh=zh, en=en, tone=TONES[which], sign=_sign(which), width=MARK_WIDTH, height=MARK_HEIGHT)
    )
    return Reply(body, 410 if which == DELETED else 200, SVG, PICTURE)


def qr(seen: Json) -> Reply:
    """The page's address as a QR code (ISO/IEC 18004, level M)."""
    import io

    import segno

    out = io.BytesIO()
    code = segno.make(seen["url"], error="m", micro=False)
    code.save(out, kind="svg", scale=6, border=4, light="#fff", xmldecl=False, title="亮照页面二维码", nl=False)
    return Reply(out.getvalue().decode(), 200, SVG, PICTURE)


def data(seen: Json) -> Reply:
    """The display for machines."""
    body = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
    return Reply(body, 200, "application/json", {**page_frame.EVERYWHERE, "Access-Control-Allow-Origin": "*"})


def _message(title: tuple[str, str], more: tuple[str, str], status: int) -> Reply:
    body = (
        page_frame.templates()
        .get_template("message.html")
        .render(
            zh=title[0], en=title[1], more_zh=more[0], more_en=more[1], state=DELETED, style=page_frame.style(SHEET)
        )
    )
    return Reply(body, status, HTML, page_frame.headers(SHEET))


def _sign(which: str) -> Any:
    from markupsafe import Markup

    path = Markup('<path d="{}" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>')
    return path.format(SIGNS[which])
