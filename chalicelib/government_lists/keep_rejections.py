"""The rejected rows of each pull are kept, masked, so that an operator sees which companies a list lost and why.

One file of the bucket for each delivery, whose lifecycle erases it after 90 days; at most `MOST_ROWS` rows and
`MOST_BYTES` of a pull are kept, and the counts say when that was not all.
"""

import json
from collections import Counter
from dataclasses import dataclass
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
    from chalicelib.government_lists.feed_status import FeedStatus
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
        if isinstance(entry, ListEntry) and entry.warnings:
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
    """Where the rejected rows of a delivery are kept; `version` is the first 16 digits of its SHA-256."""
    return f"results/feed-rejections/{feed_name}/{version}"


def keep_rejections(bucket: "FileBucket", key: str, rows: Path, kept: int, rejected: int) -> None:
    """Keep the rejected rows that a collector wrote, with how many there were; nothing where there were none."""
    if kept:
        counts = {"rejected": rejected, "kept": kept}
        bucket.put(key, json.dumps(counts).encode() + b"\n" + rows.read_bytes())


@dataclass(frozen=True, slots=True)
class RejectionPage:
    """Some of the kept rows of a delivery: how many rows it rejected, how many are kept, where to read on ('' at the
    end)."""

    version: str
    rejected: int
    kept: int
    rows: list[Json]
    next: str


def read_rejections(bucket: "FileBucket", status: "FeedStatus", version: str, after: int, limit: int) -> RejectionPage:
    """The kept rows of a delivery after that many, `limit` at most; without a version those of the newest one.

    Raises `NotFound` for a version of which no row was rejected, or whose rows were erased.
    """
    newest = status.hold.version if status.hold else status.state.version
    key = rejections_key(status.feed.name, version or newest)
    if not (newest or version) or not bucket.has(key):
        if version:
            raise NotFound(ErrorCode.NOT_FOUND, version=version)
        return RejectionPage(newest, 0, 0, [], "")
    lines = bucket.lines(key)
    counts = json.loads(next(lines))
    page = [json.loads(line) for line in islice(lines, after, after + limit)]
    end = after + len(page)
    more = str(end) if page and end < counts["kept"] else ""
    return RejectionPage(version or newest, counts["rejected"], counts["kept"], page, more)
