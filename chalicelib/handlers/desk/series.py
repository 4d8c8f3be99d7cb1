"""Figures over time: /v1/statistics/series."""

from typing import Final

from chalicelib import wiring
from chalicelib.handlers.desk.days import FROM, TO, days_of
from chalicelib.handlers.parameters import OF_PLATFORM, Number, Parameter
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.values.records import Json

routes = Routes(__name__, "statistics")
DEFAULT_DAYS: Final = 90
SERIES: Final = (
    FROM,
    TO,
    Parameter("step", "每点的时段", "what a point stands for", "day", choices=("day", "week", "month")),
    Parameter(
        "by", "分组", "the part by which each point is divided", choices=("platform", "reason", "region", "severity")
    ),
    Number("digits", "地区按区划代码前几位", "digits of a region", 2, most=4, least=2),
    OF_PLATFORM,
)


@routes.route(
    "/v1/statistics/series",
    "GET",
    "getStatisticsSeries",
    roles=(PLATFORM, REGULATOR),
    query=SERIES,
    returns="lists.series:StatisticsSeries",
)
def series(request: Request) -> Json:
    """Reports, tasks, lookups and times to close by day, week or month; a platform's own, for regulators all."""
    from chalicelib.closure_tasks.rules.figure_series import SeriesRequest
    from chalicelib.closure_tasks.series.statistics_series import read_series

    since, until = days_of(request, DEFAULT_DAYS)
    wanted = SeriesRequest(
        since=since,
        until=until,
        step=request.text("step"),
        platform_id=request.text("platform"),
        by=request.text("by"),
        digits=request.number("digits"),
    )
    made = read_series(wiring.exchange(), request.caller, wanted)
    return {"since": since, "until": until, "as_of": made.as_of, "points": made.points}
