"""A campaign overlays while it runs, and leaves nothing behind."""

from typing import Any

import pytest

from chalicelib.registry.rules.listing import Listing
from chalicelib.verdicts.rules import campaign
from chalicelib.verdicts.rules.campaign import Campaign, OpenedCampaign

SPRING = {"starts_on": "2026-02-01", "ends_on": "2026-04-30"}
MASKS = Campaign(
    campaign_id="c_1", name="防疫物资专项", reasons=("DR02", "AD02"), working_days=0, severity_floor=3, **SPRING
)
CLOCK = Campaign(campaign_id="c_2", name="广告专项", reasons=("AD02",), working_days=2, **SPRING)
DURING = "2026-03-01"


def listing(**fields: Any) -> Listing:
    return Listing.from_item({"severity": 2, "reasons": ["AD02"], "source": "platform:alpha", **fields})


@pytest.mark.parametrize(
    ("today", "runs"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-04-30", True), ("2026-05-01", False)],
)
def test_it_runs_from_its_first_day_to_its_last(today: str, runs: bool) -> None:
    assert campaign.runs(MASKS, today) is runs
    assert campaign.covers(MASKS, listing(), today) is runs


@pytest.mark.parametrize(
    ("changed", "covers"),
    [
        ({}, True),
        ({"reasons": ["QC01", "DR02"]}, True),
        ({"reasons": ["QC01"]}, False),
        ({"severity": 1}, False),
        ({"severity": 3}, True),
    ],
)
def test_it_covers_its_reasons_and_never_what_informs_only(changed: dict[str, Any], covers: bool) -> None:
    assert campaign.covers(MASKS, listing(**changed), DURING) is covers


def test_of_several_the_gravest_floor_and_the_shortest_clock_count() -> None:
    result = campaign.overlay(listing(), [CLOCK, MASKS], DURING)
    assert (result.severity, result.working_days, result.campaigns) == (3, 0, (CLOCK, MASKS))
    assert campaign.labels(result.campaigns) == [
        {"campaign_id": "c_2", "name": "广告专项"},
        {"campaign_id": "c_1", "name": "防疫物资专项"},
    ]
    assert campaign.overlay(listing(), [CLOCK], DURING).severity == 2, "no floor, no other severity"


def test_a_floor_never_makes_milder_and_the_listing_stays_as_it_is() -> None:
    grave = listing(severity=3)
    mild = Campaign(campaign_id="c_3", name="x", reasons=("AD02",), severity_floor=2, **SPRING)
    assert campaign.overlay(grave, [mild], DURING).severity == 3
    result = listing()
    campaign.overlay(result, [MASKS], DURING)
    assert result == listing()


@pytest.mark.parametrize("today", ["2026-01-31", "2026-05-01"])
def test_outside_its_days_everything_is_as_if_it_never_was(today: str) -> None:
    assert campaign.overlay(listing(), [MASKS, CLOCK], today) == campaign.overlay(listing(), [], today)


def test_the_same_campaign_has_the_same_id_and_reads_back_as_written() -> None:
    result = campaign.campaign_id("a", ["PR01", "DR02"], "2026-02-01", "2026-04-30")
    assert result == campaign.campaign_id("a", ["DR02", "PR01"], "2026-02-01", "2026-04-30")
    assert result != campaign.campaign_id("a", ["DR02"], "2026-02-01", "2026-04-30")
    for each in (MASKS, CLOCK):
        opened = OpenedCampaign.from_item({**each.to_item(), "opened_by": "x"})
        assert opened.opened_by == "x"
        assert opened.to_item() == {**each.to_item(), "opened_by": "x"}
        assert Campaign.from_item(each.to_item()) == each


def test_reasons_of_government_lists_are_no_matter_of_campaigns() -> None:
    assert "GX01" in campaign.NOT_FOR_CAMPAIGNS
    assert "ZZ99" in campaign.NOT_FOR_CAMPAIGNS
    assert "DR02" not in campaign.NOT_FOR_CAMPAIGNS
