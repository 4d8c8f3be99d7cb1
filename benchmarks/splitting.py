"""The cost of splitting one large report: own CPU time, peak memory, chunks.

    python -m benchmarks.splitting [1000000]

An invented GB18030 file goes through the very `take_file` of the queue; the bucket and the tables are stood in for, so
the figures are those of our own code and of nothing else.
"""

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from benchmarks.reading import write_text
from chalicelib.reports.dependencies import Context
from chalicelib.reports.split_report import split_file
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.values.keyed_digest import keyed_digest
from chalicelib.values.records import Json

REPORT = {
    "id": "report#r_1",
    "report_id": "r_1",
    "platform_id": "alpha",
    "status": "received",
    "key": "reports/alpha/r_1/a.csv",
    "file_name": "a.csv",
    "received_at": "2026-03-01T00:00:00.000Z",
}


class Bucket:
    """Holds one file; takes chunks and forgets them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.bytes = 0

    def size(self, _key: str) -> int:
        return self._path.stat().st_size

    def download(self, _key: str, path: Path) -> str:
        shutil.copyfile(self._path, path)
        return "sha"

    def put(self, _key: str, body: bytes) -> None:
        self.bytes += len(body)

    def put_file(self, _key: str, path: Path) -> None:
        self.bytes += path.stat().st_size


class Exchange:
    """Holds one report."""

    def __init__(self) -> None:
        self.report: Json = dict(REPORT)

    def get(self, _item_id: str) -> Json:
        return dict(self.report)

    def set_fields(self, _item_id: str, fields: Json) -> bool:
        self.report.update(fields)
        return True

    def put_new(self, _item: Json) -> None:
        return None


class Queue:
    """Counts messages."""

    def __init__(self) -> None:
        self.messages = 0

    def send(self, messages: Sequence[Json]) -> None:
        self.messages += len(messages)


def main() -> None:
    """Write the file, split it, print the cost."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        write_text(path, rows, "gb18030")
        bucket, exchange, queue = Bucket(path), Exchange(), Queue()
        context = Context(
            exchange=cast("Any", exchange),
            bucket=cast("Any", bucket),
            registry=cast("Any", None),
            files=cast("Any", queue),
            chunks=cast("Any", queue),
            sender=cast("Any", None),
            digest=keyed_digest(b"0" * 32),
            read=read_table_file,
        )
        start = time.process_time()
        split_file(context, REPORT["key"], datetime.now(UTC))
        spent = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        megabytes = path.stat().st_size / 1e6
    done = exchange.report
    print(f"{rows:,} rows, {megabytes:.0f} MB: {done['accepted']:,} accepted, {done['rejected']:,} rejected")
    print(f"{queue.messages:,} chunks, {bucket.bytes / 1e6:.0f} MB written")
    print(f"{spent:.1f} s CPU ({spent / rows * 1e6:.0f} µs a row), peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
