"""Series of figures: steps cover every day once, parts sum up to the whole, and a platform sees its own."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.closure_tasks.rules import figure_series
from chalicelib.closure_tasks.rules.daily_counts import ReportCounts, TaskCounts, UsageCounts, time_class
from chalicelib.closure_tasks.rules.day_figures import DayFigures
from chalicelib.closure_tasks.rules.figure_series import SeriesRequest
from chalicelib.closure_tasks.rules.listing_counts import ListingCounts
from chalicelib.values.timestamps import china_date
from tests.support.builders import uscc
from tests.world import SCHEDULED, World


@pytest.mark.parametrize("step", ["day", "week", "month"])
@pytest.mark.parametrize(("since", "until"), [("2026-11-18", "2027-01-03"), ("2026-02-27", "2026-03-02")])
def test_steps_cover_every_day_once(step: str, since: str, until: str) -> None:
    steps = figure_series.steps(since, until, step)
    assert (steps[0][0], steps[-1][1]) == (since, until)
    for (_, last), (first, _) in pairwise(steps):
        assert date.fromisoformat(first) == date.fromisoformat(last) + timedelta(days=1)
        assert step == "day" or date.fromisoformat(first).weekday() == 0 or first.endswith("-01")


def test_parts_sum_up_to_the_whole() -> None:
    one = DayFigures(
        tasks={"beta": {"check": TaskCounts(told=2, closed=1)}, "gamma": {"check": TaskCounts(told=1, overdue=1)}},
        reports={"alpha": ReportCounts(reported=3)},
        usage={"beta": UsageCounts(lookups=5, matches=2, clear=3, block=2)},
        times_to_close={"all": {time_class(30): 1, time_class(3_600): 2}},
        listings={
            "platform:alpha": ListingCounts(
                opened=3, withdrawn=1, reason={"QC01": 2, "PR01": 2}, region={"3301": 2, "3302": 1}, severity={"3": 3}
            ),
            "government:serious_violations": ListingCounts(opened=50),
        },
    )
    days = {"2026-11-26": one, "2026-11-27": one}
    wanted = SeriesRequest(since="2026-11-25", until="2026-11-27", step="month", by="platform")
    (point,) = figure_series.points(days, wanted)
    assert (point["reported"], point["listings"]["opened"], point["check"]["told"]) == (6, 6, 6)
    assert point["verdicts"] == {"clear": 6, "inform": 0, "unknown": 0, "review": 0, "block": 4}
    assert sum(part["check"].get("told", 0) for part in point["parts"].values()) == 6
    assert point["time_to_close"]["closed"] == sum(each["closed"] for each in point["time_to_close"]["histogram"]) == 6
    assert [each["up_to_seconds"] for each in point["time_to_close"]["histogram"]] == [60, 3_840]
    for by, parts in (
        ("reason", {"PR01": {"opened": 2}, "QC01": {"opened": 2}}),
        ("region", {"33": {"opened": 3}}),
        ("severity", {"3": {"opened": 3}}),
    ):
        points = figure_series.points(days, SeriesRequest(since="2026-11-25", until="2026-11-27", by=by))
        assert [point["parts"] for point in points] == [{}, parts, parts]
    own = SeriesRequest(since="2026-11-26", until="2026-11-26", platform_id="beta", by="region", digits=4)
    (point,) = figure_series.points(days, own)
    assert (point["reported"], point["lookups"], point["parts"]) == (0, 5, {})


def test_series_over_the_api(world: World) -> None:
    import app

    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", "regulator")
    world.call("POST", "/v1/lookups", beta, {"uscc": uscc(1), "purpose": "recheck"})
    evictions = [{"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E2"}]
    world.call("POST", "/v1/reports", alpha, {"evictions": evictions})
    world.settle()
    app.clocks_due(SCHEDULED, None)

    def series(key: str, query: str = "") -> dict[str, Any]:
        status, answer, _ = world.call("GET", f"/v1/statistics/series?step=month&{query}", key)
        assert status == 200, answer
        return dict(answer["points"][-1])

    everything = series(bureau, "by=platform")
    assert (everything["reported"], everything["lookups"], everything["check"]["told"]) == (1, 1, 1)
    assert everything["parts"].keys() == {"alpha", "beta"}
    assert series(bureau, "by=reason")["parts"] == {"QC01": {"opened": 1}}
    assert series(bureau, f"by=region&digits=4&to={china_date(wiring.now())}")["parts"] == {uscc(1)[2:6]: {"opened": 1}}
    assert sum(everything["verdicts"].values()) == 1
    assert (series(alpha)["reported"], series(alpha)["lookups"], "time_to_close" in series(alpha)) == (1, 0, False)
    assert world.call("GET", "/v1/statistics/series?by=platform", alpha)[0] == 403
    assert world.call("GET", "/v1/statistics/series?platform=beta", alpha)[0] == 403
    assert world.call("GET", "/v1/statistics/series?digits=5", bureau)[0] == 400
