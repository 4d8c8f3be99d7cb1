"""What every page of ours has in common: templates, style sheet, the headers that guard it, QR codes, times.

The style sheet is in the page, and the Content-Security-Policy allows exactly its hash: one request shows all, and
nothing that a merchant typed could become a script or a style.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from chalicelib.handlers.replies import FOR_BROWSERS, HTML, NO_FRAMES, Reply
from chalicelib.values.timestamps import CHINA

if TYPE_CHECKING:
    from jinja2 import Environment

SHEET: Final = "style.css"
FOLDER: Final = Path(__file__).parent / "templates"
EVERYWHERE: Final = {
    **FOR_BROWSERS,
    # Names of people are on these pages because buyers must see them, not for search engines to gather.
    "X-Robots-Tag": "noindex, noarchive",
}
# No page needs any of these features of a browser.
DENIED_FEATURES: Final = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")


@cache
def templates() -> "Environment":
    """The templates of all our pages."""
    import jinja2

    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    environment.filters["china"] = _china_time
    environment.filters["host"] = lambda url: urlsplit(url).hostname or ""
    return environment


@cache
def style(*sheets: str) -> Any:
    """These style sheets as one, for the head of a page."""
    from markupsafe import Markup

    return Markup("".join((FOLDER / sheet).read_text("utf-8") for sheet in sheets))  # noqa: S704 (our own files)


@cache
def headers(*sheets: str, form_action: str = "'none'") -> dict[str, str]:
    """What a page allows: its own style sheets, forms to `form_action`, nothing else; and no page may frame it."""
    digest = base64.b64encode(hashlib.sha256(str(style(*sheets)).encode()).digest()).decode()
    rules = ("default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:", "base-uri 'none'")
    return EVERYWHERE | {
        "Content-Security-Policy": "; ".join((*rules, f"form-action {form_action}", "frame-ancestors 'none'")),
        **NO_FRAMES,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
        "Content-Language": "zh-CN",
    }


def qr_code(text: str, border: int, zh: str, en: str) -> Any:
    """A QR code (ISO/IEC 18004) as inline SVG, named in zh and en for those who cannot see it."""
    import segno
    from markupsafe import Markup

    svg = segno.make(text, error="m", micro=False).svg_inline(
        border=border, light="#fff", omitsize=True, svgclass=None, lineclass=None, title=zh
    )
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{zh} {en}" ', 1))  # noqa: S704 (made here)


def too_many(seconds: int) -> Reply:
    """The page for an address from which too much is asked; in so many seconds it may ask again."""
    more_zh = f"来自同一网络地址的访问过多，请 {seconds} 秒后重试。"
    more_en = f"Too much is asked from this network address; try again in {seconds} seconds."
    page = refused({"zh": "访问过于频繁", "en": "Too many requests"}, 429, more_zh, more_en)
    return replace(page, headers={**(page.headers or {}), "Retry-After": str(seconds)})


def refused(says: Mapping[str, str], status: int, more_zh: str = "", more_en: str = "") -> Reply:
    """The page for a request that is refused before a view sees it; no browser and no proxy keeps it."""
    html = templates().get_template("refused.html")
    body = html.render(**says, more_zh=more_zh, more_en=more_en, state="suspended", style=style(SHEET))
    return Reply(body, status, HTML, {**headers(SHEET), "Cache-Control": "no-store"})


def _china_time(moment: str) -> str:
    """A moment as people in China read it: 2026-01-31 08:00 北京时间."""
    if len(moment) == len("2026-01-31"):
        return moment
    return datetime.fromisoformat(moment).astimezone(CHINA).strftime("%Y-%m-%d %H:%M 北京时间")
