"""How a listing becomes a verdict: one order of steps, for lookups, rosters, merchants and tasks alike.

The exchange's table, moved by corroboration; a campaign's severity floor; then what holds a block back, a dispute or a
guard; last the platform's own policy, inside the regulator's bounds. What was held back stays so: a policy makes
nothing block that the exchange itself does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.registry.rules import dispute_state
from chalicelib.verdicts.rules import (
    burst_thresholds,
    campaign_rules,
    corroboration,
    platform_policy,
    verdict_by_severity,
)
from chalicelib.verdicts.rules.burst_thresholds import Alarms, Guard
from chalicelib.verdicts.rules.campaign_rules import Campaign

# The item of the exchange table that every lookup reads: bounds, running campaigns, bursts, platforms of low trust.
RULING_ID: Final = "ruling"
BOUNDS: Final = "bounds"
CURRENT: Final = "current"  # the field of a platform's policy item that is in force
CAMPAIGN: Final = "campaign:"
BURST: Final = "burst:"
TRUST: Final = "trust:"
STEPS: Final = (
    ("table", "规则表：关系、严重程度、证据等级", "the table of relation, severity and evidence"),
    ("corroboration", "平台与政府的印证", "what platforms and government say of each other's listings"),
    ("campaign", "专项期间的严重程度下限", "the severity floor of a running campaign"),
    ("dispute", "申诉期间至多须人工核对", "while a dispute is open, review at most"),
    ("guard", "防恶意报送：至多须人工核对", "the guard against poisoning: review at most"),
    ("policy", "平台自有规则，限于监管设定范围", "the platform's own policy, inside the regulator's bounds"),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges beside the subject itself; without anything, the exchange's own table."""

    policy: platform_policy.Policy | None = None
    bounds: tuple[platform_policy.Bound, ...] = platform_policy.BOUNDS
    campaigns: tuple[Campaign, ...] = ()
    alarms: Alarms = burst_thresholds.CALM


# Nobody's own policy, no campaign, no alarm.
EXCHANGE: Final = Rules()


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one listing, why, and which step decided; the severity that counted and what overlays it.

    `decided_by`: `step`, and the `row` of it that fitted; of a policy also its `version`. `clocks`: what campaigns and
    policy leave to answer a task, each `answer_days` (working days) and `why`; none for the exchange's own clock.
    """

    verdict: str
    why_zh: str
    why_en: str
    decided_by: Mapping[str, Any]
    severity: int
    campaigns: tuple[Campaign, ...] = ()
    guard: Guard | None = None
    clocks: tuple[Mapping[str, Any], ...] = ()

    def shown(self, listing: Mapping[str, Any]) -> dict[str, Any]:
        """What an answer says beside the listing."""
        said: dict[str, Any] = {
            "verdict": self.verdict,
            "why": {"zh": self.why_zh, "en": self.why_en},
            "decided_by": dict(self.decided_by),
        }
        if self.severity != listing["severity"]:
            said["effective_severity"] = self.severity
        return said | marks(self.campaigns, self.guard)


def policy_id(platform_id: str) -> str:
    """The item of a platform's policy as it is in force."""
    return f"policy#{platform_id}"


def read_rules(items: Iterable[Mapping[str, Any]], platform_id: str) -> Rules:
    """The rules for one platform, from whichever of the items hold them."""
    found = {item["id"]: item for item in items}
    ruling = found.get(RULING_ID, {})
    own = found.get(policy_id(platform_id), {}).get(CURRENT)
    low = (key.removeprefix(TRUST) for key, value in ruling.items() if key.startswith(TRUST) and value == "low")
    return Rules(
        platform_policy.Policy(own["version"], platform_policy.read_rows(own["rows"])) if own else None,
        platform_policy.read_bounds(ruling[BOUNDS]["rows"]) if BOUNDS in ruling else platform_policy.BOUNDS,
        tuple(campaign_rules.read(value) for key, value in sorted(ruling.items()) if key.startswith(CAMPAIGN)),
        Alarms(frozenset(key.removeprefix(BURST) for key in ruling if key.startswith(BURST)), frozenset(low)),
    )


def judge_all(
    relation: str, subject: Mapping[str, Any], listings: Sequence[Mapping[str, Any]], rules: Rules, today: str
) -> list[Decision]:
    """One decision for each listing, in order."""
    found = corroboration.judge(subject, today)
    return [judge(relation, one, subject, found, rules, today) for one in listings]


