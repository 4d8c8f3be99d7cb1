"""Figures by day, folded from the feeds themselves: a day is read whole and written whole, so nothing counts twice.

Whoever writes to a feed marks the day; the next stroke folds each marked day again. A mark is a fresh token and is
taken off only if it is still the one that was seen before the fold, so that what comes meanwhile is folded later.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts import platforms as admitting
from chalicelib.closure_tasks.rules import statistics_figures, task
from chalicelib.storage.lease import lease
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

Item = dict[str, Any]
CHANGES: Final = "change"
STATE_ID: Final = "figures-state"
PAGE: Final = 100


def mark(exchange: "ExchangeTable", feed: str, days: Iterable[str]) -> None:
    """Note that these days of a feed are to be folded again; call it after what was written there."""
    exchange.upsert(_stale_id(feed), {_field(day): secrets.token_hex(4) for day in days})


def mark_tasks(exchange: "ExchangeTable", platform_id: str, moved: Iterable[Mapping[str, Any]]) -> None:
    """Note that tasks were opened or moved: the days of their platform, and of the changes that they belong to."""
    known = list(moved)
    if known:
        mark(exchange, f"task:{platform_id}", {_day(one["opened_at"]) for one in known})
        mark(exchange, CHANGES, {_day(one["changed_at"]) for one in known})


def took(exchange: "ExchangeTable", platform_id: str, lookups: int, matches: int, now: datetime) -> None:
    """Count what a platform has taken from the exchange: what it asked, and what it found."""
    exchange.add(_taken_id(china_date(now), platform_id), {"lookups": lookups, "matches": matches})


def fold(context: "Context", now: datetime, time_is_left: Callable[[], bool]) -> int:
    """Fold every marked day, one worker at a time; how many were. What is left comes with the next stroke."""
    with lease(context.exchange, "figures", now) as ours:
        if not ours:
            return 0
        platforms = [one["platform_id"] for one in admitting.everyone(context.exchange) if one["role"] == "platform"]
        feeds = {CHANGES: context.changes} | {f"task:{one}": context.ledger(one) for one in platforms}
        marked = context.exchange.get_many(_stale_id(name) for name in feeds)
        folded = 0
        for name, feed in feeds.items():
            if any(value for field, value in marked.get(_stale_id(name), {}).items() if field != "id"):
                folded += _fold_feed(context, name, feed, time_is_left)
        _copy_taken(context.exchange, platforms, now)
        context.exchange.upsert(STATE_ID, {"as_of": iso(now)})
        return folded


def recount(context: "Context") -> None:
    """Let everything be folded again from the first entry of each feed on, with the next strokes."""
    platforms = [one["platform_id"] for one in admitting.everyone(context.exchange) if one["role"] == "platform"]
    for name in (CHANGES, *(f"task:{one}" for one in platforms)):
        context.exchange.put({"id": _range_id(name), "number": 0})
        mark(context.exchange, name, {"2000-01-01"})


def read(exchange: "ExchangeTable", since: str, until: str) -> tuple[list[Item], str]:
    """The figures of each day from `since` to `until` that has any, and as of when they are ('' before the first)."""
    found = exchange.get_many([STATE_ID, *(_figures_id(day) for day in _days(since, until))])
    as_of = str(found.pop(STATE_ID, {}).get("as_of", ""))
    return [item for _, item in sorted(found.items())], as_of


def _fold_feed(context: "Context", name: str, feed: "NumberedLog", time_is_left: Callable[[], bool]) -> int:
    ranges = _walk(context.exchange, name, feed, time_is_left)
    marks = context.exchange.get(_stale_id(name)) or {}
    folded = 0
    for field in sorted(field for field, token in marks.items() if field != "id" and token):
        if not time_is_left():
            break
        if field in ranges:
            day = f"{field[1:5]}-{field[5:7]}-{field[7:9]}"
            entries = [one for one in _entries(feed, *ranges[field]) if _day_of(one) == day]
            context.exchange.upsert(_figures_id(day), _folded(context, name, entries))
        context.exchange.set_fields(_stale_id(name), {field: ""}, only_if={field: marks[field]})
        folded += 1
    return folded


def _folded(context: "Context", name: str, entries: list[Item]) -> Item:
    """The fields of a day's figures that one feed fills, each written whole."""
    if name != CHANGES:
        return {f"tasks:{name.removeprefix('task:')}": statistics_figures.fold_tasks(entries)}
    reports = {f"reports:{platform}": counts for platform, counts in statistics_figures.fold_reports(entries).items()}
    return {**reports, "circle": _circles(context, entries)}


