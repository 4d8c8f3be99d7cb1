"""What the screens of rules say of classes, levels, sources and bounds, in the words of the visitor's language."""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.handlers.console.texts.listing_texts import SEVERITIES, VERDICTS, State
from chalicelib.handlers.console.visit import Visit
from chalicelib.merchant_record.rules.standing import EVIDENCE
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.platform_policy import CHOICES, LEVELS, Bound
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS as BY_GRAVITY

Text = tuple[str, str]
RELATIONS: Final[Mapping[str, Text]] = {
    "exact": ("标识完全一致", "the same identifier"),
    "repaired": ("代码纠错后一致", "a code that agrees after a repair"),
    "name": ("名称相符", "the same name"),
    "signals": ("共享多项信息", "several shared signals"),
    "weak": ("弱关联", "a weak link"),
}
SOURCES: Final[Mapping[str, Text]] = {
    "any": ("任意来源", "any source"),
    "platform": ("平台清退记录", "evictions by platforms"),
    "government": ("政府名单", "government lists"),
}
CORROBORATION: Final[Mapping[str, Text]] = {
    "any": ("任意印证情况", "any state of corroboration"),
    "both": ("平台与政府均有记录", "platforms and the government agree"),
    "platform_only": ("仅平台有记录", "platforms alone say so"),
    "government_only": ("仅政府有记录", "the government alone says so"),
    "conflict": ("双方记录矛盾", "the two contradict each other"),
    "none": ("无可印证", "nothing to corroborate"),
}
LEVEL_NAMES: Final[Mapping[str, Text]] = {
    level: (f"{level} {EVIDENCE[level][0]}", f"{level} {EVIDENCE[level][1]}") for level in LEVELS
}
SEVERITY_NAMES: Final[Mapping[str, Text]] = {str(level): text for level, text in sorted(SEVERITIES.items())[::-1]}
VERDICT_NAMES: Final[Mapping[str, Text]] = {verdict: VERDICTS[verdict].word for verdict in CHOICES}
TABS: Final = (
    ("rules", ("规则", "Policy"), ("规则界限", "Bounds")),
    ("rules/campaigns", ("专项", "Campaigns"), ("专项", "Campaigns")),
    ("rules/guards", ("防护", "Guards"), ("防护", "Guards")),
)


def tabs(visit: Visit, current: str) -> list[Json]:
    """The parts of the screen, the `current` one marked; the first is named by who sees it."""
    of = 1 if visit.caller.role == "platform" else 2
    return [{"path": row[0], "label": visit.t(*row[of]), "current": row[0] == current} for row in TABS]


def choices(visit: Visit, names: Mapping[str, Text]) -> list[Json]:
    """The options of a field."""
    return [{"value": value, "text": visit.t(*text)} for value, text in names.items()]


def verdict_tag(visit: Visit, verdict: str) -> State:
    """A verdict as a tag."""
    return State(visit.t(*VERDICTS[verdict].word), VERDICTS[verdict].tone)


def bounds_of(bounds: Sequence[Bound], relation: str, severity: str, evidence: str) -> Bound | None:
    """What the bounds leave to a row that speaks of a class, a severity and at least that evidence; None for none."""
    narrowest: Bound | None = None
    for level in LEVELS[LEVELS.index(evidence) if evidence in LEVELS else 0 :]:
        rows = (each for each in bounds if each.relation == relation and str(each.severity) == severity)
        bound = next((each for each in rows if level >= each.evidence), None)
        if bound:
            narrowest = _narrower(narrowest, bound) if narrowest else bound
    return narrowest


def bound_in_words(visit: Visit, bound: Bound) -> str:
    """A bound as the hint beside a row."""
    mildest, gravest = visit.t(*VERDICT_NAMES[bound.mildest]), visit.t(*VERDICT_NAMES[bound.gravest])
    verdicts = mildest if mildest == gravest else visit.t(f"从“{mildest}”到“{gravest}”", f"{mildest} to {gravest}")
    return visit.t(
        f"监管允许的判定：{verdicts}；答复不超过 {bound.most_days} 个工作日",
        f"Bounds: {verdicts}; at most {bound.most_days} working days to answer",
    )


def allowed_in_words(visit: Visit, allowed: str) -> str:
    """What a problem of a row says is allowed, such as `review..block`, in words; '' for nothing."""
    if not allowed:
        return ""
    parts = [visit.t(*VERDICT_NAMES[part]) if part in VERDICT_NAMES else part for part in allowed.split("..")]
    ends = visit.t(" 至 ", " to ").join(dict.fromkeys(parts))
    return visit.t(f"（允许：{ends}）", f" (allowed: {ends})")


def _narrower(first: Bound, second: Bound) -> Bound:
    mildest = max(first.mildest, second.mildest, key=BY_GRAVITY.index)
    gravest = min(first.gravest, second.gravest, key=BY_GRAVITY.index)
    return first.replace(mildest=mildest, gravest=gravest, most_days=min(first.most_days, second.most_days))
