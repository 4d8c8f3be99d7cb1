"""Count the changes of corroboration from their log: each once, for the counts say up to which change they go."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys import verdict_keys
from chalicelib.storage.item_keys.numbered_log_keys import place
from chalicelib.storage.lease import lease
from chalicelib.verdicts.corroboration_counts.counts import CorroborationCounts, count
from chalicelib.verdicts.rules.corroboration_entry import CorroborationEntry, CurrentCorroboration

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

PAGE: Final = 100


def count_corroborations(
    exchange: "ExchangeTable", log: "NumberedLog", now: datetime, time_is_left: Callable[[], bool]
) -> int:
    """Count the changes that came since the last time, one worker at a time; how many. What is left comes next time.

    A page of 100 changes reads these and the changes that were current before them (of changes of earlier versions:
    what is current of their subjects), and writes the counts whole; where there is nothing to count three items are
    read.
    """
    if not log.read(read_counts(exchange).number, 1):
        return 0
    with lease(exchange, "corroborations", now) as ours:
        counted = 0
        counts = read_counts(exchange) if ours else CorroborationCounts({})
        while ours and time_is_left():
            entries = [CorroborationEntry.from_item(item) for item in log.read(counts.number, PAGE)]
            if not entries:
                break
            before = _entries_of(log, {entry.before for entry in entries if entry.before})
            counts = count(counts, entries, before, _last_of_earlier_versions(exchange, log, entries))
            exchange.put({"id": verdict_keys.CORROBORATION_COUNTS, **counts.to_item()})
            counted += len(entries)
        return counted


def read_counts(exchange: "ExchangeTable") -> CorroborationCounts:
    """How many merchants stand in each state, as they were last counted. One item."""
    return CorroborationCounts.from_item(exchange.get(verdict_keys.CORROBORATION_COUNTS) or {})


def _last_of_earlier_versions(
    exchange: "ExchangeTable", log: "NumberedLog", entries: Iterable[CorroborationEntry]
) -> set[int]:
    """The numbers of those of the entries that were the last of their subjects before entries named the one before.

    Found from the current entry of each subject back, which is as a rule the entry itself.
    """
    subjects = {entry.subject_id for entry in entries if entry.before is None}
    items = exchange.get_many(map(verdict_keys.current_corroboration, subjects)).values()
    numbers, last = {CurrentCorroboration.from_item(item).number for item in items}, set[int]()
    while numbers:
        earlier = _entries_of(log, numbers)
        last |= {number for number, entry in earlier.items() if entry.before is None}
        numbers = {entry.before for entry in earlier.values() if entry.before}
    return last


def _entries_of(log: "NumberedLog", numbers: Iterable[int]) -> dict[int, CorroborationEntry]:
    items = log.at_places({place(number) for number in numbers}).values()
    return {entry.number: entry for entry in map(CorroborationEntry.from_item, items)}
