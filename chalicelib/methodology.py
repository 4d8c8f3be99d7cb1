"""The whole method as data, as a compliance officer may read it: served at /v1/methodology."""

from dataclasses import asdict
from typing import Final

from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.matching import matching_signals
from chalicelib.matching.explain_match import RELATION_NAMES, SIGNAL_FIELDS
from chalicelib.matching.name_scoring import FEATURES
from chalicelib.onboarding.rules.onboarding_verdicts import OUTCOMES
from chalicelib.registry.rules import reason_codes
from chalicelib.values.records import Json
from chalicelib.verdicts.rules import (
    decide_verdict,
    guards,
    platform_policy,
    reporter_trust,
    verdict_by_severity,
)

VERSION: Final = "1"


def describe_methodology() -> Json:
    """Verdict rules, relations, name features, signals, reasons and sources, each with its sentence in zh and en."""
    return {
        "version": VERSION,
        "verdicts": list(verdict_by_severity.VERDICTS),
        "rules": [
            {
                "relation_class": rule.relation,
                "severity": rule.severity,
                "least_evidence_level": rule.evidence,
                "verdict": rule.verdict,
                "why": {"zh": rule.why_zh, "en": rule.why_en},
            }
            for rule in verdict_by_severity.RULES
        ],
        "relations": [
            {"relation": name, "class": kind, "meaning": _both(RELATION_NAMES[name])}
            for name, kind in verdict_by_severity.RELATION_CLASS.items()
        ],
        "name_features": [
            {
                "feature": feature.function.__name__,
                "weight_bits": feature.weight,
                "ceiling_bits": feature.ceiling,
                "claim": {"zh": feature.zh, "en": feature.claim},
            }
            for feature in FEATURES
        ],
        "signals": [
            {"signal": name, "weight": weight, "meaning": _both(SIGNAL_FIELDS[name])}
            for name, weight in matching_signals.SIGNALS.items()
        ],
        "reasons": _reasons(),
        "sources": _lists(),
        **_judging(),
        "onboarding": [
            {"part": row.part, "outcome": row.name, "verdict": row.verdict or None, "why": _both((row.zh, row.en))}
            for row in OUTCOMES
        ],
    }


def _reasons() -> list[Json]:
    """Every reason with its gravity, its law, and the days on which it holds."""
    return [
        {
            "code": reason.code,
            "severity": reason.severity,
            "name": {"zh": reason.zh, "en": reason.en},
            "basis": reason.basis,
            "valid_from": reason.valid_from,
            "valid_to": reason.valid_to,
        }
        for reason in reason_codes.REASONS.values()
    ]


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def _lists() -> list[Json]:
    """What each kind of government list does to a verdict, how long its entries last, and by which rule."""
    return [
        {
            "list_type": kind.name,
            "name": {"zh": kind.zh, "en": kind.en},
            "evidence_level": kind.evidence_level,
            "effect": {"zh": kind.effect_zh, "en": kind.effect_en},
            "terms": [asdict(term) for term in kind.terms],
        }
        for kind in LISTS.values()
    ]


def _judging() -> Json:
    """In which order a verdict is made, what holds a block back, and how far a platform's own policy reaches."""
    return {
        "order_of_judgement": [
            {"step": step, "meaning": {"zh": zh, "en": en}} for step, zh, en in decide_verdict.STEPS
        ],
        "guards": [
            {
                "guard": guard.name,
                "when": guard.when,
                "verdict_at_most": "review",
                "why": {"zh": guard.zh, "en": guard.en},
            }
            for guard in guards.GUARDS
        ],
        "trust_levels": [
            {
                "level": level.name,
                "least_voided": level.voided,
                "per_hundred_decided": level.per_hundred_decided,
                "per_thousand_reported": level.per_thousand_reported,
                "meaning": {"zh": level.zh, "en": level.en},
            }
            for level in reporter_trust.LEVELS
        ],
        "policy_bounds": [bound.to_item() for bound in platform_policy.BOUNDS],
    }
