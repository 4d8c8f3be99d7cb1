"""Why a match was made, in words: each reason as one sentence in Chinese and English, and the whole method as data."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.domain import reason, signal, verdict
from chalicelib.domain.government_list import LISTS
from chalicelib.domain.match import FEATURES, FIELDS, PART_RELATIONS, RELATIONS, Reason

METHOD_VERSION: Final = "1"
IDENTIFIER_FIELDS: Final = {
    "uscc": ("统一社会信用代码", "credit code"),
    "registration_no": ("注册号", "registration number"),
    "org_code": ("组织机构代码", "organisation code"),
    "resident_id": ("居民身份证号", "resident ID"),
}
SIGNAL_FIELDS: Final = {
    "legal_representative": ("法定代表人", "legal representative"),
    "phone": ("联系电话", "phone"),
    "bank_account": ("银行账户", "bank account"),
    "address": ("地址", "address"),
    "domain": ("网站域名", "domain"),
    "shop_url": ("店铺链接", "shop link"),
}
IDENTIFIER_RELATIONS: Final = {
    "same_uscc": ("统一社会信用代码完全一致", "the credit codes are the same"),
    "same_registration_no": ("注册号完全一致", "the registration numbers are the same"),
    "same_org_code": ("组织机构代码完全一致", "the organisation codes are the same"),
    "same_resident_id": ("居民身份证号一致", "the resident IDs are the same"),
    "repaired_uscc": ("代码经唯一纠错后一致", "the credit codes are the same after the one repair that fits"),
    "successor_of": ("与被清退主体共享两项以上独立信息", "shares two independent signals with an evicted subject"),
}
# What is said of one identifier beside its name.
_OF_IDENTIFIERS: Final = {
    **dict.fromkeys(IDENTIFIER_RELATIONS, ("完全一致", "exactly the same")),
    "repaired_uscc": ("经唯一纠错后一致", "the same after the one repair that fits"),
    "different": ("不一致，是两个主体", "different, so these are two subjects"),
}
_FIELD_NAMES: Final = {**FIELDS, **IDENTIFIER_FIELDS, **SIGNAL_FIELDS}
_RELATION_NAMES: Final = {**PART_RELATIONS, **RELATIONS, **IDENTIFIER_RELATIONS}


def sentence(why: Reason) -> dict[str, str]:
    """One reason in words: the field, how the two values relate, and the values."""
    field_zh, field_en = _FIELD_NAMES[why.field]
    zh, en = (_OF_IDENTIFIERS if why.field in IDENTIFIER_FIELDS else _RELATION_NAMES)[why.relation]
    return {
        "zh": f"{field_zh}：{zh}（查询“{why.query}”，名单“{why.candidate}”）",
        "en": f"{field_en}: {en.rstrip('.')} (asked “{why.query}”, listed “{why.candidate}”)",
    }


def methodology() -> dict[str, Any]:
    """The whole method as a compliance officer may read it: rules, relations, features, reasons, sources."""
    return {
        "version": METHOD_VERSION,
        "verdicts": list(verdict.VERDICTS),
        "rules": [
            {
                "relation_class": rule.relation,
                "severity": rule.severity,
                "least_evidence_level": rule.evidence,
                "verdict": rule.verdict,
                "why": {"zh": rule.why_zh, "en": rule.why_en},
            }
            for rule in verdict.RULES
        ],
        "relations": [
            {"relation": name, "class": kind, "meaning": _both(_RELATION_NAMES[name])}
            for name, kind in verdict.RELATION_CLASS.items()
        ],
        "name_features": [
            {
                "feature": one.function.__name__,
                "weight_bits": one.weight,
                "ceiling_bits": one.ceiling,
                "claim": {"zh": one.zh, "en": one.claim},
            }
            for one in FEATURES
        ],
        "signals": [
            {"signal": name, "weight": weight, "meaning": _both(SIGNAL_FIELDS[name])}
            for name, weight in signal.SIGNALS.items()
        ],
        "reasons": [
            {"code": one.code, "severity": one.severity, "name": {"zh": one.zh, "en": one.en}, "basis": one.basis}
            for one in reason.REASONS.values()
        ],
        "sources": _lists(),
    }


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def _lists() -> list[dict[str, Any]]:
    """What each kind of government list does to a verdict, how long its entries stand, and by which rule."""
    return [
        {
            "list_type": one.name,
            "name": {"zh": one.zh, "en": one.en},
            "evidence_level": one.evidence_level,
            "effect": {"zh": one.effect_zh, "en": one.effect_en},
            "terms": [asdict(term) for term in one.terms],
        }
        for one in LISTS.values()
    ]
