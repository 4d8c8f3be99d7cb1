"""Rows of a delivery of changes that end an entry without naming its day are matched with the entries that there are.

They are kept until the whole delivery was read, for the entry may stand in it further down; then the list as it was
applied is read once, and only where there are such rows.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.rules.ends.end_without_day import EndOfEntry, read_end
from chalicelib.government_lists.rules.entry_changes import Entry, entry_of
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.list_row import ListEntry
from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.table_files.rules.table_row import TableRow

# So many rows are kept, and so many entries of the delivery itself.
MOST_ROWS: Final = 10_000
MOST_ENTRIES: Final = 50_000


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was rejected, and the part of the delivery (from 1 on) in which it stands."""

    rejection: Rejection
    row: TableRow
    part: int


@dataclass(slots=True)
class EndedEntries:
    """The rows that end an entry without its day, and the entries of the same delivery."""

    feed: Feed
    today: date
    whole: bool
    _ends: list[tuple[EndOfEntry, RejectedRow]] = field(default_factory=list)
    _entries: dict[str, ListEntry] = field(default_factory=dict)

    def note(self, entry: Entry) -> None:
        """Remember an entry of this delivery."""
        if isinstance(entry, ListEntry) and not self.whole and len(self._entries) < MOST_ENTRIES:
            self._entries[entry.key] = entry

    def takes(self, rejected: RejectedRow) -> bool:
        """Whether the row says that an entry has ended; then it is kept until `resolve`."""
        if self.whole or LISTS[self.feed.list_type].rows == "registration" or len(self._ends) >= MOST_ROWS:
            return False
        cells = rejected.row.cells or {}
        end = read_end(rejected.rejection, cells, self.feed.list_type, self.today.isoformat())
        if end:
            self._ends.append((end, rejected))
        return end is not None

    def resolve(self, applied: Path | None) -> Iterator[ListEntry | RejectedRow]:
        """Each entry that a kept row ends, and each kept row that names none.

        A row with the number of a document ends every entry of that decision; one with a company alone ends its entry
        where there is only one.
        """
        named: list[dict[str, ListEntry]] = [{} for _ in self._ends]
        for entry in self._known(applied) if self._ends else ():
            for place, (end, _) in enumerate(self._ends):
                if end.may_name(entry):
                    named[place][entry.key] = entry
        for entries, (end, rejected) in zip(named, self._ends, strict=True):
            if entries and (end.document_no or len(entries) == 1):
                yield from (end.of(entry) for entry in entries.values())
            else:
                yield rejected

    def _known(self, applied: Path | None) -> Iterator[ListEntry]:
        """The entries of the list as it was applied, then those of the delivery, which are newer."""
        for _, text in sort_large_list.read(applied) if applied else ():
            entry = entry_of(self.feed, json.loads(text))
            if isinstance(entry, ListEntry):
                yield entry
        yield from self._entries.values()
