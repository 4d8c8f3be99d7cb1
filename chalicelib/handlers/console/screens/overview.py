"""The regulator's overview: who acts and who does not, how long it takes, why, where; and the same on a wall."""

from datetime import date
from typing import Final

from chalicelib import errors, wiring
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.plots import overview_figures
from chalicelib.handlers.console.plots.overview_figures import Period
from chalicelib.handlers.console.texts.feed_texts import feed_rows
from chalicelib.handlers.console.texts.oversight_tabs import oversight_tabs
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.timestamps import china_date

TITLE: Final = ("全网", "Overview")
MONTHS: Final = (("1", 1), ("3", 3), ("6", 6), ("12", 12))
DEFAULT_MONTHS: Final = 6


def page(visit: Visit) -> Reply:
    """Six figures and the plots of so many months. One read for each day, and the states of the government lists."""
    return _draw(visit, "overview.html")


def wall(visit: Visit) -> Reply:
    """The same for a big screen, without anything that names a merchant or a person; it refreshes itself."""
    return _draw(visit, "wall.html", is_wall=True)


def export(visit: Visit, plot: str) -> Reply:
    """The numbers of one plot as CSV."""

    drawn = overview_figures.plots(visit, _period(visit)[0])
    figure = drawn.get(plot.removesuffix(".csv"))
    if figure is None:
        raise errors.NotFound(ErrorCode.NOT_FOUND, plot=plot[:40])
    return console_frame.csv_table([figure.heads, *figure.lines], f"{plot.removesuffix('.csv')}.csv")


def _draw(visit: Visit, template: str, is_wall: bool = False) -> Reply:
    period, as_of, months = _period(visit)
    return console_frame.page(
        visit,
        template,
        TITLE,
        tabs=oversight_tabs(visit),
        figures=overview_figures.six_figures(visit, period),
        plots=overview_figures.plots(visit, period, is_wall),
        feeds=feed_rows(visit),
        months=[(text, visit.t(f"{count} 个月", f"{count} month{'s' if count > 1 else ''}")) for text, count in MONTHS],
        chosen=str(months),
        as_of=as_of,
        is_empty=not any(day.reports or day.usage or day.tasks for day in period.days.values()),
    )


def _period(visit: Visit) -> tuple[Period, str, int]:
    """The period that is asked for, as of when it was counted, and how many months it has."""
    from chalicelib.closure_tasks.count_daily_figures import read_days_by_day

    months = int(visit.query("months", tuple(text for text, _count in MONTHS)) or DEFAULT_MONTHS)
    until = china_date(wiring.now())
    since = _months_before(until, months - 1)
    days, as_of = read_days_by_day(wiring.exchange(), since, until)
    return Period(days, since, until), as_of, months


def _months_before(day: str, months: int) -> str:
    """The first day of the month so many months before that of the day."""
    first = date.fromisoformat(day).replace(day=1)
    place = first.year * 12 + first.month - 1 - months
    return date(place // 12, place % 12 + 1, 1).isoformat()
