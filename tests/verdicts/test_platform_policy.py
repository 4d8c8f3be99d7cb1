"""What a platform's own table may say, case by case, and what no table and no bounds ever may."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.verdicts.rules import platform_policy
from chalicelib.verdicts.rules.platform_policy import (
    BOUNDS,
    CHOICES,
    CLASSES,
    LEVELS,
    SEVERITIES,
    SOURCES,
    Bound,
    Case,
    PolicyRow,
)
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

rows = st.builds(
    PolicyRow,
    relation=st.sampled_from(CLASSES),
    severity=st.sampled_from(SEVERITIES),
    verdict=st.sampled_from(CHOICES),
    evidence=st.sampled_from(LEVELS),
    source=st.sampled_from((platform_policy.ANY, *SOURCES)),
    corroboration=st.sampled_from((platform_policy.ANY, "both", "conflict", "platform_only")),
    working_days=st.none() | st.integers(0, 6),
)


def codes(*table: PolicyRow, bounds: Any = BOUNDS) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in platform_policy.problems(table, bounds)]


def test_the_bounds_speak_of_every_case_and_let_only_the_exact_grave_and_proven_block() -> None:
    assert platform_policy.bound_problems(BOUNDS) == []
    for case in platform_policy.cases():
        assert (platform_policy.bound_for(BOUNDS, case).gravest == "block") == platform_policy.may_block(case)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda one: f"{one.relation}-{one.severity}-{one.evidence}")
def test_each_row_of_the_bounds_lets_what_it_says_and_nothing_beside(bound: Bound) -> None:
    allowed = VERDICTS[VERDICTS.index(bound.mildest) : VERDICTS.index(bound.gravest) + 1]
    # Rows for more evidence stand above, so that this one speaks of its own levels alone.
    above = [
        PolicyRow(entry.relation, entry.severity, entry.gravest, entry.evidence)
        for entry in BOUNDS
        if _is_above(entry, bound)
    ]
    for choice in CHOICES:
        result = codes(*above, PolicyRow(bound.relation, bound.severity, choice, bound.evidence))
        assert (result == []) == (choice in allowed), (choice, result)
    days = PolicyRow(bound.relation, bound.severity, bound.gravest, bound.evidence, working_days=bound.most_days)
    assert codes(*above, days) == []
    longer = PolicyRow(bound.relation, bound.severity, bound.gravest, bound.evidence, working_days=bound.most_days + 1)
    assert codes(*above, longer) == [(len(above) + 1, "policy_clock_too_long")]


def _as_row(bound: Bound) -> PolicyRow:
    return PolicyRow(bound.relation, bound.severity, bound.gravest, bound.evidence)


def _is_above(one: Bound, bound: Bound) -> bool:
    return (one.relation, one.severity) == (bound.relation, bound.severity) and one.evidence > bound.evidence


@pytest.mark.parametrize("relation", ["repaired", "name", "signals", "weak"])
@pytest.mark.parametrize("severity", SEVERITIES)
def test_no_name_no_repaired_code_and_no_signal_can_be_set_to_block(relation: str, severity: int) -> None:
    for evidence in LEVELS:
        assert codes(PolicyRow(relation, severity, "block", evidence)) == [(1, "policy_never_blocks")]


def test_an_own_finding_cannot_be_raised_to_block_nor_what_is_not_grave() -> None:
    assert codes(PolicyRow("exact", 3, "block", "E1")) == [(1, "policy_never_blocks")]
    assert codes(PolicyRow("exact", 3, "block", "E2")) == []
    assert codes(PolicyRow("exact", 2, "block", "E5")) == [(1, "policy_never_blocks")]


def test_a_proven_and_grave_exact_match_cannot_be_waved_through() -> None:
    assert codes(PolicyRow("exact", 3, "inform", "E2")) == [(1, "policy_out_of_bounds")]
    # Only for an own finding: the row for what is proven stands above it.
    assert codes(PolicyRow("exact", 3, "review", "E2"), PolicyRow("exact", 3, "inform")) == []


def test_a_row_that_those_above_leave_nothing_to_is_named() -> None:
    assert codes(PolicyRow("name", 3, "review"), PolicyRow("name", 3, "inform", "E4")) == [
        (2, "policy_row_unreachable")
    ]
    halves = [PolicyRow("name", 3, "review", source=source) for source in SOURCES]
    assert codes(*halves, PolicyRow("name", 3, "inform")) == [(3, "policy_row_unreachable")]
    assert codes(PolicyRow("name", 3, "review", corroboration="both"), PolicyRow("name", 3, "inform")) == []


def test_the_first_row_that_fits_decides_and_where_none_does_nothing_is_said() -> None:
    table = platform_policy.Policy(
        version=1, rows=(PolicyRow("name", 3, "inform", source="government"), PolicyRow("name", 3, "review", "E2"))
    )
    assert table.row_for(Case("name", 3, "E4", "government", "both")) == (1, table.rows[0])
    assert table.row_for(Case("name", 3, "E4", "platform", "both")) == (2, table.rows[1])
    assert table.row_for(Case("name", 3, "E1", "platform", "both")) is None
    assert table.row_for(Case("weak", 3, "E4", "platform", "both")) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"relation": "name", "gravest": "block"}, "policy_never_blocks"),
        ({"relation": "exact", "severity": 2, "gravest": "block"}, "policy_never_blocks"),
        ({"relation": "exact", "severity": 3, "evidence": "E1", "gravest": "block"}, "policy_never_blocks"),
        ({"relation": "name", "mildest": "review", "gravest": "inform"}, "policy_out_of_bounds"),
        ({"relation": "name", "severity": 3, "most_days": 2}, "policy_out_of_bounds"),
    ],
)
def test_bounds_that_would_loosen_what_always_holds_are_refused(changed: dict[str, Any], code: str) -> None:
    wanted = {"severity": 3, "evidence": "E1", "mildest": "inform", "gravest": "review", "most_days": 1, **changed}
    bound = Bound(**wanted)
    rest = [entry for entry in BOUNDS if (entry.relation, entry.severity) != (bound.relation, bound.severity)]
    kept = [entry for entry in BOUNDS if _is_above(entry, bound)]
    assert code in [bound_problem.code for bound_problem in platform_policy.bound_problems([*kept, bound, *rest])]


def test_bounds_must_speak_of_every_case() -> None:
    assert [bound_problem.code for bound_problem in platform_policy.bound_problems((*BOUNDS[:2], *BOUNDS[3:]))] == [
        "bounds_incomplete"
    ]


@given(st.lists(rows, max_size=6))
def test_a_table_that_passes_says_nothing_outside_the_bounds_in_any_case(table: list[PolicyRow]) -> None:
    if platform_policy.problems(table, BOUNDS):
        return
    for case in platform_policy.cases():
        decided = platform_policy.Policy(version=1, rows=tuple(table)).row_for(case)
        if decided:
            bound = platform_policy.bound_for(BOUNDS, case)
            assert platform_policy.within(bound, decided[1].verdict, "block") == decided[1].verdict
            assert decided[1].verdict != "block" or platform_policy.may_block(case)


@pytest.mark.parametrize(("wanted", "most"), list(itertools.product(CHOICES, ("review", "block"))))
def test_what_is_wanted_is_brought_within(wanted: str, most: str) -> None:
    for bound in BOUNDS:
        result = VERDICTS.index(platform_policy.within(bound, wanted, most))
        assert result <= VERDICTS.index(most)
        assert VERDICTS.index(bound.mildest) <= result <= VERDICTS.index(bound.gravest)


@given(st.lists(rows, max_size=4))
def test_rows_read_back_as_they_were_written(table: list[PolicyRow]) -> None:
    assert [PolicyRow.from_item(row.to_item()) for row in table] == table
    assert tuple(Bound.from_item(bound.to_item()) for bound in BOUNDS) == BOUNDS
