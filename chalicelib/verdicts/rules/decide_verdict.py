"""How a listing becomes a verdict: one order of steps, for lookups, rosters, merchants and tasks alike.

The exchange's table, moved by corroboration; a campaign's severity floor; then what holds a block back, a dispute or a
guard; last the platform's own policy, inside the regulator's bounds. What was held back stays so: a policy makes
nothing block that the exchange itself does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json, Record, stored
from chalicelib.verdicts.rules import (
    burst_thresholds,
    campaign_rules,
    corroboration,
    platform_policy,
    verdict_by_severity,
)
from chalicelib.verdicts.rules.burst_thresholds import Guard
from chalicelib.verdicts.rules.campaign_rules import Campaign
from chalicelib.verdicts.rules.rules_in_force import Rules

# What lets a listing come to review at most: a field of it, and why.
CAPS: Final = (
    ("disputed", "有申诉尚未裁定，须人工核对", "a dispute over it is open; a person must look"),
    (
        "after_void",
        "同一平台的类似报送曾被撤销，须人工核对",
        "a like report of the same platform was voided; a person must look",
    ),
)
STEPS: Final = (
    ("table", "规则表：关系、严重程度、证据等级", "the table of relation, severity and evidence"),
    ("corroboration", "平台与政府的印证", "what platforms and government say of each other's listings"),
    ("campaign", "专项期间的严重程度下限", "the severity floor of a running campaign"),
    ("dispute", "申诉期间至多须人工核对", "while a dispute is open, review at most"),
    ("guard", "防恶意报送：至多须人工核对", "the guard against poisoning: review at most"),
    ("policy", "平台自有规则，限于监管设定范围", "the platform's own policy, inside the regulator's bounds"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClock(Record):
    """Working days to answer a task, as a campaign or a platform's own policy (`why`) sets them."""

    answer_days: int = stored()
    why: str = stored()


@dataclass(frozen=True, slots=True)
class Decider:
    """Which step decided, and the row of it that fitted; of a policy also its version."""

    step: str
    row: str | int = ""
    version: int = 0

    def view(self) -> Json:
        """The decider as answers name it."""
        shown: Json = {"step": self.step, "row": self.row, "version": self.version}
        return {name: value for name, value in shown.items() if value}


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one listing, why, and which step decided; the severity that counted, its campaigns and guard.

    `clocks`: the time that campaigns and policy leave to answer a task; none for the exchange's own clock.
    """

    verdict: str
    why_zh: str
    why_en: str
    decided_by: Decider
    severity: int
    campaigns: tuple[Campaign, ...] = ()
    guard: Guard | None = None
    clocks: tuple[AnswerClock, ...] = ()

    @property
    def answer_days(self) -> int | None:
        """The shortest time to answer a task that campaigns and policy set; None for the exchange's own."""
        return min((clock.answer_days for clock in self.clocks), default=None)

    def view(self, listing: Listing) -> dict[str, Any]:
        """What an answer says beside the listing."""
        said: dict[str, Any] = {
            "verdict": self.verdict,
            "why": {"zh": self.why_zh, "en": self.why_en},
            "decided_by": self.decided_by.view(),
        }
        if self.severity != listing.severity:
            said["effective_severity"] = self.severity
        return said | marks(self.campaigns, self.guard)


def judge_all(relation: str, subject: Subject, listings: Sequence[Listing], rules: Rules, today: str) -> list[Decision]:
    """One decision for each listing, in order."""
    found = corroboration.judge(subject, today)
    return [judge(relation, one, subject, found, rules, today) for one in listings]


def judge(
    relation: str,
    listing: Listing,
    subject: Subject,
    found: corroboration.Finding,
    rules: Rules,
    today: str,
) -> Decision:
    """The verdict on one listing of a subject that was recognised by `relation`, step by step as `STEPS` has them."""
    overlaid = campaign_rules.overlay(listing, rules.campaigns, today)
    decision = _by_table(relation, listing, found, overlaid)
    for field, zh, en in CAPS:
        if getattr(listing, field):
            decision = _held(decision, (zh, en), Decider("dispute", field))
    guarded = burst_thresholds.guard_of(listing, subject, rules.alarms, today)
    if guarded:
        decision = replace(decision, guard=guarded)
        decision = _held(decision, (guarded.zh, guarded.en), Decider("guard", guarded.name))
    return _by_policy(decision, _case(relation, listing, found, overlaid.severity), rules)


