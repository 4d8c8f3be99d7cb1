"""The list that was fetched is compared with the list as it was applied last: two sorted lists, on disk."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.dependencies import ReadRows
from chalicelib.government_lists.find_ended_entries import EndedEntries, RejectedRow
from chalicelib.government_lists.keep_rejections import FindingsCollector
from chalicelib.government_lists.rules import entry_repair
from chalicelib.government_lists.rules.entry_changes import Entry, entry_of, entry_text, read_row
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.fetched_list import FetchedList
from chalicelib.government_lists.rules.hold_thresholds import Counts
from chalicelib.government_lists.rules.list_row import ListEntry
from chalicelib.government_lists.rules.pull_findings import PullFindings
from chalicelib.government_lists.sort_large_list import Sorter, Writer
from chalicelib.reports.rules.eviction import Rejection

ReadEntry = Callable[[str], Entry]


@dataclass(frozen=True, slots=True)
class AppliedList:
    """The list as it was applied last: how many entries, and the sorted file that holds them; None before the first."""

    path: Path | None
    entries: int


@dataclass(frozen=True, slots=True)
class Delta:
    """The list as it is now (`entries`) and what changed (`changes`), as sorted files, with counts of both.

    In `changes` each line is `{"record": …, "gone": bool}`; of an entry that vanished it is the last one that was
    applied. `rejected` is the file with the rejected rows that are kept.
    """

    entries: Path
    changes: Path
    changed: int
    rows: int
    counts: Counts
    findings: PullFindings
    rejected: Path


def compute_delta(
    read: ReadRows, feed: Feed, fetched: FetchedList, applied: AppliedList, folder: Path, today: date
) -> Delta:
    """Read everything that was fetched and compare it with the list as it was applied. Raises `FileRefused`."""
    sorter, ended = Sorter(folder), EndedEntries(feed, today, fetched.whole)
    rows = rejected = future = persons = 0
    with FindingsCollector(folder) as collector:
        for number, part in enumerate(fetched.parts, 1):
            for row in read(part, part.name, feed.headers):
                rows += 1
                collector.note_row(row)
                entry = read_row(feed, row, today)
                if isinstance(entry, Rejection):
                    if not ended.takes(RejectedRow(entry, row, number)):
                        rejected += 1
                        future += entry.code == "future_date"
                        collector.note_rejection(entry, row, number)
                elif entry:
                    collector.note_entry(entry)
                    ended.note(entry)
                    sorter.add(entry.key, entry_text(entry))
                else:
                    persons += 1
        rejected += _add_ended(sorter, ended, applied, collector)
    total, changed = _write(sorter, feed, fetched.whole, applied, folder)
    return Delta(
        folder / "records.gz",
        folder / "changes.gz",
        changed,
        rows,
        Counts(applied.entries, total, rejected, future, persons),
        collector.findings(),
        collector.path,
    )


def _add_ended(sorter: Sorter, ended: EndedEntries, applied: AppliedList, collector: FindingsCollector) -> int:
    """Take the ends of entries that rows name without their day; how many of these rows name none, and are rejected."""
    rejected = 0
    for each in ended.resolve(applied.path):
        if isinstance(each, RejectedRow):
            rejected += 1
            collector.note_rejection(each.rejection, each.row, each.part)
        else:
            sorter.add(each.key, entry_text(each))
    return rejected


def _write(sorter: Sorter, feed: Feed, whole: bool, applied: AppliedList, folder: Path) -> tuple[int, int]:
    """Write the entries as they are now and what changed; how many of both."""

    def read_entry(text: str) -> Entry:
        return entry_of(feed, json.loads(text))

    def rank(place: int, text: str) -> Any:
        entry = read_entry(text)
        return _rank_in_whole(entry, text) if whole else (entry.updated_at, place)

    olds = sort_large_list.read(applied.path) if applied.path else iter(())
    with Writer(folder / "records.gz") as entries, Writer(folder / "changes.gz") as changes:
        for key, old, new in sort_large_list.side_by_side(olds, sorter.entries(rank)):
            now, change = _vanished(old, whole) if new is None else _next(old, new, whole, read_entry)
            if now:
                entries.write(key, now)
            if change:
                changes.write(key, change)
        return entries.count, changes.count


def _vanished(old: str | None, whole: bool) -> tuple[str | None, str | None]:
    """What becomes of an entry that was not fetched: gone if the whole list was."""
    return (None, _change(old or "", gone=True)) if whole else (old, None)


def _next(old: str | None, new: str, whole: bool, read_entry: ReadEntry) -> tuple[str | None, str | None]:
    """The entry as it is from now on, and the change that has to be saved, if any."""
    if old == new:
        return new, None
    before, now = read_entry(old) if old else None, read_entry(new)
    if before and not whole and now.updated_at < before.updated_at:
        # An older issue that was delivered late.
        return old, None
    if now.gone:
        return None, _change(old or entry_text(_lasting(now)), gone=True)
    return new, None if before and _lasting(before) == _lasting(now) else _change(new, gone=False)


def _change(text: str, *, gone: bool) -> str:
    return f'{{"gone":{json.dumps(gone)},"record":{text}}}'


def _lasting(entry: Entry) -> Entry:
    """The entry without what changes at each issue."""
    return entry.replace(updated_at="", gone=False)


def _rank_in_whole(entry: Entry, text: str) -> tuple[str, bool, str, bool, str]:
    """Of several rows of one entry in a whole list, whatever their order: the newest, then the one that has ended, then
    the one that is in doubt."""
    if not isinstance(entry, ListEntry):
        return entry.updated_at, entry.gone, "", False, text
    return entry.updated_at, entry_repair.has_ended(entry), entry.removed_on, bool(entry.state), text
