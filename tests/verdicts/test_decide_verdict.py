"""The one order of steps, what each of them moves, and what none of them can."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.verdicts.load_rules import read_rules
from chalicelib.verdicts.rules import corroboration, decide_verdict
from chalicelib.verdicts.rules.campaign import Campaign
from chalicelib.verdicts.rules.decide_verdict import AnswerClock, Decision, judge_all
from chalicelib.verdicts.rules.guards import Alarms
from chalicelib.verdicts.rules.platform_policy import BOUNDS, CLASSES, Bound, Policy, PolicyRow
from chalicelib.verdicts.rules.rules_in_force import Rules
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS, VERDICTS
from tests.support.builders import listed, subject
from tests.verdicts.test_platform_policy import rows

TODAY = "2026-03-01"
PLAIN = Rules()
LOW = Alarms(low=frozenset({"alpha"}))
FLOOR = Campaign(
    campaign_id="c_1", name="价格专项", reasons=("PR01",), starts_on="2026-02-01", ends_on="2026-04-30", working_days=0,
    severity_floor=3,
)  # fmt: skip


def decided(rules: Rules = PLAIN, relation: str = "same_uscc", today: str = TODAY, **fields: Any) -> Decision:
    return judge_all(relation, *_one(fields), rules, today)[0]


def _one(fields: dict[str, Any]) -> tuple[Subject, list[Listing]]:
    result = subject(listed(**fields))
    return result, list(result.listings.values())


def own(*table: PolicyRow) -> Rules:
    return Rules(policy=Policy(version=7, rows=table))


def said(decision: Decision) -> tuple[str, str]:
    return decision.verdict, decision.decided_by.step


def test_by_the_table_alone() -> None:
    assert said(decided()) == ("block", "table")
    assert said(decided(evidence_level="E1")) == ("review", "table")
    assert decided().view(listed().listing) == {
        "verdict": "block",
        "why": {"zh": "标识完全一致，严重且有证据", "en": "exact identifier, grave, and proven"},
        "decided_by": {"step": "table"},
    }


def test_corroboration_moves_it_and_is_named() -> None:
    result = subject(listed(evidence_level="E1"), listed(source="government:penalties", evidence_level="E4"))
    platform, official = judge_all("same_uscc", result, list(result.listings.values()), PLAIN, TODAY)
    assert (said(platform), platform.decided_by.row) == (("block", "corroboration"), "both_agree")
    assert said(official) == ("block", "table")


def test_a_campaign_raises_what_the_table_reads_and_ends_by_itself() -> None:
    rules = Rules(campaigns=(FLOOR,))
    before, during = decided(severity=2), decided(rules, severity=2)
    assert (said(before), said(during)) == (("review", "table"), ("block", "campaign"))
    assert during.decided_by.row == "c_1"
    result = during.view(Listing(severity=2))
    assert (result["effective_severity"], result["campaigns"]) == (3, [{"campaign_id": "c_1", "name": "价格专项"}])
    assert during.clocks == (AnswerClock(answer_days=0, why="campaign:c_1"),)
    assert decided(rules, severity=2, today="2026-05-01") == before, "restored exactly"
    assert said(decided(rules, "same_name", severity=2)) == ("review", "table"), "a name never blocks"


@pytest.mark.parametrize("campaigns", [(), (FLOOR,)])
def test_a_dispute_holds_a_block_back_and_a_policy_does_not_bring_it_back(campaigns: tuple[Campaign, ...]) -> None:
    rules = replace(own(PolicyRow("exact", 3, "block", "E2")), campaigns=campaigns)
    assert said(decided(rules, disputed="d_1", severity=3 if not campaigns else 2)) == ("review", "dispute")
    assert said(decided(PLAIN, disputed="d_1", severity=1)) == ("inform", "table")


def test_a_guard_holds_a_block_back_and_a_policy_does_not_bring_it_back() -> None:
    rules = replace(own(PolicyRow("exact", 3, "block", "E2")), alarms=LOW)
    decision = decided(rules)
    assert (said(decision), decision.decided_by.row) == (("review", "guard"), "low_trust")
    assert decision.view(Listing(severity=3))["guard"]["name"] == "low_trust"
    assert said(decided(replace(rules, policy=None))) == ("review", "guard")


def test_a_conflict_holds_a_block_back_and_a_policy_does_not_bring_it_back() -> None:
    result = subject(listed()).replace(registration=Registration(name="太原霜树渔具有限公司"))
    (decision,) = judge_all(
        "same_uscc", result, list(result.listings.values()), own(PolicyRow("exact", 3, "block", "E2")), TODAY
    )
    assert (said(decision), decision.decided_by.row) == (("review", "corroboration"), "name_is_anothers")


def test_a_platforms_own_table_decides_last_and_says_by_which_row() -> None:
    decision = decided(own(PolicyRow("weak", 3, "review"), PolicyRow("exact", 3, "review", "E2", working_days=0)))
    assert decision.decided_by.view() == {"step": "policy", "version": 7, "row": 2}
    assert (decision.verdict, decision.why_zh) == ("review", "按本平台规则第7版第2行")
    assert decision.clocks == (AnswerClock(answer_days=0, why="policy:7.2"),)
    assert said(decided(own(PolicyRow("weak", 3, "review")), "weak")) == ("review", "policy")
    assert said(decided(own(PolicyRow("weak", 3, "review")))) == ("block", "table"), "no row fits"


def test_it_sees_the_source_and_the_evidence_that_counts() -> None:
    rules = own(PolicyRow("exact", 3, "review", "E4", source="platform", corroboration="both"))
    result = subject(listed(evidence_level="E1"), listed(source="government:penalties", evidence_level="E4"))
    decisions = judge_all("same_uscc", result, list(result.listings.values()), rules, TODAY)
    assert [said(decision) for decision in decisions] == [("review", "policy"), ("block", "table")]


def test_bounds_that_were_narrowed_later_hold_a_policy_without_changing_it() -> None:
    narrow = tuple(
        replace(bound, mildest="review") if bound.relation == "name" and bound.severity > 1 else bound
        for bound in BOUNDS
    )
    rules = own(PolicyRow("name", 3, "inform"))
    assert said(decided(rules, "same_name")) == ("inform", "policy")
    assert said(decided(replace(rules, bounds=narrow), "same_name")) == ("review", "table")
    strict = (Bound("exact", 3, "E2", "block", "block", 1), *BOUNDS[1:])
    assert said(decided(replace(own(PolicyRow("exact", 3, "review", "E2")), bounds=strict))) == ("block", "table")


bounds = st.tuples(*(st.sampled_from([bound, replace(bound, mildest="inform")]) for bound in BOUNDS))
listings = st.fixed_dictionaries(
    {
        "severity": st.sampled_from((1, 2, 3)),
        "evidence_level": st.sampled_from(("E1", "E2", "E4")),
        "source": st.sampled_from(("platform:alpha", "platform:beta", "government:penalties")),
        "disputed": st.sampled_from(("", "d_1")),
        "filed_on": st.just("2026-01-05"),
    }
)
alarms = st.sampled_from((Alarms(), LOW, Alarms(bursts=frozenset({"beta:2026-01-05:trade:商贸"}))))
campaigns = st.sampled_from(((), (FLOOR,)))


@settings(max_examples=300)
@given(st.lists(rows, max_size=5), bounds, st.lists(listings, min_size=1, max_size=3), alarms, campaigns)
def test_no_policy_whatsoever_makes_anything_block_that_the_exchange_does_not(
    table: list[PolicyRow], within: Any, stated: list[dict[str, Any]], alarmed: Alarms, running: Any
) -> None:
    result = subject(*(listed(**entry) for entry in stated))
    held = list(result.listings.values())
    # As if a table had come into force unchecked.
    plain = Rules(bounds=within, campaigns=running, alarms=alarmed)
    rules = replace(plain, policy=Policy(version=1, rows=tuple(table)))
    for relation in ("same_uscc", "repaired_uscc", "same_name", "successor_of", "weak"):
        without = judge_all(relation, result, held, plain, TODAY)
        for listing, element, other in zip(held, judge_all(relation, result, held, rules, TODAY), without, strict=True):
            assert element.verdict in VERDICTS
            assert element.verdict != "block" or other.verdict == "block"
            assert element.verdict != "block" or RELATION_CLASS[relation] == "exact"
            assert element.verdict != "block" or not (listing.disputed or element.guard)


@given(st.lists(rows, max_size=5), listings)
def test_a_policy_never_touches_other_platforms(table: list[PolicyRow], stated: dict[str, Any]) -> None:
    own_rows = [row.to_item() for row in table]
    mine = {verdict_keys.policy("alpha"): {"current": {"version": 3, "rows": own_rows}}}
    result, held = _one(stated)
    for relation in ("same_uscc", "same_name"):
        with_it = judge_all(relation, result, held, read_rules(mine, "beta"), TODAY)
        assert with_it == judge_all(relation, result, held, PLAIN, TODAY)
    assert read_rules(mine, "alpha").policy == Policy(version=3, rows=tuple(table))


days = st.dates(date(2026, 1, 1), date(2026, 6, 30)).map(str)
some_campaign = st.builds(
    Campaign,
    campaign_id=st.just("c_1"),
    name=st.just("x"),
    reasons=st.lists(st.sampled_from(("PR01", "QC01", "AD02")), min_size=1, max_size=2).map(tuple),
    starts_on=days,
    ends_on=days,
    working_days=st.none() | st.integers(0, 5),
    severity_floor=st.sampled_from((0, 2, 3)),
)


@given(st.lists(some_campaign, max_size=3), st.lists(rows, max_size=3), listings, alarms, days)
def test_when_campaigns_are_over_everything_is_as_if_they_had_never_been(
    running: list[Campaign], table: list[PolicyRow], stated: dict[str, Any], alarmed: Alarms, today: str
) -> None:
    before = Rules(policy=Policy(version=1, rows=tuple(table)), alarms=alarmed)
    result, held = _one(stated)
    during = replace(before, campaigns=tuple(running))
    kept = [entry.to_item() for entry in held]
    over = max([today, *(entry.ends_on for entry in running)]) + "~"
    for relation in ("same_uscc", "same_name"):
        decisions = judge_all(relation, result, held, during, today)
        assert relation == "same_uscc" or decisions[0].verdict != "block"
        assert judge_all(relation, result, held, during, over) == judge_all(relation, result, held, before, over)
    assert [entry.to_item() for entry in held] == kept, "nothing was written on the listing"


def test_rules_are_read_from_what_the_lookup_read() -> None:
    ruling = {
        "id": "ruling",
        "bounds": {"version": 2, "rows": [dict(zip(Bound.__slots__, _values(row), strict=True)) for row in BOUNDS[:1]]},
        "campaign:c_1": {"campaign_id": "c_1", "name": "价格专项", "reasons": ["PR01"], "starts_on": "2026-02-01",
                         "ends_on": "2026-04-30", "working_days": 0, "severity_floor": 3},
        "burst:alpha:2026-01-05:region:1101": {"guard_id": "g_1"},
        "trust:alpha": "low",
    }  # fmt: skip
    rules = read_rules({"sources": {"id": "sources"}, "ruling": ruling}, "beta")
    assert (rules.policy, rules.bounds, rules.campaigns) == (None, BOUNDS[:1], (FLOOR,))
    assert rules.alarms == Alarms(frozenset({"alpha:2026-01-05:region:1101"}), frozenset({"alpha"}))
    assert read_rules({}, "beta") == PLAIN


def test_every_class_of_relation_is_one_that_a_policy_may_speak_of() -> None:
    assert set(RELATION_CLASS.values()) == set(CLASSES)
    assert [step for step, *_ in decide_verdict.STEPS] == [
        "table",
        "corroboration",
        "campaign",
        "dispute",
        "guard",
        "policy",
    ]


def _values(one: Bound) -> list[Any]:
    return [getattr(one, field) for field in Bound.__slots__]


@pytest.mark.parametrize(
    ("effect", "level", "official", "evidence"),
    [("confirm", "E1", False, "confirmed"), ("confirm", "E2", False, "E2"), ("confirm", "E1", True, "E1"),
     ("", "E1", False, "E1")],
)  # fmt: skip
def test_a_platforms_weakest_evidence_alone_is_confirmed_by_government(
    effect: str, level: str, official: bool, evidence: str
) -> None:
    source = "government:abnormal" if official else "platform:alpha"
    listing = listed(evidence_level=level, source=source).listing
    finding = replace(corroboration.FINDINGS[-1], effect=effect)
    case = decide_verdict._case("same_uscc", listing, finding, 3)
    wanted = corroboration.CONFIRMED if evidence == "confirmed" else evidence
    assert (case.evidence, case.source) == (wanted, "government" if official else "platform")
