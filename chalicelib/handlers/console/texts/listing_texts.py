"""What a page says of verdicts, listings and sources, in the words of the visitor's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.visit import CHINESE, Visit
from chalicelib.merchant_record.rules.legal_basis import in_words
from chalicelib.merchant_record.rules.record_texts import SEARCHED
from chalicelib.merchant_record.rules.standing import EVIDENCE, STATES
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.values.records import Json

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """A state as it is shown: its words and its tone (good, bad, warn, info, or wait), which has a sign of its own."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict as it is shown: its sign, its word, what to do, and its tone."""

    sign: str
    word: Text
    to_do: Text
    tone: str


VERDICTS: Final[Mapping[str, Verdict]] = {
    "block": Verdict(
        "✕",
        ("不得入驻", "Refuse"),
        ("请拒绝入驻，并告知申请人原因与申诉途径。", "Refuse the applicant; tell it why and how to dispute it."),
        "bad",
    ),
    "review": Verdict(
        "!",
        ("需人工核对", "Review"),
        (
            "请核对下列记录是否为同一主体、是否影响入驻，再作决定。",
            "Check whether the records below are of the same business, and whether they matter; then decide.",
        ),
        "warn",
    ),
    "unknown": Verdict(
        "?",
        ("暂不能判断", "Not known"),
        (
            "有来源未能查询，或所给信息不足；请补充信息或稍后再查，不要据此放行。",
            "A source could not be searched, or too little was given. Give more or ask later; do not admit on this.",
        ),
        "warn",
    ),
    "inform": Verdict(
        "i",
        ("可以入驻，请知悉", "Admit, and know"),
        ("下列记录仅供知悉，不构成拒绝入驻的理由。", "The records below inform only; they are no ground to refuse."),
        "info",
    ),
    "clear": Verdict(
        "✓",
        ("未发现记录", "Nothing found"),
        ("各来源均已查询，没有与申请人相符的记录。", "Every source was searched; no record fits the applicant."),
        "good",
    ),
}
SEVERITIES: Final[Mapping[int, Text]] = {
    1: ("一级（仅提示）", "1, informs"),
    2: ("二级（提醒）", "2, alerts"),
    3: ("三级（可阻断）", "3, may block"),
}
STATE_TONES: Final = {"active": "bad plain", "withdrawn": "", "removed": "", "expired": "", "voided": "info"}
SOURCE_TONES: Final = {"ok": "good", "stale": "warn", "missing": ""}


class Fields(Json):
    """The fields of an answer, '' where it lacks one, so that a template need not ask for each."""

    def __missing__(self, name: str) -> str:
        """What a field that is absent reads as."""
        return ""


def verdict_state(visit: Visit, verdict: str) -> State:
    """A verdict as a tag of a table."""
    shown = VERDICTS[verdict]
    return State(visit.t(*shown.word), shown.tone)


def listing_state(visit: Visit, state: str) -> State:
    """The state of a listing as a tag."""
    return State(visit.t(*STATES[state]), STATE_TONES[state])


def reason_names(visit: Visit, codes: Sequence[str]) -> str:
    """Reasons in words, joined; a code that the table does not know as it is."""
    known = [visit.t(REASONS[code].zh, REASONS[code].en) if code in REASONS else code for code in codes]
    return visit.t("；", "; ").join(known)


def source_name(visit: Visit, source: str) -> str:
    """A source as people call it: a platform or an enforcing regulator by its name, a government list by its title."""
    if source == "platform_evictions":
        return visit.t("平台清退记录", "evictions by platforms")
    of = Source(source)
    if of.is_platform:
        return organisations.name_of(of.platform_id)
    if of.is_enforcement:
        regulator = of.list_name.partition(":")[2]
        name = organisations.name_of(regulator)
        return visit.t(f"{name}执法", f"enforcement by {name}")
    kind = LISTS.get(of.list_name or source)
    return visit.t(kind.zh, kind.en) if kind else of.list_name or source


def listing_row(visit: Visit, listing: Json) -> Json:
    """A listing of an answer with every field in words; `raw` is the listing itself."""
    codes = listing.get("reasons", [])
    evidence = EVIDENCE.get(listing.get("evidence_level", ""))
    basis = [in_words(REASONS[code].basis) for code in codes if code in REASONS]
    return {
        "raw": Fields(listing),
        "reasons": reason_names(visit, codes),
        "basis": "；".join(dict.fromkeys(basis)),
        "severity": visit.t(*SEVERITIES[listing["severity"]]) if listing.get("severity") else "",
        "evidence": visit.t(*evidence) if evidence else "",
        "source": source_name(visit, listing.get("source", "")),
        "state": listing_state(visit, listing.get("state", "active")),
        "why": listing["why"][visit.language] if "why" in listing else "",
        "verdict": verdict_state(visit, listing["verdict"]) if "verdict" in listing else None,
    }


def source_row(visit: Visit, source: Json) -> Json:
    """A source that was searched: its name, whether it could be searched, and how old it is."""
    age = source.get("age_seconds")
    return {
        "name": source_name(visit, source["name"]),
        "state": State(visit.t(*SEARCHED[source["status"]]), SOURCE_TONES[source["status"]]),
        "age": age_in_words(visit, age) if age is not None and source["status"] != "missing" else "—",
    }


def age_in_words(visit: Visit, seconds: int) -> str:
    """How old something is, in the largest unit of which there is a whole number."""
    for size, zh, en in ((86_400, "天", "days"), (3_600, "小时", "hours"), (60, "分钟", "minutes")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {zh}" if visit.language == CHINESE else f"{count} {en if count > 1 else en[:-1]}"
    return visit.t("不到 1 分钟", "under a minute")
