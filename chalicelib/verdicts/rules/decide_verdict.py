"""How the verdict on a listing is decided: the order of the steps, for lookups, rosters, merchants and tasks alike.

The exchange's table, moved by corroboration; a campaign's severity floor; then what holds a block back, a dispute or a
guard; last the platform's own policy, inside the regulator's bounds. What was held back stays so: a policy makes
nothing block that the exchange itself does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json, Record, stored
from chalicelib.verdicts.rules import campaign as campaign_rules
from chalicelib.verdicts.rules import corroboration, guards, platform_policy, verdict_by_severity
from chalicelib.verdicts.rules.campaign import Campaign, Overlay
from chalicelib.verdicts.rules.corroboration import Finding
from chalicelib.verdicts.rules.guards import Guard
from chalicelib.verdicts.rules.platform_policy import Case
from chalicelib.verdicts.rules.rules_in_force import Rules
from chalicelib.verdicts.rules.verdict_by_severity import Rule

# What lets a listing come to review at most: a field of it, and why.
CAPS: Final = (
    ("disputed", "有申诉尚未裁定，须人工核对", "a dispute over it is open; a person must look"),
    (
        "after_void",
        "同一平台的类似报送曾被撤销，须人工核对",
        "a like report of the same platform was voided; a person must look",
    ),
    (
        "source_state",
        "名单来源注明异议、其他或无法识别的状态，须人工核对",
        "its source marks an objection or a state that is not plain; a person must look",
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
        fields: Json = {"step": self.step, "row": self.row, "version": self.version}
        return {name: value for name, value in fields.items() if value}


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

    def view(self, listing: Listing) -> Json:
        """What an answer adds to the listing."""
        fields: Json = {
            "verdict": self.verdict,
            "why": {"zh": self.why_zh, "en": self.why_en},
            "decided_by": self.decided_by.view(),
        }
        if self.severity != listing.severity:
            fields["effective_severity"] = self.severity
        return fields | marks(self.campaigns, self.guard)


def judge_all(relation: str, subject: Subject, listings: Sequence[Listing], rules: Rules, today: str) -> list[Decision]:
    """One decision for each listing, in order."""
    finding = corroboration.judge(subject, today)
    return [judge(relation, listing, subject, finding, rules, today) for listing in listings]


def judge(
    relation: str,
    listing: Listing,
    subject: Subject,
    finding: Finding,
    rules: Rules,
    today: str,
) -> Decision:
    """The verdict on one listing of a subject that was recognised by `relation`, step by step as `STEPS` has them."""
    overlay = campaign_rules.overlay(listing, rules.campaigns, today)
    decision = _by_table(relation, listing, finding, overlay)
    for field, zh, en in CAPS:
        if getattr(listing, field):
            decision = _review_at_most(decision, (zh, en), Decider("dispute", field))
    guard = guards.guard_of(listing, subject, rules.alarms, today)
    if guard:
        decision = replace(decision, guard=guard)
        decision = _review_at_most(decision, (guard.zh, guard.en), Decider("guard", guard.name))
    return _by_policy(decision, _case(relation, listing, finding, overlay.severity), rules)


def clocks_of(subject: Subject, listing: Listing, rules: Rules, today: str) -> tuple[AnswerClock, ...]:
    """The clocks of a task on the listing: the platform identifies the merchant exactly, as by its code."""
    return judge_all("same_uscc", subject, [listing], rules, today)[0].clocks


def marks(campaigns: Sequence[Campaign], guard: Guard | None) -> Json:
    """The campaigns and the guard as answers, changes and notices name them; nothing where there are none."""
    fields: Json = {"campaigns": campaign_rules.labels(campaigns)} if campaigns else {}
    if guard:
        fields["guard"] = {"name": guard.name, "says": {"zh": guard.zh, "en": guard.en}}
    return fields


def marks_of(subject: Subject, listing: Listing, rules: Rules, today: str) -> Json:
    """The marks of one listing, for the recipients of its changes."""
    guard = guards.guard_of(listing, subject, rules.alarms, today)
    return marks(campaign_rules.overlay(listing, rules.campaigns, today).campaigns, guard)


def _by_table(relation: str, listing: Listing, finding: Finding, overlay: Overlay) -> Decision:
    """The exchange's table, moved by corroboration, then by the severity floor of campaigns."""
    plain = verdict_by_severity.rule_for(relation, listing.severity, listing.evidence_level)
    rule = corroboration.rule_for(relation, listing, finding)
    by = Decider("table") if rule == plain else Decider("corroboration", finding.name)
    decision = Decision(
        verdict=rule.verdict,
        why_zh=rule.why_zh,
        why_en=rule.why_en,
        decided_by=by,
        severity=overlay.severity,
        campaigns=overlay.campaigns,
        clocks=_campaign_clocks(overlay.campaigns),
    )
    if overlay.severity == listing.severity:
        return decision
    raised = corroboration.rule_for(relation, listing, finding, overlay.severity)
    return decision if raised.verdict == rule.verdict else _raised_by_campaign(decision, raised)


def _raised_by_campaign(decision: Decision, rule: Rule) -> Decision:
    campaign = max(decision.campaigns, key=lambda campaign: campaign.severity_floor)
    return replace(
        decision,
        verdict=rule.verdict,
        why_zh=f"专项“{campaign.name}”期间从严：{rule.why_zh}",
        why_en=f"graver in the campaign “{campaign.name}”: {rule.why_en}",
        decided_by=Decider("campaign", campaign.campaign_id),
    )


def _campaign_clocks(campaigns: Sequence[Campaign]) -> tuple[AnswerClock, ...]:
    return tuple(
        AnswerClock(answer_days=campaign.working_days, why=f"campaign:{campaign.campaign_id}")
        for campaign in campaigns
        if campaign.working_days is not None
    )


def _review_at_most(decision: Decision, why: tuple[str, str], by: Decider) -> Decision:
    if decision.verdict != "block":
        return decision
    return replace(decision, verdict="review", why_zh=why[0], why_en=why[1], decided_by=by)


def _by_policy(decision: Decision, case: Case, rules: Rules) -> Decision:
    match = rules.policy.row_for(case) if rules.policy else None
    if match is None or rules.policy is None:
        return decision
    number, row = match
    version = rules.policy.version
    if row.working_days is not None:
        clock = AnswerClock(answer_days=row.working_days, why=f"policy:{version}.{number}")
        decision = replace(decision, clocks=(*decision.clocks, clock))
    # A block that an earlier step held back stays held back.
    most = "block" if decision.verdict == "block" else "review"
    verdict = platform_policy.within(platform_policy.bound_for(rules.bounds, case), row.verdict, most)
    if verdict == decision.verdict and verdict != row.verdict:
        return decision
    return replace(
        decision,
        verdict=verdict,
        why_zh=f"按本平台规则第{version}版第{number}行",
        why_en=f"row {number} of version {version} of the platform's own policy",
        decided_by=Decider("policy", number, version),
    )


def _case(relation: str, listing: Listing, finding: Finding, severity: int) -> Case:
    official = corroboration.is_official(listing)
    confirmed = finding.effect == "confirm" and listing.evidence_level == "E1" and not official
    return Case(
        relation=verdict_by_severity.RELATION_CLASS[relation],
        severity=severity,
        evidence=corroboration.CONFIRMED if confirmed else listing.evidence_level,
        source="government" if official else "platform",
        corroboration=finding.state,
    )
