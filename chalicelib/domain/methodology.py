"""The whole method as data, as a compliance officer may read it."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.domain import reason, signal, verdict
from chalicelib.domain.explanation import RELATION_NAMES, SIGNAL_FIELDS
from chalicelib.domain.government_list import LISTS
from chalicelib.domain.match import FEATURES

VERSION: Final = "1"


def methodology() -> dict[str, Any]:
    """Verdict rules, relations, name features, signals, reasons and sources, each with its sentence in zh and en."""
    return {
        "version": VERSION,
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
            {"relation": name, "class": kind, "meaning": _both(RELATION_NAMES[name])}
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
        "reasons": _reasons(),
        "sources": _lists(),
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
        for one in reason.REASONS.values()
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
