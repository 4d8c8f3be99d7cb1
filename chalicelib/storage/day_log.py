"""Day logs: what was made on each day, read back from the newest on, by key alone.

A counter gives the numbers of a day. A writer that dies between the counter and its entry leaves a number out, which a
reader passes over. Nothing is ever moved, so a cursor (a day and a number) stays good whatever is written meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# One BatchGetItem reads so many entries, or the counters of so many days.
AT_ONCE: Final = 50
DAYS_AT_ONCE: Final = 8
# A page looks through so many entries at most; where few fit, it is short, and its cursor moves on.
MOST_READ: Final = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DayLog:
    """Where the entries of a log lie: `counter` gives the key of a day's counter, `field` is its attribute, `slot`
    gives the key of an entry by day and number; `read` reads those of some numbers of a day, where they are no items of
    that key."""

    counter: Callable[[str], str]
    slot: Callable[[str, int], str]
    field: str = "n"
    read: "Callable[[str, Sequence[int]], Mapping[int, Json]] | None" = None


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The days that are asked for, both included (YYYY-MM-DD in China), and the cursor of the page before, or ''."""

    since: str
    until: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The item of one number of a day."""

    day: str
    place: int
    item: Json

    @property
    def cursor(self) -> str:
        """Where to read on after this entry."""
        return f"{self.day}.{self.place}"


def log_of(name: str) -> DayLog:
    """A log of ids of what is kept for good."""
    return DayLog(
        lambda day: numbered_log_keys.count_of_day(name, day),
        lambda day, n: numbered_log_keys.entry_of_day(name, day, n),
    )


def expiring_log_of(name: str) -> DayLog:
    """A log of ids of what expires."""
    return DayLog(
        lambda day: numbered_log_keys.count_of_day(name, day),
        lambda day, n: numbered_log_keys.expiring_entry_of_day(name, day, n),
    )


def draw(exchange: "ExchangeTable", log: DayLog, day: str) -> int:
    """The next number of a day, from 1."""
    return exchange.increment(log.counter(day), log.field)


def enter(exchange: "ExchangeTable", log: DayLog, day: str, place: int, entry_id: str) -> None:
    """Write the entry of a number that was drawn. Safe to repeat."""
    exchange.put({"id": log.slot(day, place), "entry_id": entry_id})


def enter_expiring(exchange: "ExchangeTable", log: DayLog, entry: "Entry", now: datetime) -> None:
    """Write the entry of a number that was drawn, which expires with what it leads to. Safe to repeat."""
    until = int((now + numbered_log_keys.EXPIRING_ENTRY_KEPT).timestamp())
    exchange.put({"id": log.slot(entry.day, entry.place), **entry.item, "expires_at": until})


def read_back(
    exchange: "ExchangeTable",
    log: DayLog,
    span: DaySpan,
    wanted: Callable[[Sequence[Entry]], Sequence[T | None]],
    limit: int,
) -> tuple[list[T], str]:
    """The records of a span, the newest first, `limit` at most; and the cursor to read on from, '' at the end.

    `wanted` gets some entries and gives the record of each, None for one that is not wanted. One read for each day of
    the span that is passed, one for each entry; 500 entries at most are looked through for a page.
    """
    page: list[T] = []
    read = 0
    for entries in _pages_back(exchange, log, span):
        for entry, record in zip(entries, wanted(entries), strict=True):
            if record is not None:
                page.append(record)
            if len(page) == limit:
                return page, entry.cursor
        read += len(entries)
        if read >= MOST_READ:
            return page, entries[-1].cursor
    return page, ""


def _pages_back(exchange: "ExchangeTable", log: DayLog, span: DaySpan) -> Iterator[list[Entry]]:
    for day, count in _days_back(exchange, log, span):
        for end in range(count, 0, -AT_ONCE):
            places = range(end, max(end - AT_ONCE, 0), -1)
            items = log.read(day, places) if log.read else _items(exchange, log, day, places)
            entries = [Entry(day, place, items[place]) for place in places if place in items]
            if entries:
                yield entries


def _items(exchange: "ExchangeTable", log: DayLog, day: str, places: Sequence[int]) -> Mapping[int, Json]:
    keys = {log.slot(day, place): place for place in places}
    return {keys[key]: item for key, item in exchange.get_many(keys).items()}


def _days_back(exchange: "ExchangeTable", log: DayLog, span: DaySpan) -> Iterator[tuple[str, int]]:
    """Each day of the span that has entries before the cursor, the newest first, with the number to begin at."""
    cursor_day, _, place = span.after.partition(".")
    newest, oldest = date.fromisoformat(min(span.until, cursor_day or span.until)), date.fromisoformat(span.since)
    days = [(newest - timedelta(days=back)).isoformat() for back in range((newest - oldest).days + 1)]
    for start in range(0, len(days), DAYS_AT_ONCE):
        some = days[start : start + DAYS_AT_ONCE]
        counters = exchange.get_many(log.counter(day) for day in some)
        for day in some:
            count = int(counters.get(log.counter(day), {}).get(log.field, 0))
            if day == cursor_day:
                count = min(count, int(place) - 1)
            if count > 0:
                yield day, count
