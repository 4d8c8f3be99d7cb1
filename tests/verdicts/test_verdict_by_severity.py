"""Every row of the table, and what no row may ever do."""

import itertools

import pytest

from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS, RULES, VERDICTS, gravest, rule_for

EXPECTED = {
    ("same_uscc", 3, "E1"): "review",
    ("same_uscc", 3, "E2"): "block",
    ("same_uscc", 3, "E3"): "block",
    ("same_uscc", 3, "E4"): "block",
    ("same_uscc", 3, "E5"): "block",
    ("same_uscc", 2, "E1"): "review",
    ("same_uscc", 2, "E4"): "review",
    ("same_uscc", 1, "E1"): "inform",
    ("same_uscc", 1, "E5"): "inform",
    ("same_registration_no", 3, "E2"): "block",
    ("same_org_code", 3, "E2"): "block",
    ("same_resident_id", 3, "E2"): "block",
    ("repaired_uscc", 3, "E5"): "review",
    ("repaired_uscc", 2, "E1"): "review",
    ("repaired_uscc", 1, "E1"): "inform",
    ("same_name", 3, "E5"): "review",
    ("same_words", 3, "E2"): "review",
    ("likely_same", 2, "E1"): "review",
    ("same_name", 1, "E1"): "inform",
    ("successor_of", 3, "E4"): "review",
    ("successor_of", 2, "E1"): "review",
    ("successor_of", 1, "E1"): "inform",
    ("weak", 3, "E5"): "inform",
    ("weak", 2, "E1"): "inform",
    ("weak", 1, "E1"): "inform",
    ("branch_of", 3, "E4"): "inform",
}


@pytest.mark.parametrize(("relation", "severity", "evidence"), EXPECTED)
def test_each_row(relation: str, severity: int, evidence: str) -> None:
    assert rule_for(relation, severity, evidence).verdict == EXPECTED[relation, severity, evidence]


def test_each_row_is_reached_by_some_case() -> None:
    reached = {id(rule_for(relation, severity, evidence)) for relation, severity, evidence in EXPECTED}
    assert reached == {id(rule) for rule in RULES}


def test_whatever_was_found_there_is_a_row_and_only_exact_and_proven_blocks() -> None:
    levels = ("E1", "E2", "E3", "E4", "E5")
    for relation, severity, evidence in itertools.product(RELATION_CLASS, (1, 2, 3), levels):
        rule = rule_for(relation, severity, evidence)
        exact = RELATION_CLASS[relation] == "exact"
        assert (rule.verdict == "block") == (exact and severity == 3 and evidence >= "E2")


def test_the_gravest_counts_and_nothing_is_clear() -> None:
    assert gravest([]) == "clear"
    assert gravest(["inform", "block", "review"]) == "block"
    assert gravest(["clear", "unknown"]) == "unknown"
    assert list(VERDICTS) == sorted(VERDICTS, key=VERDICTS.index)
