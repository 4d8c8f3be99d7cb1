"""What the screens of licences say of checks, displays and visits, in the words of the visitor's language."""

from collections.abc import Mapping
from typing import Final

from chalicelib.displays.rules.displayed_fields import DECLARATIONS, STATES
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Fields, State
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

Text = tuple[str, str]
# State of a check: its words in zh and en, and its tone.
CHECK_STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "pending": ("进行中", "open", "wait"),
    "verified": ("已核验", "verified", "good"),
    "failed": ("未通过", "failed", "bad"),
    "expired": ("已超时", "ran out", ""),
    "unknown": ("暂无应答", "no answer", "warn"),
}
METHODS: Final[Mapping[str, Text]] = {
    "local": ("电子营业执照扫码", "wallet with the electronic licence"),
    "national": ("国家电子营业执照系统", "national licence system"),
    "manual": ("上传执照、双人核对", "uploaded licence, read by two people"),
}
PURPOSES: Final[Mapping[str, Text]] = {
    "onboarding": ("入驻核验", "onboarding"),
    "recheck": ("定期复核", "recheck"),
    "my_record": ("商户自查", "merchant's own record"),
}
DISPLAY_STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "shown": ("展示中", "shown", "good"),
    "suspended": ("已暂停", "suspended", "warn"),
    "deleted": ("已删除", "deleted", ""),
}
SHOWN_TONES: Final = {"verified": "good", "declared": "good", "lapsed": "warn", "suspended": "warn", "revoked": "bad"}
FINDINGS: Final[Mapping[str, tuple[str, str, str]]] = {
    "displayed": ("已亮照", "displayed", "good"),
    "national_link": ("国家系统亮照链接", "national link", "good"),
    "missing": ("未亮照", "missing", "bad"),
    "outdated": ("亮照链接过期", "outdated", "bad"),
    "unreachable": ("无法访问", "not reached", "warn"),
    "not_allowed": ("不允许检查", "not allowed", "warn"),
}
DEVICES: Final[Mapping[str, Text]] = {"pc": ("电脑端", "PC"), "mobile": ("移动端", "mobile")}
LICENCE_STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "verified": ("有效", "verified", "good"),
    "lapsed": ("已到期未核验", "lapsed", "warn"),
    "revoked": ("已失效", "no longer valid", "bad"),
}
LICENCE_FIELDS: Final[Mapping[str, Text]] = {
    "uscc": ("统一社会信用代码", "Credit code (USCC)"),
    "name": ("名称", "Name"),
    "entity_type": ("类型", "Kind"),
    "legal_representative": ("法定代表人", "Legal representative"),
    "address": ("住所", "Address"),
    "registered_capital": ("注册资本", "Registered capital"),
    "established_on": ("成立日期", "Established on"),
    "authority": ("登记机关", "Registered by"),
    "scope": ("经营范围", "Scope"),
    "status": ("登记状态", "Status"),
    "holder_role": ("出示人身份", "Shown by"),
}
TABS: Final = (
    ("licences", ("核验", "Checks"), ("platform", "regulator", "operator")),
    ("licences/reviews", ("待核对执照", "To be read"), ("platform", "regulator", "operator")),
    ("licences/renewals", ("到期复核", "Renewals"), ("platform", "regulator")),
    ("licences/displays", ("亮照页", "Display pages"), ("platform",)),
    ("onboarding", ("入驻核验", "Onboarding check"), ("platform", "regulator")),
)


def tabs(visit: Visit, current: str) -> list[Json]:
    """The parts of the screen that the visitor's kind of organisation has, the `current` one marked."""
    return [
        {"path": path, "label": visit.t(*text), "current": path == current}
        for path, text, roles in TABS
        if visit.caller.role in roles
    ]


def tag(visit: Visit, table: Mapping[str, tuple[str, str, str]], value: str) -> State:
    """A state as a tag, by its table."""
    zh, en, tone = table[value]
    return State(visit.t(zh, en), tone)


def options(visit: Visit, table: Mapping[str, tuple[str, ...]]) -> list[Json]:
    """The choices of a filter or a field, by their table."""
    return [{"value": value, "text": visit.t(text[0], text[1])} for value, text in table.items()]


def check_row(visit: Visit, view: Json) -> Json:
    """A check as its list and its own page show it."""
    reviews = view.get("reviews")
    return {
        "raw": Fields(view),
        "state": tag(visit, CHECK_STATES, view["state"]),
        "method": visit.t(*METHODS[view["method"]]),
        "purpose": visit.t(*PURPOSES[view["purpose"]]),
        "platform": organisations.name_of(view.get("platform_id", "")),
        "reviews": "" if reviews is None else visit.t(f"已核对 {reviews}/2", f"{reviews} of 2 read"),
        "why": view["reason"]["message"][visit.language] if view.get("reason") else "",
        "remarks": [remark["message"][visit.language] for remark in view.get("remarks", ())],
        "licence": licence_lines(visit, view["licence"]) if view.get("licence") else [],
    }


def licence_lines(visit: Visit, licence: Json) -> list[tuple[str, str]]:
    """A licence field by field, those that it has."""
    return [(visit.t(*text), str(licence[name])) for name, text in LICENCE_FIELDS.items() if licence.get(name)]


def display_row(visit: Visit, view: Json) -> Json:
    """A display as its list and its own page show it, with what was last seen on the shop's pages."""
    watch = view.get("watch")
    declared = DECLARATIONS.get(view.get("declaration", ""))
    shown = view.get("shown", "")
    return {
        "raw": Fields(view),
        "name": view.get("shop_name") or view.get("shop_id") or view.get("uscc") or view["display_id"],
        "declaration": visit.t(*declared) if declared else "",
        "state": tag(visit, DISPLAY_STATES, view["state"]),
        "shown": State(visit.t(*STATES[shown][0]), SHOWN_TONES.get(shown, "")) if shown in STATES else None,
        "looked_at": watch["looked_at"] if watch else "",
        "since": watch["since"] if watch else "",
        "pc": _seen(visit, watch, "pc"),
        "mobile": _seen(visit, watch, "mobile"),
        "pages": [_page(visit, page) for page in watch["pages"]] if watch else [],
    }


def _seen(visit: Visit, watch: Json | None, device: str) -> State | None:
    """The gravest finding of one kind of device; None as long as nobody looked."""
    from chalicelib.displays.rules.shop_page_findings import GRAVEST_FIRST

    found = {page["found"] for page in watch["pages"] if page["device"] == device} if watch else set()
    worst = next((finding for finding in GRAVEST_FIRST if finding in found), "")
    return tag(visit, FINDINGS, worst) if worst else None


def _page(visit: Visit, page: Json) -> Json:
    return {
        "url": page["url"],
        "device": visit.t(*DEVICES[page["device"]]) if page["device"] in DEVICES else page["device"],
        "finding": tag(visit, FINDINGS, page["found"]),
        "problem": page["problem"],
    }
