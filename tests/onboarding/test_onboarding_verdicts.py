"""The table of an onboarding check: complete, readable, documented as it is, and never milder for a source less."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.government_lists.rules.company_register_row import STATUSES
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.methodology import describe_methodology
from chalicelib.onboarding.rules import onboarding_verdicts
from chalicelib.onboarding.rules.onboarding_verdicts import AS_LISTED, NOT_CHECKED, OUTCOMES, part, verdict_of, view
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

METHODOLOGY = (Path(__file__).parent.parent.parent / "docs" / "methodology.md").read_text("utf-8")
OK = SourceState("a", "1", 60, "ok")
STALE = SourceState("b", "1", 9_999_999, "stale")
MISSING = SourceState("c")
rows = st.sampled_from([row for row in OUTCOMES if row.verdict != AS_LISTED])
sources = st.lists(st.sampled_from([OK, STALE, MISSING]))


@pytest.mark.parametrize("row", OUTCOMES, ids=lambda row: f"{row.part}-{row.name}")
def test_each_row_has_a_verdict_and_stands_in_the_documentation_as_it_is(row: onboarding_verdicts.Outcome) -> None:
    assert row.verdict in (*VERDICTS, NOT_CHECKED, AS_LISTED)
    result = {NOT_CHECKED: "not checked", AS_LISTED: "as the listing's own rule"}.get(row.verdict, f"`{row.verdict}`")
    assert f"| `{row.part}` | `{row.name}` | {result} | {row.zh} · {row.en} |" in METHODOLOGY


def test_every_status_of_the_register_has_its_row_and_the_table_is_served() -> None:
    result = {row.name for row in OUTCOMES if row.part == "registration"}
    assert {status for status, _ in STATUSES} <= result
    assert len(describe_methodology()["onboarding"]) == len(OUTCOMES) == len(onboarding_verdicts.ROWS)


@given(rows, sources)
def test_a_source_that_could_not_be_searched_is_never_called_clear(
    row: onboarding_verdicts.Outcome, searched: list
) -> None:
    made = part(row.part, row.name, searched)
    if row.verdict == NOT_CHECKED:
        assert made.verdict == NOT_CHECKED
    elif any(source.status != "ok" for source in searched):
        assert VERDICTS.index(made.verdict) >= VERDICTS.index("unknown")
        assert VERDICTS.index(made.verdict) >= VERDICTS.index(row.verdict)
    else:
        assert made.verdict == row.verdict


@given(st.lists(rows, max_size=9), sources)
def test_the_whole_is_as_grave_as_its_gravest_part_and_no_graver(found: list, searched: list) -> None:
    parts = [part(row.part, row.name) for row in found]
    verdicts = [part.verdict for part in parts if part.verdict != NOT_CHECKED]
    if any(source.status != "ok" for source in searched):
        verdicts.append("unknown")
    assert verdict_of(parts, searched) == max(verdicts, key=VERDICTS.index, default="clear")


@pytest.mark.parametrize(
    ("searched", "age"), [([], None), ([OK], 60), ([OK, STALE], 9_999_999), ([OK, STALE, MISSING], None)]
)
def test_a_part_is_as_old_as_its_oldest_source(searched: list, age: int | None) -> None:
    assert view(part("serious_violations", "nothing", searched))["age_seconds"] == age
