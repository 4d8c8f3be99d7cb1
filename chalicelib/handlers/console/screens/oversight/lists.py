"""Government lists: how each stands, its pulls over time, its rejected rows."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import messages, wiring
from chalicelib.government_lists import feed_status, keep_rejections
from chalicelib.government_lists.feed_runs import list_runs
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.plots import lines
from chalicelib.handlers.console.plots.svg import Figure
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.texts.feed_texts import feed_rows
from chalicelib.handlers.console.texts.hold_texts import change_in_words, hold_row, list_title, run_row
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.texts.oversight_tabs import oversight_tabs
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.storage.day_log import DaySpan
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.government_lists.feed_status import FeedStatus

TITLE: Final = ("政府名单", "Government lists")
DAYS: Final = 31
MOST_RUNS: Final = 100
SHOWN_RUNS: Final = 20
SHOWN_ROWS: Final = 20
EXPORTED_ROWS: Final = 1_000
LIST_FIELDS: Final = ("name", "status", "age_seconds", "rows", "rejected", "version", "last_result", "tried_at")
RUN_FIELDS: Final = ("at", "result", "version", "rows", "rejected", "changed", "problem", "held", "age_seconds")


def page(visit: Visit) -> Reply:
    """Every list with its state and age, those that wait for a person first. One read for each list, one for each
    hold. With `since` in the address those of which something is held since."""
    moment = since.since_of(visit)
    rows = [row for row in feed_rows(visit) if row["held_at"] >= moment]
    return console_frame.page(
        visit,
        "oversight/lists.html",
        TITLE,
        tabs=oversight_tabs(visit),
        rows=sorted(rows, key=lambda row: row["state"].tone != "warn"),
        changed=since.shown(visit, "lists", {}),
    )


def export(_visit: Visit) -> Reply:
    """The lists as CSV."""
    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    views = [feed_status.view(status, wiring.now()) for status in statuses]
    rows = [[view.get(name, "") for name in LIST_FIELDS] for view in views]
    return console_frame.csv_table([LIST_FIELDS, *rows], "lists.csv")


def one(visit: Visit, name: str) -> Reply:
    """One list: what of it is held, and its last pulls plotted. Reads its state, its hold, 31 days and 100 runs at
    most, and one file of rejected rows."""
    status = status_of(name)
    runs = runs_of(name)
    view = feed_status.view(status, wiring.now())
    hold = hold_row(visit, view["hold"]) if "hold" in view else None
    rejected = keep_rejections.read_rejections(wiring.bucket(), status, "", 0, SHOWN_ROWS)
    title = list_title(visit, status.feed.list_type, name)
    return console_frame.page(
        visit,
        "oversight/list.html",
        (title, title),
        name=name,
        view=Fields(view),
        row=next(row for row in feed_rows(visit) if row["name"] == name),
        hold=hold,
        change=change_in_words(visit, hold["change"]) if hold else "",
        may_decide=Duty.DECIDE in visit.session.person.duties,
        runs=[run_row(visit, run) for run in runs[:SHOWN_RUNS]],
        plot=_plot(visit, runs) if len(runs) > 1 else None,
        rejected=rejected,
        rejections=[{**row, "says": messages.message(row["code"])[visit.language]} for row in rejected.rows],
        notice=_notice(visit),
    )


def export_runs(_visit: Visit, name: str) -> Reply:
    """The pulls of a list of 31 days as CSV."""
    status_of(name)
    rows = [[run.get(field, "") for field in RUN_FIELDS] for run in runs_of(name)]
    return console_frame.csv_table([RUN_FIELDS, *rows], "pulls.csv")


def export_rejections(_visit: Visit, name: str) -> Reply:
    """The rejected rows of the newest delivery, masked as they are kept, as CSV; a thousand at most."""
    page = keep_rejections.read_rejections(wiring.bucket(), status_of(name), "", 0, EXPORTED_ROWS)
    heads = ["file", "row", "column", "code", "value"]
    rows = [[row.get(head, "") for head in heads] for row in page.rows]
    return console_frame.csv_table([heads, *rows], "rejections.csv")


def status_of(name: str) -> "FeedStatus":
    """How a list stands; `NotFound` for one that there is not."""
    return feed_status.status_of(wiring.exchange(), name, wiring.default_feeds(), wiring.now())


def runs_of(name: str) -> list[Json]:
    """The pulls of the last 31 days, the newest first, 100 at most."""
    until = china_date(wiring.now())
    since = (date.fromisoformat(until) - timedelta(days=DAYS - 1)).isoformat()
    return [run.view() for run in list_runs(wiring.exchange(), name, DaySpan(since, until), MOST_RUNS).runs]


def _plot(visit: Visit, runs: list[Json]) -> Figure:
    """The size of the list after each pull, and how much each changed, the earliest first."""
    ordered = runs[::-1]
    drawn = [
        lines.Line(visit.t("条目", "entries"), [run.get("rows") for run in ordered]),
        lines.Line(visit.t("变动", "changed"), [run.get("changed", 0) for run in ordered]),
    ]
    question = visit.t("名单的条目是否突然增减？", "Did the list grow or shrink at once?")
    places = [china_date_of(run["at"])[5:] for run in ordered]
    return lines.over_time(question, places, drawn, visit.t("日期", "Day"))


def china_date_of(at: str) -> str:
    """The day in China of a moment."""
    from datetime import datetime

    return china_date(datetime.fromisoformat(at))


def _notice(visit: Visit) -> Json | None:
    notices = {
        "released": ("已放行，将在下一次拉取时应用。", "Released: the next pull applies it."),
        "discarded": ("已弃用，名单保持现状。", "Discarded: the list stays as it is."),
    }
    done = visit.query("done", tuple(notices))
    return {"tone": "good", "text": visit.t(*notices[done]), "more": ""} if done else None
