"""A campaign through the API: it overlays while it runs, counts what it saw, and leaves all else as it was."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts import campaign_figures, manage_campaigns
from tests.support.builders import uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "虚假宣传", "evidence_level": "E4"}


def day(offset: int) -> str:
    return china_date(wiring.now() + timedelta(days=offset))


def wanted(**changed: Any) -> dict[str, Any]:
    plain = {"name": "广告专项", "reasons": ["AD01"], "starts_on": day(-1), "ends_on": day(9)}
    return {**plain, "working_days": 0, "severity_floor": 3, **changed}


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    result = {name: world.admit(name) for name in ("alpha", "beta")}
    return {**result, "bureau": world.admit("bureau", "regulator")}


def look_up(world: World, key: str) -> dict[str, Any]:
    answer = world.call("POST", "/v1/lookups", key, {"uscc": uscc(1), "purpose": "onboarding"})[1]
    return {"verdict": answer["verdict"], "matches": answer["matches"]}


def test_it_raises_labels_counts_and_ends_without_a_trace(world: World, keys: dict[str, str]) -> None:
    ear = world.listen(wiring.settings().closures_topic_arn)
    world.call("POST", "/v1/reports", keys["alpha"], {"evictions": [{**EVICTION, "evicted_on": "2026-01-01"}]})
    world.settle()
    before = look_up(world, keys["beta"])
    assert before["verdict"] == "review"

    status, opened, _ = world.call("POST", "/v1/campaigns", keys["bureau"], wanted())
    path = f"/v1/campaigns/{opened['campaign_id']}"
    assert (status, opened["state"], opened["opened_by"]) == (201, "running", "bureau")
    assert world.call("POST", "/v1/campaigns", keys["bureau"], wanted())[1]["opened_at"] == opened["opened_at"]
    during = look_up(world, keys["beta"])
    (listing,) = during["matches"][0]["listings"]
    label = [{"campaign_id": opened["campaign_id"], "name": "广告专项"}]
    assert (during["verdict"], listing["severity"], listing["effective_severity"]) == ("block", 2, 3)
    assert (listing["campaigns"], listing["decided_by"]["step"]) == (label, "campaign")

    world.heard(ear)
    world.call("POST", "/v1/reports", keys["alpha"], {"evictions": [EVICTION]})
    world.settle()
    (notice,) = world.heard(ear)
    assert (notice["kind"], notice["campaigns"]) == ("opened", label)
    assert world.call("GET", "/v1/changes", keys["beta"])[1]["changes"][-1]["campaigns"] == label
    world.deliver_stream()
    assert world.call("GET", path, keys["bureau"])[1]["figures"]["listings"] == 1, "opened in it, counted once"
    assert "figures" not in world.call("GET", path, keys["beta"])[1]

    ended = world.call("POST", f"{path}/end", keys["bureau"], {"why": "结束"})[1]
    assert (ended["state"], ended["ended_by"], ended["why"]) == ("ended", "bureau", "结束")
    assert world.call("POST", f"{path}/end", keys["bureau"], {})[1]["ended_at"] == ended["ended_at"]
    after = look_up(world, keys["beta"])
    assert after["verdict"] == "review"
    older = [listing for listing in after["matches"][0]["listings"] if listing["listed_on"] == "2026-01-01"]
    assert older == before["matches"][0]["listings"], "exactly as it was"
    assert world.call("POST", "/v1/campaigns", keys["bureau"], wanted())[1]["error"]["code"] == "campaign_is_over"
    assert [campaign["state"] for campaign in world.call("GET", "/v1/campaigns", keys["beta"])[1]["campaigns"]] == [
        "ended"
    ]


def test_grave_listings_in_it_carry_its_label_into_tasks_and_figures(world: World, keys: dict[str, str]) -> None:
    look_up(world, keys["beta"])
    opened = world.call("POST", "/v1/campaigns", keys["bureau"], wanted(reasons=["QC01"], severity_floor=None))[1]
    evicted = {**EVICTION, "reason_text": "售假"}
    world.call("POST", "/v1/reports", keys["alpha"], {"evictions": [evicted]})
    world.settle()
    (task,) = world.call("GET", "/v1/tasks", keys["beta"])[1]["tasks"]
    assert [campaign["name"] for campaign in task["campaigns"]] == ["广告专项"]
    for outcome in ("closed", "closed"):
        world.call("POST", f"/v1/tasks/{task['task_id']}/outcome", keys["beta"], {"outcome": outcome})
    figures = world.call("GET", f"/v1/campaigns/{opened['campaign_id']}", keys["bureau"])[1]["figures"]
    assert (figures["listings"], figures["tasks"], figures["answered"], figures["closed"]) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"reasons": ["GX01"]},
        {"reasons": ["ZZ99"]},
        {"reasons": ["XX01"]},
        {"reasons": []},
        {"ends_on": "2026-01-01", "starts_on": "2026-01-02"},
        {"ends_on": "2026-01-02", "starts_on": "2026-01-01"},
        {"ends_on": "2026-02-30"},
        {"starts_on": "2026-01-01", "ends_on": "2029-01-01"},
        {"severity_floor": 1},
        {"working_days": 6},
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(world: World, keys: dict[str, str], changed: dict[str, Any]) -> None:
    status, body, _ = world.call("POST", "/v1/campaigns", keys["bureau"], wanted(**changed))
    assert (status, body["error"]["code"]) == (400, "invalid_request")
    assert world.call("GET", "/v1/campaigns", keys["bureau"])[1]["campaigns"] == []


def test_a_wrong_reason_of_a_campaign_is_answered_with_the_nearest_that_it_may_have(
    world: World, keys: dict[str, str]
) -> None:
    body = world.call("POST", "/v1/campaigns", keys["bureau"], wanted(reasons=["GX01", "AD10", "ZZ98"]))[1]
    (problem,) = body["error"]["details"]["problems"]
    assert problem["problem"].endswith("no reasons for a campaign: AD10, GX01, ZZ98")
    assert problem["nearest"] == {"AD10": ["AD01"]}


def test_it_starts_and_ends_by_its_days_alone(world: World) -> None:
    from chalicelib.verdicts.load_rules import rules_for
    from chalicelib.verdicts.rules.campaign import Campaign, state_of

    exchange, bureau, now = wiring.exchange(), Caller("bureau", Role.REGULATOR, "k"), wiring.now()
    spring = Campaign(
        campaign_id="c_1", name="春季", reasons=("AD01",), starts_on=day(2), ends_on=day(4), working_days=1,
        severity_floor=3,
    )  # fmt: skip
    assert state_of(manage_campaigns.open_campaign(exchange, spring, bureau, now), day(0)) == "planned"
    (stored,) = manage_campaigns.list_campaigns(exchange)
    states = [state_of(stored, day(days)) for days in (1, 2, 4, 5)]
    assert states == ["planned", "running", "running", "ended"]
    assert rules_for(exchange, "").campaigns == (spring,)
    # Long over, it is taken off what lookups read when the next one is opened.
    later = now + timedelta(days=9)
    autumn = Campaign(campaign_id="c_2", name="秋季", reasons=("AD01",), starts_on=day(9), ends_on=day(12))
    manage_campaigns.open_campaign(exchange, autumn, bureau, later)
    assert rules_for(exchange, "").campaigns == (autumn,)


def test_only_so_many_run_at_once(world: World, keys: dict[str, str]) -> None:
    for number in range(manage_campaigns.MOST_RUNNING):
        assert world.call("POST", "/v1/campaigns", keys["bureau"], wanted(name=f"专项{number}"))[0] == 201
    assert world.call("POST", "/v1/campaigns", keys["bureau"], wanted())[1]["error"]["code"] == "too_many_campaigns"
    assert world.call("POST", "/v1/campaigns", keys["bureau"], wanted(name="专项0"))[0] == 201, "it runs already"
    assert world.call("GET", "/v1/campaigns/c_x", keys["bureau"])[0] == 404


def test_an_answer_is_counted_once_and_in_time_by_the_clock_of_its_task(world: World) -> None:
    label = [{"campaign_id": "c_1", "name": "x"}]
    for outcome, in_time in (("kept", False), ("closed", True), ("closed", True)):
        campaign_figures.tally_answer(wiring.numbered_log, label, "t_1", outcome, in_time)
    figures = campaign_figures.figures(wiring.numbered_log, "c_1")
    assert figures == {
        "listings": 0,
        "tasks": 0,
        "answered": 1,
        "closed": 1,
        "in_time": 1,
    }
