"""How the two sides stand to each other: one case for each row of the table, and what each does to a verdict."""

from typing import Any

import pytest

from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts.rules.corroboration import FINDINGS, STATES, assess, judge, rule_for, view
from tests.support.builders import uscc

TODAY = "2026-02-01"
NAME = "苏州霁昱商贸有限公司"
SEEN = "2026-01-06T02:00:00.000Z"
PLATFORM = {
    "source": "platform:alpha",
    "state": "active",
    "severity": 3,
    "evidence_level": "E2",
    "listed_on": "2026-01-02",
}
PLATFORM |= {"reported_at": SEEN}
OFFICIAL = {**PLATFORM, "source": "government:serious_violations", "evidence_level": "E4", "listed_on": "2025-12-20"}
MILD = {**OFFICIAL, "source": "government:abnormal_operations", "severity": 1}
GONE = {**OFFICIAL, "state": "removed"}


def subject(*listings: dict[str, Any], **more: Any) -> Subject:
    result = {str(place): element for place, element in enumerate(listings)}
    return Subject.from_item({"subject_id": "uscc:x", "uscc": uscc(1), "names": [NAME], "listings": result, **more})


@pytest.mark.parametrize(
    ("listings", "finding"),
    [
        ([PLATFORM, OFFICIAL], "both_agree"),
        ([PLATFORM], "lead"),
        ([OFFICIAL], "official_only"),
        ([MILD], "official_only"),
        ([PLATFORM, GONE], "government_took_back"),
        ([PLATFORM, {**GONE, "ended_because": "repaired"}], "government_took_back"),
        ([PLATFORM, {**GONE, "ended_because": "deregistered"}], "lead"),
        ([PLATFORM, {**GONE, "ended_because": "term_over"}], "lead"),
        ([PLATFORM, {**OFFICIAL, "expires_on": "2026-01-31"}], "lead"),
        ([PLATFORM, {**OFFICIAL, "expires_on": "2026-01-31", "publish_until": "2026-01-31"}], "government_took_back"),
        ([PLATFORM, {**MILD, "state": "removed"}], "lead"),
        ([PLATFORM, MILD], "lead"),
        ([PLATFORM, OFFICIAL, GONE], "both_agree"),
        ([{**PLATFORM, "state": "withdrawn"}, OFFICIAL], "official_only"),
        ([{**PLATFORM, "severity": 1}, OFFICIAL], "official_only"),
        ([{**PLATFORM, "severity": 1}], "nothing"),
        ([{**PLATFORM, "state": "withdrawn"}], "nothing"),
        ([], "nothing"),
    ],
)
def test_each_row_by_its_listings(listings: list[dict[str, Any]], finding: str) -> None:
    assert judge(subject(*listings), TODAY).name == finding


REGISTERED = {"name": "武汉朔序医疗器械有限公司", "former_names": ["武汉旧名商贸有限公司"], "status": "operating"}


@pytest.mark.parametrize(
    ("names", "registration", "finding"),
    [
        ([NAME], REGISTERED, "name_is_anothers"),
        (["武汉旧名商贸有限公司"], REGISTERED, "lead"),
        (["武汉朔序医疗器械（有限公司）"], REGISTERED, "lead"),
        (
            [REGISTERED["name"]],
            {**REGISTERED, "status": "deregistered", "approved_on": "2025-06-01"},
            "traded_after_end",
        ),
        ([REGISTERED["name"]], {**REGISTERED, "status": "licence_revoked", "approved_on": "2026-01-20"}, "lead"),
        ([REGISTERED["name"]], {**REGISTERED, "status": "operating", "approved_on": "2025-06-01"}, "lead"),
        ([NAME], {"status": "operating"}, "lead"),
    ],
)
def test_each_row_by_the_register(names: list[str], registration: dict[str, Any], finding: str) -> None:
    assert judge(subject(PLATFORM, names=names, registration=registration), TODAY).name == finding


def test_every_row_has_a_case_and_a_known_state() -> None:
    assert {finding.state for finding in FINDINGS} == set(STATES)
    assert all(finding.zh and finding.en for finding in FINDINGS)
    assert FINDINGS[-1].name == "nothing"


@pytest.mark.parametrize(
    ("finding", "listing", "verdict"),
    [
        ("both_agree", {**PLATFORM, "evidence_level": "E1"}, "block"),
        ("lead", {**PLATFORM, "evidence_level": "E1"}, "review"),
        ("both_agree", {**PLATFORM, "evidence_level": "E1", "severity": 2}, "review"),
        ("government_took_back", PLATFORM, "review"),
        ("name_is_anothers", PLATFORM, "review"),
        ("traded_after_end", PLATFORM, "block"),
        ("official_only", OFFICIAL, "block"),
        ("name_is_anothers", OFFICIAL, "block"),
        ("both_agree", MILD, "inform"),
    ],
)
def test_what_each_does_to_the_verdict_on_an_exact_identifier(
    finding: str, listing: dict[str, Any], verdict: str
) -> None:
    (result,) = (entry for entry in FINDINGS if entry.name == finding)
    assert rule_for("same_uscc", Listing.from_item(listing), result).verdict == verdict


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda one: one.name)
def test_a_name_never_blocks_whatever_is_confirmed(finding: Any) -> None:
    for level in ("E1", "E4"):
        assert (
            rule_for("same_name", Listing.from_item({**PLATFORM, "evidence_level": level}), finding).verdict == "review"
        )


def test_who_was_first_and_by_how_many_days() -> None:
    result = view(assess(subject(PLATFORM, OFFICIAL), TODAY))
    assert (result["first"], result["days_between"]) == ("government", 13)
    assert result["platforms"] == {"since": "2026-01-02", "as_of": SEEN}
    later = view(assess(subject(PLATFORM, {**OFFICIAL, "listed_on": "2026-01-09"}), TODAY))
    assert (later["first"], later["days_between"]) == ("platform", 7)
    assert "first" not in view(assess(subject(PLATFORM), TODAY))
