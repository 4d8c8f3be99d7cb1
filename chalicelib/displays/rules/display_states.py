"""A display (亮照): what the public sees of a merchant's licence, and in which state.

A display is a plain mapping. What it shows is put together each time from three things: the display (permits, links,
whether its platform suspended it), the verified licence, and what the register says of the subject. So a change of any
of them shows at once, and no copy can go stale. 电子商务法 article 15, 网络交易监督管理办法 article 12.
"""

import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from chalicelib.displays.rules import displayed_fields
from chalicelib.displays.rules.displayed_fields import (
    DECLARED,
    ENTERPRISE,
    EXEMPT,
    LAPSED,
    REVOKED,
    SUSPENDED,
    VERIFIED,
)
from chalicelib.government_lists.rules.company_register_row import ENDED, read_status
from chalicelib.licences.rules.licence_renewal_tasks import is_renamed
from chalicelib.values.masking import mask_personal, shown_name

Item = Mapping[str, Any]
NOTHING: Final[Item] = {}
DELETED: Final = "deleted"
SHOWN: Final = "shown"
MARK_WIDTH: Final = 168
MARK_HEIGHT: Final = 48


def kind(display: Item) -> str:
    """Which of the law's fields apply: enterprise, sole_trader, cooperative or exempt."""
    if display.get("declaration"):
        return EXEMPT
    return displayed_fields.KIND_OF_CATEGORY.get(display["uscc"][:2], ENTERPRISE)


def state(display: Item, licence: Item, registration: Item, today: str) -> str:
    """The state that page and mark tell; the gravest that holds. `today` is the date in China."""
    if licence.get("state") == REVOKED or registration.get("status") in ENDED:
        return REVOKED
    if display["state"] == SUSPENDED:
        return SUSPENDED
    if display.get("declaration"):
        return DECLARED
    if licence.get("state") != VERIFIED or licence.get("due_on", "") < today or is_renamed(licence, registration):
        return LAPSED
    return VERIFIED


def facts(display: Item, licence: Item, registration: Item) -> list[dict[str, str]]:
    """The fields that the law wants of this kind of merchant, each with its labels and its value; no empty ones."""
    shown: list[dict[str, str]] = []
    for field, zh, en in displayed_fields.FIELDS[kind(display)]:
        value, english = public(str(licence.get(field, "") or "")), ""
        if field == "uscc":
            value = display["uscc"]
        elif field == "status":
            value, english = _status(str(licence.get("status", "")), registration)
        if value:
            shown.append({"field": field, "zh": zh, "en": en, "value": value, "value_en": english})
    return shown


def _status(said: str, registration: Item) -> tuple[str, str]:
    """What the register says now, else what the licence said when it was verified; zh, en."""
    status = registration.get("status") or (said if said in displayed_fields.STATUSES else read_status(said))
    return displayed_fields.STATUSES.get(status, (public(said), ""))


def public(text: str) -> str:
    """The text as anyone may read it: every resident ID, phone and bank card in it masked."""
    return mask_personal(text)[0]


def view(display: Item, licence: Item, registration: Item, today: str) -> dict[str, Any]:
    """Everything that a page shows, as plain data. A suspended display says whose it is and no more."""
    which = state(display, licence, registration, today)
    short, sentence = displayed_fields.STATES[which]
    seen: dict[str, Any] = {
        "display_id": display["display_id"],
        "url": display["url"],
        "state": which,
        "says": {"zh": short[0], "en": short[1]},
        "sentence": {"zh": sentence[0], "en": sentence[1]},
        "kind": kind(display),
        "kind_says": dict(zip(("zh", "en"), displayed_fields.KINDS[kind(display)], strict=True)),
        "title": public(str(licence.get("name") or display.get("shop_name") or display.get("uscc", ""))),
        "shop_name": public(display.get("shop_name", "")),
        "platform": public(display.get("platform_name", "")),
        "facts": facts(display, licence, registration),
        "changed_at": display["changed_at"],
    }
    if which == SUSPENDED:
        return seen | {"facts": [one for one in seen["facts"] if one["field"] in ("uscc", "name")]}
    if display.get("declaration"):
        zh, en = displayed_fields.DECLARATIONS[display["declaration"]]
        seen["declaration"] = {"zh": zh, "en": en}
    if licence:
        way = displayed_fields.WAYS.get(licence.get("verified_by", ""), ("", ""))
        seen |= {
            "verified_at": licence.get("rechecked_at") or licence.get("verified_at", ""),
            "verified_by": {"zh": way[0], "en": way[1]},
            "due_on": licence.get("due_on", ""),
        }
    seen["permits"] = [{field: public(value) for field, value in one.items()} for one in display.get("permits", ())]
    seen["shop_links"] = [dict(one) for one in display.get("shop_links", ())]
    seen["rules_url"] = display.get("rules_url", "")
    return seen


def machine_view(seen: Item) -> dict[str, Any]:
    """The same for machines. The law wants a person's name shown to buyers, not gathered: here it is masked."""
    facts = {one["field"]: one["value"] for one in seen["facts"]}
    if seen["kind"] == displayed_fields.SOLE_TRADER and facts.get("legal_representative"):
        facts["legal_representative"] = shown_name(facts["legal_representative"])
    kept = ("display_id", "url", "state", "says", "kind", "platform", "shop_name", "declaration", "verified_at")
    more = ("due_on", "permits", "shop_links", "rules_url", "changed_at")
    return {**{field: seen[field] for field in (*kept, *more) if seen.get(field)}, "licence": facts}


def embed(url: str, platform: str) -> str:
    """The one line of HTML that a shop page carries."""
    mark = f'<img src="{escape(url)}/mark.svg" width="{MARK_WIDTH}" height="{MARK_HEIGHT}" alt="电子营业执照 亮照信息">'
    title = escape(f"电子营业执照 · {platform}" if platform else "电子营业执照")
    return f'<a href="{escape(url)}" target="_blank" rel="noopener" title="{title}">{mark}</a>'


def etag(body: str) -> str:
    """The strong validator of a body (RFC 9110, 8.8.3)."""
    return '"' + hashlib.sha256(body.encode()).hexdigest()[:24] + '"'


def display_id(digest: str) -> str:
    """The id that a keyed digest gives: stable for who holds the key, unguessable for all others."""
    return "d_" + digest[:20]