def clocks_of(subject: Subject, listing: Listing, rules: Rules, today: str) -> tuple[AnswerClock, ...]:
    """What tightens the clock of a task on the listing: a platform knows the merchant itself, as by its code."""
    return judge_all("same_uscc", subject, [listing], rules, today)[0].clocks


def marks(running: Sequence[Campaign], guarded: Guard | None) -> dict[str, Any]:
    """What answers, changes and notices say of campaigns and guards; nothing where there are none."""
    said: dict[str, Any] = {"campaigns": campaign_rules.labels(running)} if running else {}
    if guarded:
        said["guard"] = {"name": guarded.name, "says": {"zh": guarded.zh, "en": guarded.en}}
    return said


def marks_of(subject: Subject, listing: Listing, rules: Rules, today: str) -> dict[str, Any]:
    """The marks of one listing, for those who are told of it."""
    guarded = burst_thresholds.guard_of(listing, subject, rules.alarms, today)
    return marks(campaign_rules.overlay(listing, rules.campaigns, today).campaigns, guarded)


def _by_table(
    relation: str, listing: Listing, found: corroboration.Finding, overlaid: campaign_rules.Overlay
) -> Decision:
    plain = verdict_by_severity.rule_for(relation, listing)
    moved = corroboration.rule_for(relation, listing, found)
    rule, by, why = moved, Decider("table"), (moved.why_zh, moved.why_en)
    if moved != plain:
        by = Decider("corroboration", found.name)
    if overlaid.severity != listing.severity:
        raised = corroboration.rule_for(relation, listing.replace(severity=overlaid.severity), found)
        if raised.verdict != moved.verdict:
            first = max(overlaid.campaigns, key=lambda one: one.severity_floor)
            rule, by = raised, Decider("campaign", first.campaign_id)
            why = (
                f"专项“{first.name}”期间从严：{raised.why_zh}",
                f"graver in the campaign “{first.name}”: {raised.why_en}",
            )
    clocks = tuple(
        AnswerClock(answer_days=campaign.working_days, why=f"campaign:{campaign.campaign_id}")
        for campaign in overlaid.campaigns
        if campaign.working_days is not None
    )
    return Decision(rule.verdict, *why, by, overlaid.severity, overlaid.campaigns, clocks=clocks)


def _held(decision: Decision, why: tuple[str, str], by: Decider) -> Decision:
    """Review at most."""
    if decision.verdict != "block":
        return decision
    return replace(decision, verdict="review", why_zh=why[0], why_en=why[1], decided_by=by)


def _by_policy(decision: Decision, case: platform_policy.Case, rules: Rules) -> Decision:
    match = rules.policy.row_for(case) if rules.policy else None
    if match is None or rules.policy is None:
        return decision
    number, row = match
    version = rules.policy.version
    if row.working_days is not None:
        clock = AnswerClock(answer_days=row.working_days, why=f"policy:{version}.{number}")
        decision = replace(decision, clocks=(*decision.clocks, clock))
    # Whatever held a block back holds it back here too.
    most = "block" if decision.verdict == "block" else "review"
    said = platform_policy.within(platform_policy.bound_for(rules.bounds, case), row.verdict, most)
    if said == decision.verdict and said != row.verdict:
        return decision
    return replace(
        decision,
        verdict=said,
        why_zh=f"按本平台规则第{version}版第{number}行",
        why_en=f"row {number} of version {version} of the platform's own policy",
        decided_by=Decider("policy", number, version),
    )


def _case(relation: str, listing: Listing, found: corroboration.Finding, severity: int) -> platform_policy.Case:
    official = listing.source.startswith("government:")
    evidence = listing.evidence_level
    if found.effect == "confirm" and evidence == "E1" and not official:
        evidence = corroboration.CONFIRMED
    side = "government" if official else "platform"
    return platform_policy.Case(verdict_by_severity.RELATION_CLASS[relation], severity, evidence, side, found.state)
