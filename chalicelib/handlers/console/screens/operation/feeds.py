"""Government lists for operators: how each stands, and how its pulls went."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from chalicelib import wiring
from chalicelib.government_lists import feed_status
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.operation.state import tabs_of
from chalicelib.handlers.console.texts.listing_texts import Fields, State
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.storage.day_log import DaySpan
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

TITLE: Final = ("名单", "Government lists")
STATUSES: Final = {
    "ok": ("有效", "Current", "good"),
    "stale": ("陈旧", "Stale", "bad"),
    "missing": ("从未取得", "Never obtained", "warn"),
}
RESULTS: Final = {
    "applied": ("已更新", "Applied", "good"),
    "unchanged": ("无变化", "Unchanged", "info"),
    "held": ("已暂停", "Held", "warn"),
    "discarded": ("已弃用", "Discarded", ""),
    "failed": ("失败", "Failed", "bad"),
}
# fmt: off
COLUMNS: Final = (
    "name", "list_type", "status", "age_seconds", "rows", "rejected", "last_result", "confirmed_at", "tried_at",
)
# fmt: on
DAYS: Final = 31
PAGE: Final = 50
HOURS, SECONDS = 24, 3_600


def page(visit: Visit) -> Reply:
    """How each list stands; the state of each in one read unit or two."""
    rows = [_row(visit, status) for status in _views()]
    state = visit.query("status", tuple(STATUSES))
    return console_frame.page(
        visit,
        "operation/feeds.html",
        TITLE,
        rows=[row for row in rows if state in ("", row["status"])],
        state=state,
        states=[("", visit.t("全部", "All")), *((name, visit.t(zh, en)) for name, (zh, en, _) in STATUSES.items())],
        csv=f"{visit.root}operation/feeds.csv",
        **tabs_of(visit, "feeds"),
    )


def export(visit: Visit) -> Reply:  # noqa: ARG001 (a view is given its visit)
    """How each list stands, as CSV."""

    lines = [[view.get(column, "") for column in COLUMNS] for view in _views()]
    return console_frame.csv_table([COLUMNS, *lines], "feeds.csv")


def feed(visit: Visit, name: str) -> Reply:
    """A list and its pulls of the last 31 days, newest first; a read unit for each day that is passed and each pull."""
    from chalicelib.government_lists.feed_runs import list_runs

    now = wiring.now()
    status = feed_status.status_of(wiring.exchange(), name, wiring.default_feeds(), now)
    today = china_date(now)
    since = (date.fromisoformat(today) - timedelta(days=DAYS - 1)).isoformat()
    read = list_runs(wiring.exchange(), name, DaySpan(since, today, visit.query("after")), PAGE)
    return console_frame.page(
        visit,
        "operation/feed.html",
        (name, name),
        feed=_row(visit, feed_status.view(status, now)),
        runs=[{"state": _state(visit, RESULTS, run.result), "raw": Fields(run.view())} for run in read.runs],
        pages=console_frame.pages_of(
            visit, f"operation/feeds/{name}", (f"近 {DAYS} 天", f"the last {DAYS} days"), read.next, {}
        ),
        **tabs_of(visit, "feeds"),
    )


def _views() -> list[Json]:
    now = wiring.now()
    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), now)
    return [feed_status.view(status, now) for status in statuses]


def _row(visit: Visit, view: Json) -> Json:
    from chalicelib.government_lists.rules.list_types import LISTS

    listed = LISTS.get(view["list_type"])
    return {
        "raw": Fields(view),
        "name": view["name"],
        "type": visit.t(listed.zh, listed.en) if listed else view["list_type"],
        "status": view["status"],
        "state": _state(visit, STATUSES, view["status"]),
        "result": _state(visit, RESULTS, view.get("last_result", "")) if view.get("last_result") else None,
        "age": age_in_words(visit, view["age_seconds"]),
        "is_held": "hold" in view,
        "late": view["status"] != "ok" or "hold" in view,
    }


def _state(visit: Visit, texts: Mapping[str, tuple[str, str, str]], name: str) -> State:
    zh, en, tone = texts.get(name, (name, name, ""))
    return State(visit.t(zh, en), tone)


def age_in_words(visit: Visit, seconds: int | None) -> str:
    """An age in hours, from two days on in days; a dash for none."""
    if seconds is None:
        return "—"
    hours = seconds // SECONDS
    if hours >= 2 * HOURS:
        return visit.t(f"{hours // HOURS} 天", f"{hours // HOURS} days")
    return visit.t(f"{hours} 小时", f"{hours} h") if hours else visit.t("不到一小时", "under an hour")
