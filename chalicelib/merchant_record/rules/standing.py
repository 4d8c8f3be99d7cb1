"""What the exchange holds of a merchant, as the merchant itself may see it (企业自证合规).

Whoever is listed has a right to know by whom, for what and until when (个人信息保护法 44, 45; 电子商务法 36), and how
to object. Not shown: what reporters keep for themselves (their free text, shop numbers, row and file), other merchants,
and findings that are never shared as an eviction (severity 1 of a platform), which stand at that platform alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.onboarding.rules.check_parts import PART_OF
from chalicelib.registry.rules.dispute_state import why_not_open
from chalicelib.registry.rules.listing import ACTIVE, is_shared
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts.rules import decide_verdict, verdict_by_severity

View = dict[str, Any]
# Of a listing; the reporter's own words are not among them.
SHOWN: Final = (
    "listing_id",
    "listed_on",
    "expires_on",
    "severity",
    "evidence_level",
    "document_no",
    "notice_url",
    "measure",
    "listed_by",
    "ended_because",
)
EVIDENCE: Final = {
    "E1": ("平台自行认定", "the platform's own finding"),
    "E2": ("投诉成立或权利人通知", "an upheld complaint, or a right holder's notice"),
    "E3": ("抽检结果", "a sampling test"),
    "E4": ("行政处罚或政府名单", "a penalty or a government list"),
    "E5": ("司法裁判", "a court"),
}
EFFECTS: Final = {
    "block": ("新平台查询时提示应拒绝入驻", "platforms that ask are told to refuse"),
    "review": ("新平台查询时提示应人工核对", "platforms that ask are told to have a person look"),
    "inform": ("新平台查询时仅作提示", "platforms that ask are told of it, and no more"),
}
STATES: Final = {
    "active": ("有效", "in force"),
    "withdrawn": ("报送方已撤回", "taken back by its reporter"),
    "removed": ("来源已移出", "removed by its source"),
    "expired": ("已到期", "expired"),
    "voided": ("经申诉已撤销", "voided after a dispute"),
}
BY_PLATFORM: Final = (
    "可在本页提出申诉：报送平台须在限期内答复，监管部门可以裁定；也可直接联系报送平台。",
    "Dispute it on this page: the platform must answer in time and a regulator may decide; or ask the platform itself.",
)
BY_GOVERNMENT: Final = (
    "向作出决定的机关提出异议，或按《市场监督管理信用修复管理办法》申请信用修复；机关移出后，本系统随即停止使用。",
    "Object to the authority that decided, or apply for credit repair; once removed there, it is used here no more.",
)
NOW_OPEN: Final = ("申诉处理中", "a dispute is open")
# What a statement says, and what must still be so for it to be true still.
CLAIMED: Final = ("verdict", "platform_listings", "government_listings", "reasons", "registration", "licence")


def listings(
    subjects: Iterable[Subject], platforms: Mapping[str, str], types: Mapping[str, str], today: str
) -> list[View]:
    """Every listing that is shared, those in force first; `platforms` are names by id, `types` the feeds' lists."""
    made = [
        _view(one, subject, platforms, types, today)
        for subject in subjects
        for one in subject["listings"].values()
        if is_shared(one)
    ]
    made.sort(key=lambda one: one.get("listed_on", ""), reverse=True)
    return sorted(made, key=lambda one: one["state"] != ACTIVE)


def sources(subjects: Iterable[Subject]) -> set[str]:
    """The platforms whose listings are shown, by id."""
    found = (one["source"].partition(":") for subject in subjects for one in subject["listings"].values())
    return {name for kind, _, name in found if kind == "platform"}


def summary(shown: Sequence[View], registration: str, licence: str, searched: Iterable[Mapping[str, Any]]) -> View:
    """The standing in a few words: the gravest effect, how many listings of each side, their reasons."""
    standing = [one for one in shown if one["state"] == ACTIVE]
    worst = [one["effect"]["verdict"] for one in standing]
    if any(source["status"] != "ok" for source in searched):
        worst.append("unknown")
    kinds = [one["listed_at"]["kind"] for one in standing]
    return {
        "verdict": verdict_by_severity.gravest(worst),
        "platform_listings": kinds.count("platform"),
        "government_listings": kinds.count("government"),
        "reasons": sorted({reason["code"] for one in standing for reason in one["reasons"]}),
        "registration": registration or "unknown",
        "licence": licence,
    }


def changed(said: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Which claims of an earlier summary do not hold any more."""
    return [field for field in CLAIMED if said.get(field) != now.get(field)]


def _view(
    one: Mapping[str, Any], subject: Subject, platforms: Mapping[str, str], types: Mapping[str, str], today: str
) -> View:
    kind, _, name = one["source"].partition(":")
    over = one["state"] == ACTIVE and bool(one.get("expires_on")) and one["expires_on"] <= today
    state = "expired" if over else one["state"]
    made: View = {field: one[field] for field in SHOWN if one.get(field) not in (None, "")}
    # What a public authority published of its entry is public; what a platform wrote beside its report is not.
    if kind == "government" and one.get("reason_text"):
        made["text"] = one["reason_text"]
    made |= {
        "state": state,
        "says": _both(STATES.get(state, (state, state))),
        "listed_at": _who(kind, name, platforms, types),
        "reasons": [_reason(code) for code in one["reasons"]],
        "evidence": _both(EVIDENCE[one["evidence_level"]]),
        "disputes": [_dispute(each) for each in one.get("disputes", {}).values() if each["by"].startswith("merchant:")],
        "can_dispute": state == ACTIVE and not why_not_open(one, f"merchant:{subject['subject_id']}"),
        "how_to_dispute": _both(BY_GOVERNMENT if kind == "government" else BY_PLATFORM),
    }
    if state == ACTIVE:
        made["effect"] = _effect(one, subject, today)
    else:
        made["ended_at"] = one["history"][-1]["at"] if not over else one["expires_on"]
    return made


def _effect(one: Mapping[str, Any], subject: Subject, today: str) -> View:
    """What a platform is told that asks for exactly this merchant."""
    found = decide_verdict.judge_all("same_uscc", subject, [one], decide_verdict.EXCHANGE, today)[0].verdict
    zh, en = EFFECTS[found]
    if one.get("disputed"):
        zh, en = f"{NOW_OPEN[0]}；{zh}", f"{NOW_OPEN[1]}; {en}"
    return {"verdict": found, "zh": zh, "en": en}


def _who(kind: str, name: str, platforms: Mapping[str, str], types: Mapping[str, str]) -> View:
    if kind == "platform":
        return {"kind": kind, "name": platforms.get(name, name)}
    from chalicelib.government_lists.rules.list_types import LISTS

    known = LISTS.get(types.get(name, "")) or LISTS.get(PART_OF.get(name, ""))
    return {
        "kind": kind,
        **({"zh": known.zh, "en": known.en} if known else {"zh": "政府名单", "en": "government list"}),
    }


def _reason(code: str) -> View:
    known = REASONS.get(code)
    return {"code": code, "zh": known.zh, "en": known.en, "basis": known.basis} if known else {"code": code}


def _dispute(one: Mapping[str, Any]) -> View:
    """Where the merchant's own dispute stands; what the other side wrote is carried by whoever decides."""
    closed = {"outcome": one["closed"]["what"], "closed_at": one["closed"]["at"]} if "closed" in one else {}
    shown = {"dispute_id": one["dispute_id"], "state": one["state"], "opened_at": one["opened_at"]}
    return {**shown, "answer_due": one.get("due", ""), **closed}


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}
