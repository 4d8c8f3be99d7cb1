"""What the public sees of a merchant's licence, and in which state.

It is put together each time from three things: the display (permits, links, whether its platform suspended it), the
verified licence (None where there is none), and what the register says of the subject. So a change of any of them shows
at once, and no copy can go stale. 电子商务法 article 15, 网络交易监督管理办法 article 12.
"""

import hashlib
from dataclasses import dataclass
from html import escape
from typing import Final

from chalicelib.displays.rules import displayed_fields
from chalicelib.displays.rules.display import Display
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
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_lapse import is_renamed
from chalicelib.registry.rules.subject import Registration
from chalicelib.values.masking import mask_personal, shown_name
from chalicelib.values.records import Json

MARK_WIDTH: Final = 168
MARK_HEIGHT: Final = 48


@dataclass(frozen=True, slots=True)
class DisplayParts:
    """What a page is put together from: the display, its licence, the register, and the date in China."""

    display: Display
    licence: VerifiedLicence | None
    registration: Registration
    today: str


def kind(display: Display) -> str:
    """Which of the law's fields apply: enterprise, sole_trader, cooperative or exempt."""
    if display.declaration:
        return EXEMPT
    return displayed_fields.KIND_OF_CATEGORY.get(display.uscc[:2], ENTERPRISE)


def state(parts: DisplayParts) -> str:
    """The state that page and mark show; the gravest that applies."""
    licence, registration = parts.licence, parts.registration
    if (licence and licence.state == REVOKED) or registration.status in ENDED:
        return REVOKED
    if parts.display.state == SUSPENDED:
        return SUSPENDED
    if parts.display.declaration:
        return DECLARED
    if licence is None or licence.state != VERIFIED or licence.due_on < parts.today:
        return LAPSED
    return LAPSED if is_renamed(licence, registration) else VERIFIED


def facts(parts: DisplayParts) -> list[dict[str, str]]:
    """The fields that the law wants of this kind of merchant, each with its labels and its value; no empty ones."""
    facts: list[dict[str, str]] = []
    for field, zh, en in displayed_fields.FIELDS[kind(parts.display)]:
        value, english = _fact(parts, field)
        if value:
            facts.append({"field": field, "zh": zh, "en": en, "value": value, "value_en": english})
    return facts


def _fact(parts: DisplayParts, field: str) -> tuple[str, str]:
    """The value of a field of the licence as the public may read it, and in English where it has a wording."""
    if field == "uscc":
        return parts.display.uscc, ""
    if field == "status":
        return _status(parts.licence.status if parts.licence else "", parts.registration)
    return public(str(getattr(parts.licence, field))) if parts.licence else "", ""


def _status(verified: str, registration: Registration) -> tuple[str, str]:
    """What the register says now, else the status when the licence was verified; zh, en."""
    status = registration.status or (verified if verified in displayed_fields.STATUSES else read_status(verified))
    return displayed_fields.STATUSES.get(status, (public(verified), ""))


def public(text: str) -> str:
    """The text as anyone may read it: every resident ID, phone and bank card in it masked."""
    return mask_personal(text)[0]


def public_view(parts: DisplayParts) -> Json:
    """Everything that a page shows, as plain data. A suspended display names its merchant and no more."""
    display, licence, current = parts.display, parts.licence, state(parts)
    short, sentence = displayed_fields.STATES[current]
    view: Json = {
        "display_id": display.display_id,
        "url": display.url,
        "state": current,
        "says": _both(short),
        "sentence": _both(sentence),
        "kind": kind(display),
        "kind_says": _both(displayed_fields.KINDS[kind(display)]),
        "title": public((licence.name if licence else "") or display.shop_name or display.uscc),
        "shop_name": public(display.shop_name),
        "platform": public(display.platform_name),
        "facts": facts(parts),
        "changed_at": display.changed_at,
    }
    if current == SUSPENDED:
        return view | {"facts": [fact for fact in view["facts"] if fact["field"] in ("uscc", "name")]}
    if display.declaration:
        view["declaration"] = _both(displayed_fields.DECLARATIONS[display.declaration])
    if licence:
        view |= {
            "verified_at": licence.rechecked_at or licence.verified_at,
            "verified_by": _both(displayed_fields.VERIFIED_BY.get(licence.verified_by, ("", ""))),
            "due_on": licence.due_on,
        }
    view["permits"] = [{field: public(text) for field, text in permit.to_item().items()} for permit in display.permits]
    view["shop_links"] = [link.to_item() for link in display.shop_links]
    view["rules_url"] = display.rules_url
    return view


def machine_view(view: Json) -> Json:
    """The public view for machines. The law wants a person's name shown to buyers, not gathered: here it is masked."""
    facts = {fact["field"]: fact["value"] for fact in view["facts"]}
    if view["kind"] == displayed_fields.SOLE_TRADER and facts.get("legal_representative"):
        facts["legal_representative"] = shown_name(facts["legal_representative"])
    kept = ("display_id", "url", "state", "says", "kind", "platform", "shop_name", "declaration", "verified_at")
    more = ("due_on", "permits", "shop_links", "rules_url", "changed_at")
    return {**{field: view[field] for field in (*kept, *more) if view.get(field)}, "licence": facts}


def embed(url: str, platform: str) -> str:
    """The one line of HTML that a shop page carries."""
    mark = f'<img src="{escape(url)}/mark.svg" width="{MARK_WIDTH}" height="{MARK_HEIGHT}" alt="电子营业执照 亮照信息">'
    title = escape(f"电子营业执照 · {platform}" if platform else "电子营业执照")
    return f'<a href="{escape(url)}" target="_blank" rel="noopener" title="{title}">{mark}</a>'


def etag(body: str) -> str:
    """The strong validator of a body (RFC 9110, 8.8.3)."""
    return '"' + hashlib.sha256(body.encode()).hexdigest()[:24] + '"'


def display_id(digest: str) -> str:
    """The id that one form of a keyed digest gives: stable with the key, unguessable without it."""
    return "d_" + digest[-40:-20]


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}
