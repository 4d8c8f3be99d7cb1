"""The overview of a regulator: figures and plots from what was counted, and the numbers of each plot as a file."""

from datetime import timedelta

from chalicelib import wiring
from chalicelib.closure_tasks.rules.daily_counts import ReportCounts, TaskCounts, UsageCounts
from chalicelib.closure_tasks.rules.day_figures import ALL, DayFigures
from chalicelib.closure_tasks.rules.listing_counts import ListingCounts
from chalicelib.handlers.console.plots import overview_figures
from chalicelib.handlers.console.plots.overview_figures import Period
from chalicelib.people.duties import Duty
from tests.people.persons import add_person, signed_in
from tests.world import World

DAY = DayFigures(
    tasks={"alpha": {"check": TaskCounts(told=10, closed=9, open=1, overdue=4, answered=9, in_time=5)}},
    reports={"alpha": ReportCounts(reported=7), "beta": ReportCounts(reported=1)},
    usage={"gamma": UsageCounts(lookups=900)},
    times_to_close={ALL: {"80": 3, "104": 1}},
    listings={
        "platform:alpha": ListingCounts(opened=7, reason={"IP01": 5, "PR01": 2}, region={"330106": 6, "110105": 1})
    },
)


class Reader:
    """Enough of a visit to draw plots."""

    language = "zh"

    @staticmethod
    def t(zh: str, _en: str) -> str:
        return zh


def test_each_plot_says_what_was_counted(world: World) -> None:
    drawn = overview_figures.plots(Reader(), Period({"2026-03-05": DAY}, "2026-03-01", "2026-03-31"))  # type: ignore[arg-type]
    tables = {name: list(figure.lines) for name, figure in drawn.items()}
    # Most that were late are answered by now: they stay late.
    assert tables["platforms"] == [("alpha", "4", "5", "1")]
    assert tables["months"] == [("2026-03", "8", "10", "9")]
    assert tables["reasons"] == [("商标侵权/假冒注册商标", "5"), ("哄抬价格", "2")]
    assert tables["regions"][:2] == [("浙", "6"), ("京", "1")]
    assert sorted(tables["reciprocity"]) == [("alpha", "0", "7"), ("beta", "0", "1"), ("gamma", "900", "0")]
    assert sum(int(line[1]) for line in tables["times"]) == 4
    assert ">95% 在此之内<" in str(drawn["times"].svg)


def test_figures_name_the_month_and_the_change_since_the_one_before(world: World) -> None:
    days = {"2026-02-05": DAY, "2026-02-06": DAY, "2026-03-05": DAY}
    figures = overview_figures.six_figures(Reader(), Period(days, "2026-02-01", "2026-03-31"))  # type: ignore[arg-type]
    reported = figures[0]
    assert (reported.value, reported.beside) == (8, "较上月 -8")
    assert [figure.is_late for figure in figures] == [False, False, False, True, False, False]


def test_the_page_reads_a_year_at_most_and_each_plot_is_a_file(world: World) -> None:
    visitor, _ = signed_in(world, add_person(world, "bureau", Duty.READ, role="regulator"))
    assert "这段时间还没有数据" in visitor.get("/console/overview?months=999")[1]
    yesterday = (wiring.now() - timedelta(days=1)).date().isoformat()
    from chalicelib.closure_tasks.count_daily_figures import save_figures

    save_figures(wiring.exchange(), yesterday, DAY)
    status, text = visitor.get("/console/overview?months=3")
    assert (status, text.count("<figure")) == (200, 6)
    for name in overview_figures.plots(Reader(), Period({}, "2026-03-01", "2026-03-02")):  # type: ignore[arg-type]
        status, text = visitor.get(f"/console/overview/{name}.csv?months=3")
        assert (status, visitor.headers["Content-Type"].partition(";")[0]) == (200, "text/comma-separated-values")
    assert visitor.get("/console/overview/nothing.csv")[0] == 404
    status, text = visitor.get("/console/wall?months=3")
    assert (status, 'hx-trigger="every 60s"' in text, "<nav" in text) == (200, True, False)
