"""The whole method as data, as a compliance officer may read it: served at /v1/methodology."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.matching import matching_signals
from chalicelib.matching.explain_match import RELATION_NAMES, SIGNAL_FIELDS
from chalicelib.matching.name_scoring import FEATURES
from chalicelib.onboarding.rules.onboarding_verdicts import OUTCOMES
from chalicelib.registry.rules import reason_codes
from chalicelib.verdicts.rules import (
    decide_verdict,
    guards,
    platform_policy,
    reporter_trust,
    verdict_by_severity,
)

VERSION: Final = "1"


def describe_methodology() -> dict[str, Any]:
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
                "feature": one.function.__name__,
                "weight_bits": one.weight,
                "ceiling_bits": one.ceiling,
                "claim": {"zh": one.zh, "en": one.claim},
            }
            for one in FEATURES
        ],
        "signals": [
            {"signal": name, "weight": weight, "meaning": _both(SIGNAL_FIELDS[name])}
            for name, weight in matching_signals.SIGNALS.items()
        ],
        "reasons": _reasons(),
        "sources": _lists(),
        **_judging(),
        "onboarding": [
            {"part": one.part, "outcome": one.name, "verdict": one.verdict or None, "why": _both((one.zh, one.en))}
            for one in OUTCOMES
        ],
    }


def _reasons() -> list[dict[str, Any]]:
    """Every reason with its gravity, its law, and the days on which it holds."""
    return [
        {
            "code": one.code,
            "severity": one.severity,
            "name": {"zh": one.zh, "en": one.en},
            "basis": one.basis,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in reason_codes.REASONS.values()
    ]


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


def _judging() -> dict[str, Any]:
    """In which order a verdict is made, what holds a block back, and how far a platform's own policy reaches."""
    return {
        "order_of_judgement": [
            {"step": step, "meaning": {"zh": zh, "en": en}} for step, zh, en in decide_verdict.STEPS
        ],
        "guards": [
            {"guard": one.name, "when": one.when, "verdict_at_most": "review", "why": {"zh": one.zh, "en": one.en}}
            for one in guards.GUARDS
        ],
        "trust_levels": [
            {
                "level": one.name,
                "least_voided": one.voided,
                "per_hundred_decided": one.per_hundred_decided,
                "per_thousand_reported": one.per_thousand_reported,
                "meaning": {"zh": one.zh, "en": one.en},
            }
            for one in reporter_trust.LEVELS
        ],
        "policy_bounds": [bound.to_item() for bound in platform_policy.BOUNDS],
    }
