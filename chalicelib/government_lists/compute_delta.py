"""What was read is held against what was known: two sorted lists side by side, on disk, in little memory."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.rules.entry_changes import read_row
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.fetched_list import Arrival
from chalicelib.government_lists.rules.hold_thresholds import Counts
from chalicelib.government_lists.sort_large_list import Record, Sorter, Writer
from chalicelib.reports.rules.eviction import Rejection

if TYPE_CHECKING:
    from chalicelib.table_files.read_table_file import Record as Row

# (file, what it is called in a refusal, names of columns that only this source uses) -> its rows
Read = Callable[[Path, str, Mapping[str, str]], "Iterator[Row]"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The list as it is now (`records`) and what changed (`changes`), as sorted files, with counts of both."""

    records: Path
    changes: Path
    changed: int
    rows: int
    counts: Counts


def compare(
    read: Read, feed: Feed, arrival: Arrival, known: Path | None, before: int, folder: Path, today: date
) -> Comparison:
    """Read everything that arrived and compare it with the `before` records of `known`. Raises `FileRefused`.

    In `changes` each line is `{"record": …, "gone": bool}`; of a record that vanished it is the last known one.
    """
    sorter = Sorter(folder)
    rows = rejected = future = 0
    for part in arrival.parts:
        for row in read(part, part.name, feed.headers):
            rows += 1
            taken = read_row(feed, row.row, row.cells, today, row.headers)
            if isinstance(taken, Rejection):
                rejected += 1
                future += taken.code == "future_date"
            elif taken:
                sorter.add(*taken)
    olds = sort_large_list.read(known) if known else iter(())
    news = sorter.records(_settled if arrival.whole else _latest)
    with Writer(folder / "records.gz") as records, Writer(folder / "changes.gz") as changes:
        for key, old, new in sort_large_list.beside(olds, news):
            now, change = _next(old, new, arrival.whole)
            if now:
                records.write(key, now)
            if change:
                changes.write(key, change)
    counts = Counts(before, records.count, rejected, future)
    return Comparison(folder / "records.gz", folder / "changes.gz", changes.count, rows, counts)


def _next(old: Record | None, new: Record | None, whole: bool) -> tuple[Record | None, Record | None]:
    """The record as it is from now on, and what has to be saved, if anything."""
    if new is None:
        return (None, {"record": old, "gone": True}) if whole else (old, None)
    if old and not whole and new.get("updated_at", "") < old.get("updated_at", ""):
        # An older issue that was delivered late.
        return old, None
    if new.get("gone"):
        return None, {"record": old or _plain(new), "gone": True}
    return new, None if old and _plain(old) == _plain(new) else {"record": new, "gone": False}


def _plain(record: Record) -> Record:
    """The record without what changes at each issue."""
    return {field: value for field, value in record.items() if field not in ("updated_at", "gone")}


def _settled(_place: int, record: Record) -> Any:
    """Of several rows of one entry in a whole list, whatever their order: the newest, then the one that was removed."""
    text = json.dumps(record, sort_keys=True)
    return record.get("updated_at", ""), "gone" in record, record.get("removed_on", ""), text


def _latest(place: int, record: Record) -> Any:
    """Of several rows of one entry among changes: the newest, then the last."""
    return record.get("updated_at", ""), place
