"""Figures by day, counted from the logs themselves: a day is read whole and written whole, so nothing counts twice."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import days_to_recount
from chalicelib.closure_tasks.rules import daily_counts, listing_counts
from chalicelib.closure_tasks.rules.blocking_listings import GRAVE, OPENING
from chalicelib.closure_tasks.rules.daily_counts import UsageCounts
from chalicelib.closure_tasks.rules.day_figures import ALL, DayFigures
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.task_log import names_of_tasks, tasks_named
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.storage import field_chain
from chalicelib.storage.item_keys.closure_task_keys import FIGURES_STATE, figures, more_figures, platform_of_task, usage
from chalicelib.storage.item_keys.numbered_log_keys import CHANGES, task_log_name
from chalicelib.storage.lease import lease
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.notices.rules.numbered_change import NumberedChange
    from chalicelib.storage.exchange_table import ExchangeTable, Item
    from chalicelib.storage.numbered_log import NumberedLog

PAGE: Final = 100
# What is copied of the usage of a day; verdicts under the names of the store, where `unknown` has another meaning.
COUNTED_USAGE: Final = ("lookups", "matches", "clear", "inform", "unsure", "review", "block")
# What one item of a day's figures holds: as a rule the figures of some hundred platforms.
MOST_BYTES: Final = 200 * 1_024


def count_usage(exchange: "ExchangeTable", platform_id: str, counts: Mapping[str, int], now: datetime) -> "Item":
    """Count what a platform has taken from the exchange: what it looked up and found; the counts of the day then."""
    return exchange.add(usage(china_date(now), platform_id), counts)


def count_marked_days(context: "Context", now: datetime, time_is_left: Callable[[], bool]) -> int:
    """Count every marked day again, one worker at a time; how many. What is left comes with the next tick."""
    with lease(context.exchange, "figures", now) as ours:
        if not ours:
            return 0
        platform_ids = _platform_ids(context.exchange)
        logs = {CHANGES: context.changes.entries}
        logs |= {task_log_name(platform_id): context.task_logs(platform_id) for platform_id in platform_ids}
        counted = 0
        for name in days_to_recount.marked_logs(context.exchange, logs):
            counted += _count_days(context, name, logs[name], time_is_left)
        _copy_usage(context.exchange, platform_ids, now)
        context.exchange.upsert(FIGURES_STATE, {"as_of": iso(now)})
        return counted


def recount(context: "Context") -> None:
    """Let everything be counted again from the first entry of each log on, with the next ticks."""
    names = [task_log_name(platform_id) for platform_id in _platform_ids(context.exchange)]
    for name in (CHANGES, *names):
        days_to_recount.forget_spans(context.exchange, name)
        days_to_recount.mark_days(context.exchange, name, {"2000-01-01"})


def read_days(exchange: "ExchangeTable", since: str, until: str) -> tuple[list[DayFigures], str]:
    """The figures of each day from `since` to `until` that has any, and as of when they are ('' before the first)."""
    days, as_of = read_days_by_day(exchange, since, until)
    return [figures_of_day for _, figures_of_day in sorted(days.items())], as_of


def read_days_by_day(exchange: "ExchangeTable", since: str, until: str) -> tuple[dict[str, DayFigures], str]:
    """The same, by day."""
    items = field_chain.read_many(exchange, {day: _figures_of(day) for day in _days(since, until)})
    as_of = str((exchange.get(FIGURES_STATE) or {}).get("as_of", ""))
    return {day: DayFigures.from_item(item) for day, item in items.items()}, as_of


def _platform_ids(exchange: "ExchangeTable") -> list[str]:
    return platforms.ids_with_role(exchange, Role.PLATFORM)


def _count_days(context: "Context", name: str, log: "NumberedLog", time_is_left: Callable[[], bool]) -> int:
    """Count the marked days of one log; how many."""
    spans = days_to_recount.read_spans(context.exchange, name, log, time_is_left)
    counted = 0
    for day, token in sorted(days_to_recount.marks_of(context.exchange, name).items()):
        if not time_is_left():
            break
        if day in spans:
            entries = list(days_to_recount.entries_of_day(log, day, spans[day]))
            save_figures(context.exchange, day, _count_entries(context, name, entries))
        days_to_recount.take_off(context.exchange, name, day, token)
        counted += 1
    return counted


def _count_entries(context: "Context", name: str, entries: "list[Item]") -> DayFigures:
    """The part of a day's figures that one log fills."""
    if name != CHANGES:
        counts = daily_counts.count_tasks(Task.from_item(entry) for entry in entries)
        return DayFigures(tasks={platform_of_task(name): counts})
    changes = [NumberedChange.from_item(entry) for entry in entries]
    reports = daily_counts.count_reports(changes)
    return DayFigures(
        reports=reports,
        times_to_close=_times_to_close(context, changes),
        listings=listing_counts.count_listings(changes),
    )


def _times_to_close(context: "Context", changes: list[NumberedChange]) -> dict[str, Counter[str]]:
    """How long closing took that a day's changes asked for: counts by class of time, by reason ('all' for all)."""
    times: dict[str, Counter[str]] = {ALL: Counter()}
    asking = [change for change in changes if change.kind in OPENING and change.listing.severity == GRAVE]
    for start in range(0, len(asking), PAGE):
        page = asking[start : start + PAGE]
        tasks = _tasks_of_listings(context.exchange, {change.listing.listing_id for change in page})
        for change in page:
            _add_time(times, change, tasks.get(change.listing.listing_id, []))
    return times


def _add_time(times: dict[str, Counter[str]], change: "NumberedChange", tasks: list[Task]) -> None:
    seconds = daily_counts.seconds_to_close(change, tasks)
    if seconds is not None:
        for reason in (ALL, *change.listing.reasons):
            times.setdefault(reason, Counter()).update([daily_counts.time_class(seconds)])


def _tasks_of_listings(exchange: "ExchangeTable", listing_ids: set[str]) -> Mapping[str, list[Task]]:
    names = names_of_tasks(exchange, listing_ids)
    tasks = tasks_named(exchange, (name for some in names.values() for name in some))
    return {listing_id: [tasks[name] for name in some if name in tasks] for listing_id, some in names.items()}


def _copy_usage(exchange: "ExchangeTable", platform_ids: list[str], now: datetime) -> None:
    """Copy what platforms took beside the other figures of each day since the last tick."""
    today = china_date(now)
    since = (exchange.get(FIGURES_STATE) or {}).get("taken_until", today)
    # The day before once more: a lookup may have been counted after the last tick before midnight.
    start = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
    for day in _days(start, today):
        items = exchange.get_many(usage(day, platform_id) for platform_id in platform_ids)
        counts = {
            item_id.rsplit("#", 1)[1]: UsageCounts.from_item({name: item.get(name, 0) for name in COUNTED_USAGE})
            for item_id, item in items.items()
        }
        if counts:
            save_figures(exchange, day, DayFigures(usage=counts))
    exchange.upsert(FIGURES_STATE, {"taken_until": today})


def save_figures(exchange: "ExchangeTable", day: str, counted: DayFigures) -> None:
    """Write what was counted of a day, each platform's part whole; many platforms fill several items."""
    field_chain.put_fields(exchange, _figures_of(day), counted.to_item(), MOST_BYTES)


def _figures_of(day: str) -> field_chain.Keys:
    return field_chain.keys_of(figures, more_figures, day)


def _days(since: str, until: str) -> Iterator[str]:
    day, last = date.fromisoformat(since), date.fromisoformat(until)
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)
