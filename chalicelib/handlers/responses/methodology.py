"""The whole method as data, as /v1/methodology answers it."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.decisions import BoundRowView
from chalicelib.handlers.responses.lookups import PartName
from chalicelib.handlers.responses.shared import (
    Answer,
    Count,
    Day,
    Empty,
    EvidenceLevel,
    ListingVerdict,
    Relation,
    RelationClass,
    Sentence,
    Severity,
    Verdict,
)


class RuleView(Answer):
    """One row of the table of verdicts, read from the top."""

    relation_class: RelationClass
    severity: Severity
    least_evidence_level: EvidenceLevel
    verdict: ListingVerdict
    why: Sentence


class RelationView(Answer):
    """How a subject may be recognised."""

    relation: Relation
    class_: RelationClass = Field(alias="class")
    meaning: Sentence


class NameFeature(Answer):
    """One feature of the comparison of names, with its weight in bits of evidence."""

    feature: str
    weight_bits: float
    ceiling_bits: float | None
    claim: Sentence


class SignalView(Answer):
    """A signal that two subjects may share."""

    signal: str
    weight: float = Field(ge=0, le=1)
    meaning: Sentence


class ReasonView(Answer):
    """A reason with its gravity, its law, and the days on which it holds."""

    code: str
    severity: Severity
    name: Sentence
    basis: str = Field(description="the law")
    valid_from: Day | Empty
    valid_to: Day | Empty


class TermView(Answer):
    """How long an entry of a class stands."""

    category: str = Field(description='"" fits every entry')
    months: Count = Field(description="0 is until it is removed")
    basis: str
    valid_from: Day | Empty
    valid_to: Day | Empty


class ListView(Answer):
    """What a kind of government list does to a verdict, and how long its entries stand."""

    list_type: str
    name: Sentence
    evidence_level: EvidenceLevel
    effect: Sentence
    terms: list[TermView]


class StepView(Answer):
    """One step of the order of judgement."""

    step: Literal["table", "corroboration", "campaign", "dispute", "guard", "policy"]
    meaning: Sentence


class GuardView(Answer):
    """One row of the guard against poisoned reports."""

    guard: Literal["burst", "low_trust", "large_company"]
    when: str
    verdict_at_most: Literal["review"]
    why: Sentence


class TrustLevelView(Answer):
    """One row of the table of trust, read from the top."""

    level: Literal["low", "watched", "fair"]
    least_voided: Count
    per_hundred_decided: Count
    per_thousand_reported: Count
    meaning: Sentence


class OnboardingOutcomeView(Answer):
    """What a part of the onboarding check may find, and the verdict that follows."""

    part: PartName
    outcome: str
    verdict: Verdict | Literal["as listed"] | None = Field(
        description="null: counts for nothing; `as listed`: the verdict of the gravest entry"
    )
    why: Sentence


class Methodology(Answer):
    """How matches are made and judged: every rule, relation, feature, reason and source."""

    version: str
    verdicts: list[Verdict] = Field(description="from mild to grave")
    rules: list[RuleView]
    relations: list[RelationView]
    name_features: list[NameFeature]
    signals: list[SignalView]
    reasons: list[ReasonView]
    sources: list[ListView]
    order_of_judgement: list[StepView]
    guards: list[GuardView]
    trust_levels: list[TrustLevelView]
    policy_bounds: list[BoundRowView] = Field(description="the bounds that hold until a regulator sets any")
    onboarding: list[OnboardingOutcomeView]
