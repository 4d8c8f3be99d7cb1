"""Which days' figures are out of date: every writer of a numbered log marks the day, and the next tick counts it again.

A mark is a fresh token and is taken off only if it is still the one that was seen before the count, so that an entry
written meanwhile is counted by a later tick. Which numbers of a log a day spans is kept beside.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.storage.item_keys.closure_task_keys import day_ranges, stale_days
from chalicelib.storage.item_keys.numbered_log_keys import CHANGES, place, task_log_name
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.closure_tasks.rules.task import Task
    from chalicelib.storage.exchange_table import ExchangeTable, Item
    from chalicelib.storage.numbered_log import NumberedLog

PAGE: Final = 100


def mark_days(exchange: "ExchangeTable", log_name: str, days: Iterable[str]) -> None:
    """Mark these days of a log as out of date; to be called after the entry was written."""
    exchange.upsert(stale_days(log_name), {_field(day): secrets.token_hex(4) for day in days})


def mark_days_of_tasks(exchange: "ExchangeTable", platform_id: str, tasks: Iterable["Task"]) -> None:
    """Mark the days of tasks that were opened or moved, and the days of the changes that they belong to."""
    moved = list(tasks)
    if moved:
        mark_days(exchange, task_log_name(platform_id), {_day(task.opened_at) for task in moved})
        mark_days(exchange, CHANGES, {_day(task.changed_at) for task in moved})


def marked_logs(exchange: "ExchangeTable", log_names: Iterable[str]) -> list[str]:
    """Those of the logs that have a marked day, in their order."""
    names = list(log_names)
    items = exchange.get_many(stale_days(name) for name in names)
    return [name for name in names if _marks(items.get(stale_days(name), {}))]


def marks_of(exchange: "ExchangeTable", log_name: str) -> dict[str, str]:
    """The marked days of a log, each with its token."""
    return {_day_of_field(field): token for field, token in _marks(exchange.get(stale_days(log_name)) or {}).items()}


def take_off(exchange: "ExchangeTable", log_name: str, day: str, token: str) -> None:
    """Take the mark off a day unless the day was marked again."""
    exchange.set_fields(stale_days(log_name), {_field(day): ""}, only_if={_field(day): token})


def forget_spans(exchange: "ExchangeTable", log_name: str) -> None:
    """Forget which numbers the days of a log span, so that the log is read again from its first entry on."""
    exchange.put({"id": day_ranges(log_name), "number": 0})


def read_spans(
    exchange: "ExchangeTable", log_name: str, log: "NumberedLog", time_is_left: Callable[[], bool]
) -> dict[str, tuple[int, int]]:
    """From which number to which each day's entries lie, by day, brought up to the end of the log.

    Days overlap where entries crossed midnight; a reader of a span keeps the entries of its day.
    """
    item = exchange.get(day_ranges(log_name)) or {"number": 0}
    number = item.pop("number")
    item.pop("id", None)
    spans = {_day_of_field(field): (first, last) for field, (first, last) in item.items()}
    while time_is_left() and (entries := log.read(number, PAGE)):
        widened = _widened(spans, entries)
        number = entries[-1]["number"]
        # The marks before the cursor: killed between the two, the page is read again.
        mark_days(exchange, log_name, {_day_of(entry) for entry in entries})
        fields = {_field(day): list(span) for day, span in widened.items()}
        exchange.upsert(day_ranges(log_name), {"number": number, **fields})
        spans |= widened
    return spans


def entries_of_day(log: "NumberedLog", day: str, span: tuple[int, int]) -> "Iterator[Item]":
    """The entries of one day, read from its span."""
    first, last = map(place, span)
    for start in range(first - 1, last, PAGE):
        yield from (entry for entry in log.read(start, min(PAGE, last - start)) if _day_of(entry) == day)


def _widened(spans: Mapping[str, tuple[int, int]], entries: "Iterable[Item]") -> dict[str, tuple[int, int]]:
    """The spans of the days of some entries, with these entries."""
    widened: dict[str, tuple[int, int]] = {}
    for entry in entries:
        day, number = _day_of(entry), entry["number"]
        first, last = widened.get(day, spans.get(day, (number, number)))
        widened[day] = min(first, number), max(last, number)
    return widened


def _marks(item: Mapping[str, Any]) -> dict[str, str]:
    return {field: token for field, token in item.items() if field != "id" and token}


def _day_of(entry: "Item") -> str:
    return _day(entry["opened_at"] if "opened_at" in entry else entry["at"])


def _day(moment: str) -> str:
    return china_date(datetime.fromisoformat(moment))


def _field(day: str) -> str:
    return "d" + day.replace("-", "")


def _day_of_field(field: str) -> str:
    return f"{field[1:5]}-{field[5:7]}-{field[7:9]}"