def _circles(context: "Context", entries: list[Item]) -> dict[str, dict[str, int]]:
    """How long each circle that a day's changes began took, as counts by reason ('all' for all) and class of time."""
    circles: dict[str, dict[str, int]] = {"all": {}}
    asking = [one for one in entries if one["kind"] in task.OPENING and one["listing"]["severity"] == 3]
    for some in (asking[start : start + PAGE] for start in range(0, len(asking), PAGE)):
        ledgers = context.exchange.get_many(f"ledger#{one['listing']['listing_id']}" for one in some)
        found = context.exchange.get_many(f"task:{name}" for item in ledgers.values() for name in item["tasks"])
        for change in some:
            named = ledgers.get(f"ledger#{change['listing']['listing_id']}", {"tasks": []})["tasks"]
            seconds = statistics_figures.circle_seconds(
                change, [found[f"task:{one}"] for one in named if f"task:{one}" in found]
            )
            if seconds is not None:
                for reason in ("all", *change["listing"].get("reasons", ())):
                    counts = circles.setdefault(reason, {})
                    known = statistics_figures.time_class(seconds)
                    counts[known] = counts.get(known, 0) + 1
    return circles


def _walk(
    exchange: "ExchangeTable", name: str, feed: "NumberedLog", time_is_left: Callable[[], bool]
) -> dict[str, tuple[int, int]]:
    """From which number to which each day's entries lie, by the field of the day, brought up to the feed's end.

    Days overlap where entries crossed midnight; whoever reads a range keeps those of the day.
    """
    item = exchange.get(_range_id(name)) or {"number": 0}
    number = item.pop("number")
    item.pop("id", None)
    ranges = {field: (first, last) for field, (first, last) in item.items()}
    while time_is_left() and (entries := feed.read(number, PAGE)):
        found: dict[str, tuple[int, int]] = {}
        for entry in entries:
            field = _field(_day_of(entry))
            first, last = found.get(field, ranges.get(field, (entry["number"],) * 2))
            found[field] = min(first, entry["number"]), max(last, entry["number"])
        number = entries[-1]["number"]
        # The marks before the cursor: killed between the two, the page is walked again.
        mark(exchange, name, {_day_of(entry) for entry in entries})
        exchange.upsert(_range_id(name), {"number": number, **{field: list(ends) for field, ends in found.items()}})
        ranges |= found
    return ranges


def _entries(feed: "NumberedLog", first: int, last: int) -> Iterator[Item]:
    for start in range(first - 1, last, PAGE):
        yield from feed.read(start, min(PAGE, last - start))


def _copy_taken(exchange: "ExchangeTable", platforms: list[str], now: datetime) -> None:
    """Lay what platforms took beside the other figures of each day since the last stroke."""
    today = china_date(now)
    since = (exchange.get(STATE_ID) or {}).get("taken_until", today)
    # The day before once more: a lookup may have been counted after the last stroke before midnight.
    start = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
    for day in _days(start, today):
        found = exchange.get_many(_taken_id(day, one) for one in platforms)
        taken = {
            f"taken:{item_id.rsplit('#', 1)[1]}": {"lookups": item["lookups"], "matches": item["matches"]}
            for item_id, item in found.items()
        }
        if taken:
            exchange.upsert(_figures_id(day), taken)
    exchange.upsert(STATE_ID, {"taken_until": today})


def _days(since: str, until: str) -> Iterator[str]:
    day, last = date.fromisoformat(since), date.fromisoformat(until)
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def _day_of(entry: Mapping[str, Any]) -> str:
    return _day(entry["opened_at"] if "opened_at" in entry else entry["at"])


def _day(moment: str) -> str:
    return china_date(datetime.fromisoformat(moment))


def _field(day: str) -> str:
    return "d" + day.replace("-", "")


def _stale_id(feed: str) -> str:
    return f"stale#{feed}"


def _range_id(feed: str) -> str:
    return f"ranges#{feed}"


def _figures_id(day: str) -> str:
    return f"figures#{day}"


def _taken_id(day: str, platform_id: str) -> str:
    return f"taken#{day}#{platform_id}"
