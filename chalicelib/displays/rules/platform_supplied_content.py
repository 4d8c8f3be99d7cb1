"""What a platform gives to a display: permits, shop links, its rules; each text checked before it is kept.

Nothing personal comes in: a resident ID, phone or bank card in a text is masked, in an address it is refused (an
address with a masked part would lead nowhere).
"""

import re
from datetime import date
from typing import Final
from urllib.parse import unquote, urlsplit

from chalicelib.displays.rules.display import DisplayContent, Permit, ShopLink
from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode
from chalicelib.values import cell_text
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json

PERSONAL: Final = ("resident_id", "phone")
LONGEST_LINK: Final = 500
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]{0,62}\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
# What a browser would drop, turn round or read as the end of an address.
_ODD = re.compile(r"[\s\x00-\x1f\x7f\"'<>\\^`{|}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def content(wanted: Json) -> DisplayContent:
    """The platform's part of a display, checked; `BadRequest` names the field that does not fit."""
    return DisplayContent(
        shop_name=text(wanted.get("shop_name")),
        permits=tuple(_permit(permit, place) for place, permit in enumerate(wanted.get("permits") or ())),
        shop_links=tuple(
            ShopLink(name=text(shop.get("name")), url=link(shop.get("url"), f"shop_links.{place}.url"))
            for place, shop in enumerate(wanted.get("shop_links") or ())
        ),
        rules_url=link(wanted.get("rules_url"), "rules_url"),
        over_limit=bool(wanted.get("over_limit")),
    )


def text(value: str | None) -> str:
    """The text without invisible characters and with personal numbers masked."""
    return mask_personal(cell_text.given(value or ""))[0]


def link(value: str | None, field: str) -> str:
    """The https address as given; '' for none. Raises `BadRequest`."""
    url = (value or "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadRequest(ErrorCode.LINK_NO_URL, field=field) from None
    if parts.scheme.lower() not in ("http", "https") or _ODD.search(url) or len(url) > LONGEST_LINK:
        raise BadRequest(ErrorCode.LINK_NO_URL, field=field)
    if parts.scheme.lower() != "https":
        raise BadRequest(ErrorCode.LINK_NOT_HTTPS, field=field)
    if not _is_host(host) or port not in (None, 443) or "@" in parts.netloc:
        raise BadRequest(ErrorCode.LINK_NO_URL, field=field)
    if holds_personal_number(url):
        raise BadRequest(ErrorCode.PERSONAL_NUMBER_IN_LINK, field=field)
    return url


def holds_personal_number(url: str) -> bool:
    """Whether the address contains a resident ID or a phone number, as given or decoded up to twice."""
    for _ in range(3):
        if set(mask_personal(url)[1]) & set(PERSONAL):
            return True
        url = unquote(url)
    return False


def _is_host(host: str) -> bool:
    try:
        plain = host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _HOST.fullmatch(plain) is not None


def _permit(given: Json, place: int) -> Permit:
    texts: Json = {field: text(given.get(field)) for field in ("name", "number", "authority", "valid_until")}
    permit = Permit(**texts, url=link(given.get("url"), f"permits.{place}.url"))
    if permit.valid_until and permit.valid_until != "长期":
        try:
            date.fromisoformat(permit.valid_until)
        except ValueError:
            field = f"permits.{place}.valid_until"
            raise BadRequest(ErrorCode.INVALID_REQUEST, field=field, expected="YYYY-MM-DD, 长期") from None
    return permit
