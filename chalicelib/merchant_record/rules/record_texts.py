"""The words in which a merchant reads its own record, in zh and en."""

from collections.abc import Sequence
from typing import Final

from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.merchant_record.rules.legal_basis import in_words
from chalicelib.values.records import Json

Pair = dict[str, str]
STANDINGS: Final = {
    "clear": ("没有列入记录", "No listing against this business"),
    "inform": ("有仅作提示的记录", "There is a listing that platforms are informed of, and no more"),
    "unknown": ("没有列入记录，但有来源未能查询", "No listing, but not every source could be searched"),
    "review": ("有须人工核对的记录", "There is a listing that asks platforms for a review by a person"),
    "block": ("有提示平台拒绝入驻的记录", "There is a listing that asks platforms to refuse"),
}
REGISTERED: Final = {
    "operating": ("在营", "in operation"),
    "moved_out": ("已迁出", "moved to another registrar"),
    "suspended": ("停业、歇业或清算", "suspended or in liquidation"),
    "deregistered": ("已注销", "deregistered"),
    "licence_revoked": ("已吊销", "licence revoked"),
    "registration_annulled": ("登记被撤销", "registration annulled"),
    "unknown": ("未接入或没有该主体", "not known here"),
}
LICENCES: Final = {
    "current": ("已核验", "verified"),
    "due": ("应重新核验", "due to be verified again"),
    "revoked": ("已失效", "no longer valid"),
    "none": ("未核验", "not verified"),
}
SEARCHED: Final = {
    "ok": ("已查询", "searched"),
    "stale": ("数据过旧", "too old"),
    "missing": ("未接入", "not connected"),
}
HOLDERS: Final = {"法定代表人": "legal representative", "证照管理员": "licence administrator"}
DISPUTES: Final = {
    "open": ("等待报送平台答复", "waiting for the platform's answer"),
    "answered": ("平台已答复，等待裁定", "the platform has answered; waiting for a decision"),
    "closed": ("已结束", "closed"),
    "upheld": ("裁定维持", "decided: upheld"),
    "amended": ("裁定更正", "decided: amended"),
    "voided": ("裁定撤销", "decided: voided"),
    "conceded": ("平台认可，已撤销", "the platform concedes; voided"),
    "withdrawn": ("已撤回申诉", "dispute withdrawn"),
    "listing_ended": ("记录已终止", "the listing has ended"),
}


def both(pair: tuple[str, str]) -> Pair:
    """The pair by language."""
    return {"zh": pair[0], "en": pair[1]}


def page_view(record: Json, holder_role: str, ends_at: str) -> Json:
    """The record with everything that its page says in words."""
    standing = record["standing"]
    return {
        **record,
        "says": both(STANDINGS[standing["verdict"]]),
        "holder": {"zh": holder_role, "en": HOLDERS.get(holder_role, "holder of the licence")},
        "registered": both(REGISTERED.get(standing["registration"], REGISTERED["unknown"])),
        "licence": both(LICENCES[standing["licence"]]),
        "summary": _summary(record["listings"]),
        "listings": [_listing(listing) for listing in record["listings"]],
        "sources": [_source(source) for source in record["sources"]],
        "ends_at": ends_at,
    }


def _summary(listings: Sequence[Json]) -> Pair:
    """How many listings stand, by whom, and how many have ended."""
    standing = [listing for listing in listings if listing["state"] == "active"]
    sources = len({(listing["listed_at"]["kind"], listing["listed_at"].get("name", "")) for listing in standing})
    ended = len(listings) - len(standing)
    zh = f"有效记录 {len(standing)} 条，来自 {sources} 个来源" if standing else "没有有效记录"
    en = f"{len(standing)} in force, from {sources} sources" if standing else "none in force"
    if ended:
        zh, en = f"{zh}；已终止 {ended} 条", f"{en}; {ended} ended"
    return {"zh": zh, "en": en}


def _listing(listing: Json) -> Json:
    # A reporter typed the address of its notice; only what a browser opens as a page becomes a link.
    link = listing.get("notice_url", "")
    return {
        **listing,
        "reasons": [{**reason, "basis": in_words(reason.get("basis", ""))} for reason in listing["reasons"]],
        "notice_link": link if link.startswith(("https://", "http://")) else "",
        "disputes": [
            {**dispute, "says": both(DISPUTES.get(dispute.get("outcome", dispute["state"]), DISPUTES["closed"]))}
            for dispute in listing["disputes"]
        ],
    }


def _source(source: Json) -> Json:
    zh, en = SEARCHED[source["status"]]
    age = source["age_seconds"]
    if source["status"] != "missing" and age:
        zh, en = f"{zh}，{_age(age)[0]}", f"{en}, {_age(age)[1]}"
    of_list, name = LISTS.get(source["name"]), source["name"]
    if name == "platform_evictions":
        name, english = "平台清退记录", "evictions by platforms"
    else:
        name, english = (of_list.zh, of_list.en) if of_list else (name, name)
    return {**source, "zh": name, "en": english, "said": {"zh": zh, "en": en}}


def _age(seconds: int) -> tuple[str, str]:
    for size, zh, en in ((86_400, "天", "days"), (3_600, "小时", "hours"), (60, "分钟", "minutes")):
        if seconds >= size:
            return f"{seconds // size} {zh}前更新", f"{seconds // size} {en} old"
    return "刚刚更新", "just now"