def judge(
    relation: str,
    listing: Mapping[str, Any],
    subject: Mapping[str, Any],
    found: corroboration.Finding,
    rules: Rules,
    today: str,
) -> Decision:
    """The verdict on one listing of a subject that was recognised by `relation`, step by step as `STEPS` has them."""
    overlaid = campaign_rules.overlay(listing, rules.campaigns, today)
    decision = _by_table(relation, listing, found, overlaid)
    for field, zh, en in dispute_state.CAPS:
        if listing.get(field):
            decision = _held(decision, (zh, en), {"step": "dispute", "row": field})
    guarded = burst_thresholds.guard_of(listing, subject, rules.alarms, today)
    if guarded:
        decision = replace(decision, guard=guarded)
        decision = _held(decision, (guarded.zh, guarded.en), {"step": "guard", "row": guarded.name})
    return _by_policy(decision, _case(relation, listing, found, overlaid.severity), rules)


def clocks_of(
    subject: Mapping[str, Any], listing: Mapping[str, Any], rules: Rules, today: str
) -> tuple[Mapping[str, Any], ...]:
    """What tightens the clock of a task on the listing: a platform knows the merchant itself, as by its code."""
    return judge_all("same_uscc", subject, [listing], rules, today)[0].clocks


def marks(running: Sequence[Campaign], guarded: Guard | None) -> dict[str, Any]:
    """What answers, changes and notices say of campaigns and guards; nothing where there are none."""
    said: dict[str, Any] = {"campaigns": campaign_rules.labels(running)} if running else {}
    if guarded:
        said["guard"] = {"name": guarded.name, "says": {"zh": guarded.zh, "en": guarded.en}}
    return said


def marks_of(subject: Mapping[str, Any], listing: Mapping[str, Any], rules: Rules, today: str) -> dict[str, Any]:
    """The marks of one listing, for those who are told of it."""
    guarded = burst_thresholds.guard_of(listing, subject, rules.alarms, today)
    return marks(campaign_rules.overlay(listing, rules.campaigns, today).campaigns, guarded)


def _by_table(
    relation: str, listing: Mapping[str, Any], found: corroboration.Finding, overlaid: campaign_rules.Overlay
) -> Decision:
    plain = verdict_by_severity.rule_for(relation, listing)
    moved = corroboration.rule_for(relation, listing, found)
    rule, by, why = moved, {"step": "table"}, (moved.why_zh, moved.why_en)
    if moved != plain:
        by = {"step": "corroboration", "row": found.name}
    if overlaid.severity != listing["severity"]:
        raised = corroboration.rule_for(relation, {**listing, "severity": overlaid.severity}, found)
        if raised.verdict != moved.verdict:
            first = max(overlaid.campaigns, key=lambda one: one.severity_floor)
            rule, by = raised, {"step": "campaign", "row": first.campaign_id}
            why = (
                f"专项“{first.name}”期间从严：{raised.why_zh}",
                f"graver in the campaign “{first.name}”: {raised.why_en}",
            )
    clocks = tuple(
        {"answer_days": one.working_days, "why": f"campaign:{one.campaign_id}"}
        for one in overlaid.campaigns
        if one.working_days is not None
    )
    return Decision(rule.verdict, *why, by, overlaid.severity, overlaid.campaigns, clocks=clocks)


def _held(decision: Decision, why: tuple[str, str], by: Mapping[str, Any]) -> Decision:
    """Review at most."""
    if decision.verdict != "block":
        return decision
    return replace(decision, verdict="review", why_zh=why[0], why_en=why[1], decided_by=by)


def _by_policy(decision: Decision, case: platform_policy.Case, rules: Rules) -> Decision:
    decided = rules.policy.decides(case) if rules.policy else None
    if decided is None or rules.policy is None:
        return decision
    number, row = decided
    version = rules.policy.version
    if row.working_days is not None:
        clock = {"answer_days": row.working_days, "why": f"policy:{version}.{number}"}
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
        decided_by={"step": "policy", "version": version, "row": number},
    )


def _case(
    relation: str, listing: Mapping[str, Any], found: corroboration.Finding, severity: int
) -> platform_policy.Case:
    official = str(listing["source"]).startswith("government:")
    evidence = listing["evidence_level"]
    if found.effect == "confirm" and evidence == "E1" and not official:
        evidence = corroboration.CONFIRMED
    side = "government" if official else "platform"
    return platform_policy.Case(verdict_by_severity.RELATION_CLASS[relation], severity, evidence, side, found.state)
