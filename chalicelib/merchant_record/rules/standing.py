"""What the exchange holds of a merchant, as the merchant itself may see it (企业自证合规).

A listed merchant has a right to know by whom, for what and until when (个人信息保护法 44, 45; 电子商务法 36), and how
to object. Not shown: what reporters keep for themselves (their free text, shop numbers, row and file), other merchants,
and findings that are never shared as an eviction (severity 1 of a platform), which only that platform keeps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.disputes.rules.dispute import why_not_open
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.onboarding.rules.onboarding_check_parts import PART_OF
from chalicelib.registry.rules.listing import ACTIVE, Dispute, Listing, is_shared
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json
from chalicelib.verdicts.rules import decide_verdict, rules_in_force, verdict_by_severity

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
    "block": ("新平台查询时提示应拒绝入驻", "platforms that look it up are asked to refuse"),
    "review": ("新平台查询时提示应人工核对", "platforms that look it up are asked for a review by a person"),
    "inform": ("新平台查询时仅作提示", "platforms that look it up are informed of it, and no more"),
}
STATES: Final = {
    "active": ("有效", "in force"),
    "withdrawn": ("报送方已撤回", "withdrawn by its reporter"),
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


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of a merchant in a few words; a statement that claims it is true as long as none of them changes."""

    verdict: str
    platform_listings: int
    government_listings: int
    reasons: tuple[str, ...]
    registration: str
    licence: str

    def as_json(self) -> Json:
        """The standing as the API answers it and a statement claims it."""
        return {
            "verdict": self.verdict,
            "platform_listings": self.platform_listings,
            "government_listings": self.government_listings,
            "reasons": list(self.reasons),
            "registration": self.registration,
            "licence": self.licence,
        }


@dataclass(frozen=True, slots=True)
class Names:
    """How the sources of listings are named: `platforms` are names by id, `types` the feeds' kinds of list."""

    platforms: Mapping[str, str]
    types: Mapping[str, str]


def listings(
    subjects: Iterable[Subject], platforms: Mapping[str, str], types: Mapping[str, str], today: str
) -> list[Json]:
    """Every listing that is shared, those in force first; `platforms` are names by id, `types` the feeds' lists."""
    names = Names(platforms, types)
    views = [
        _view(listing, subject, names, today)
        for subject in subjects
        for listing in subject.listings.values()
        if is_shared(listing)
    ]
    views.sort(key=lambda view: view.get("listed_on", ""), reverse=True)
    return sorted(views, key=lambda view: view["state"] != ACTIVE)


def sources(subjects: Iterable[Subject]) -> set[str]:
    """The platforms whose listings are shown, by id."""
    named = {listing.source.platform_id for subject in subjects for listing in subject.listings.values()}
    return named - {""}


def summary(listings: Sequence[Json], registration: str, licence: str, searched: Iterable[SourceState]) -> Standing:
    """The standing in a few words: the gravest effect, how many listings of each side, their reasons."""
    active = [listing for listing in listings if listing["state"] == ACTIVE]
    verdicts = [listing["effect"]["verdict"] for listing in active]
    if any(source.status != "ok" for source in searched):
        verdicts.append("unknown")
    kinds = [listing["listed_at"]["kind"] for listing in active]
    return Standing(
        verdict=verdict_by_severity.gravest(verdicts),
        platform_listings=kinds.count("platform"),
        government_listings=kinds.count("government"),
        reasons=tuple(sorted({reason["code"] for listing in active for reason in listing["reasons"]})),
        registration=registration or "unknown",
        licence=licence,
    )


def changed(claimed: Json, now: Standing) -> list[str]:
    """The claims of an earlier standing that do not hold any more."""
    return [field for field, value in now.as_json().items() if claimed.get(field) != value]


def _view(listing: Listing, subject: Subject, names: Names, today: str) -> Json:
    official = listing.source.is_government
    over = listing.state == ACTIVE and bool(listing.expires_on) and listing.expires_on <= today
    state = "expired" if over else listing.state
    view: Json = {field: value for field in SHOWN if (value := getattr(listing, field))}
    # What a public authority published of its entry is public; what a platform wrote beside its report is not.
    if official and listing.reason_text:
        view["text"] = listing.reason_text
    view |= {
        "state": state,
        "says": _both(STATES.get(state, (state, state))),
        "listed_at": _source(listing.source, names),
        "reasons": [_reason(code) for code in listing.reasons],
        "evidence": _both(EVIDENCE[listing.evidence_level]),
        "disputes": [_dispute(dispute) for dispute in listing.disputes.values() if dispute.by.startswith("merchant:")],
        "can_dispute": state == ACTIVE and not why_not_open(listing, f"merchant:{subject.subject_id}"),
        "how_to_dispute": _both(BY_GOVERNMENT if official else BY_PLATFORM),
    }
    if state == ACTIVE:
        view["effect"] = _effect(listing, subject, today)
    else:
        view["ended_at"] = listing.history[-1].at if not over else listing.expires_on
    return view


def _effect(listing: Listing, subject: Subject, today: str) -> Json:
    """What the exchange answers to a platform that looks up exactly this merchant."""
    relation = "same_uscc" if subject.uscc or not subject.unverified_uscc else "unverified_uscc"
    verdict = decide_verdict.judge_all(relation, subject, [listing], rules_in_force.EXCHANGE, today)[0].verdict
    zh, en = EFFECTS[verdict]
    if listing.disputed:
        zh, en = f"{NOW_OPEN[0]}；{zh}", f"{NOW_OPEN[1]}; {en}"
    return {"verdict": verdict, "zh": zh, "en": en}


def _source(source: Source, names: Names) -> Json:
    if source.is_platform:
        return {"kind": "platform", "name": names.platforms.get(source.platform_id, source.platform_id)}
    from chalicelib.government_lists.rules.list_types import LISTS

    of_list = LISTS.get(names.types.get(source.list_name, "")) or LISTS.get(PART_OF.get(source.list_name, ""))
    named = {"zh": of_list.zh, "en": of_list.en} if of_list else {"zh": "政府名单", "en": "government list"}
    return {"kind": "government", **named}


def _reason(code: str) -> Json:
    reason = REASONS.get(code)
    return {"code": code, "zh": reason.zh, "en": reason.en, "basis": reason.basis} if reason else {"code": code}


def _dispute(dispute: Dispute) -> Json:
    """The state of the merchant's own dispute; what the other party wrote is not in it."""
    view = {"dispute_id": dispute.dispute_id, "state": dispute.state, "opened_at": dispute.opened_at}
    closed = {"outcome": dispute.closed.result, "closed_at": dispute.closed.at} if dispute.closed else {}
    return {**view, "answer_due": dispute.due, **closed}


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}
