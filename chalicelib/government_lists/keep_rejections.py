"""The rejected rows of each pull are kept, masked, so that an operator sees which companies a list lost and why.

One file of the bucket for each delivery, whose lifecycle erases it after 90 days; at most `MOST_ROWS` rows and
`MOST_BYTES` of a pull are kept, and the counts say when that was not all.
"""

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.errors import NotFound
from chalicelib.government_lists.rules.columns.rejected_row import rejected_row
from chalicelib.government_lists.rules.columns.unneeded_columns import unknown_headers
from chalicelib.government_lists.rules.entry_changes import Entry
from chalicelib.government_lists.rules.list_row import ListEntry
from chalicelib.government_lists.rules.pull_findings import PullFindings
from chalicelib.messages import ErrorCode
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.table_files.rules.suggest_headers import FileHeaders
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

MOST_ROWS: Final = 1_000
MOST_BYTES: Final = 4 << 20
MOST_COLUMNS: Final = 40


class FindingsCollector:
    """Collects, row by row, what a pull's reader remarks; the rejected rows go to a file on disk."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "rejected.jsonl"
        self._file = self.path.open("w", encoding="utf-8", newline="\n")
        self._bytes = self._kept = 0
        self._warnings: Counter[str] = Counter()
        self._unknown: dict[str, None] = {}
        self._headers, self._seen = FileHeaders(), set[tuple[str, ...]]()

    def __enter__(self) -> "FindingsCollector":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def note_row(self, row: TableRow) -> None:
        """Note the columns of a row's table that nothing here knows."""
        if row.unread and row.unread not in self._seen and len(self._seen) < MOST_COLUMNS:
            self._seen.add(row.unread)
            unknown = unknown_headers(row.unread)
            self._headers.see(tuple(unknown), row.headers)
            self._unknown |= dict.fromkeys(mask_personal(header.strip())[0] for header in unknown)

    def note_entry(self, entry: Entry) -> None:
        """Count the remarks on an entry that was taken."""
        if isinstance(entry, ListEntry):
            self._warnings.update(entry.warnings)

    def note_rejection(self, rejection: Rejection, row: TableRow, part: int) -> None:
        """Keep a rejected row, as long as there is room."""
        if self._kept >= MOST_ROWS or self._bytes >= MOST_BYTES:
            return
        line = json.dumps(rejected_row(rejection, row, part), ensure_ascii=False, separators=(",", ":")) + "\n"
        self._file.write(line)
        self._kept += 1
        self._bytes += len(line.encode())

    def findings(self) -> PullFindings:
        """What was found."""
        return PullFindings(
            warnings=dict(sorted(self._warnings.items())),
            unknown_columns=tuple(islice(self._unknown, MOST_COLUMNS)),
            nearest=self._headers.nearest().get("nearest", {}),
            kept_rejections=self._kept,
        )


def rejections_key(feed_name: str, version: str) -> str:
    """Where the rejected rows of a delivery are kept."""
    return f"results/feed-rejections/{feed_name}/{version}"


def read_rejections(
    bucket: "FileBucket", feed_name: str, version: str, after: int, limit: int
) -> tuple[list[Json], bool]:
    """The kept rows after that many, `limit` at most, and whether there are more. `NotFound` once they are erased."""
    key = rejections_key(feed_name, version)
    if not bucket.has(key):
        raise NotFound(ErrorCode.NOT_FOUND, version=version)
    lines = list(islice(bucket.lines(key), after, after + limit + 1))
    return [json.loads(line) for line in lines[:limit]], len(lines) > limit
