"""The cost of screening a roster: own CPU time and memory, for lists of growing size and for rosters of growing size.

    python -m benchmarks.rosters [listings ...]
    python -m benchmarks.rosters --split rows

The second takes one file of so many rows apart into shards, as `roster_file_arrived` does.

Names are invented. The snapshot is built by the code of the scheduled job, part by part, and read as workers read it.
A tenth of a per cent of the merchants are listed, by code and by name; as many again bear a disguised name of somebody
listed. Memory is the peak of a process of its own that holds nothing but one snapshot and one shard of 5,000 merchants.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from benchmarks.ingest import row
from benchmarks.invented_names import KINDS, Firm, disguise, firms
from benchmarks.lookup import subject_of
from chalicelib.matching.blocking_keys import POSTING_CAP
from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.rosters import split_roster
from chalicelib.rosters.receive_roster import Sending, new_roster
from chalicelib.rosters.rules.build_snapshot import SnapshotPart, assemble
from chalicelib.rosters.rules.merge_roster import SHARD
from chalicelib.rosters.rules.snapshot_format import Snapshot
from chalicelib.rosters.screen_roster import screen
from chalicelib.rosters.take_registry_snapshot import PART
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.values.keyed_digest import keyed_digest
from chalicelib.values.records import Json

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MERCHANTS = 100_000
LISTED_SHARE = 1_000  # one in so many merchants is listed, one in so many is disguised


class NoExchange:
    """Nothing was decided by anybody."""

    def get_many(self, _ids: Any) -> Json:
        """No item."""
        return {}


def main() -> None:
    """Print one line for each size of the list, and for each tenth of the roster."""
    given = [text for text in sys.argv[1:] if not text.startswith("--")]
    if "--of" in sys.argv:
        measure(Path(given[0]), Path(given[1]), int(given[2]))
        return
    if "--split" in sys.argv:
        split(int(given[0]))
        return
    sizes = [int(size) for size in given] or [10_000, 100_000, 1_000_000]
    print("listings   build s (part, merge)   snapshot MB   merchants   ms CPU/merchant   s CPU   found   peak MB")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "snapshot"
            built = build(path, size)
            for count in (MERCHANTS // 10, MERCHANTS) if size == sizes[0] else (MERCHANTS,):
                merchants = Path(folder) / f"roster-{count}"
                with merchants.open("w", encoding="utf-8") as target:
                    target.writelines(
                        json.dumps(merchant, ensure_ascii=False) + "\n" for merchant in roster(size, count)
                    )
                child = [sys.executable, "-m", "benchmarks.rosters", str(path), str(merchants), str(count), "--of"]
                line = subprocess.run(child, check=True, capture_output=True, text=True).stdout.strip()
                print(f"{size:9,}   {built}   {path.stat().st_size / 1e6:11.0f}   {line}", flush=True)


def build(path: Path, size: int) -> str:
    """Write the snapshot of so many invented listings; and measure it."""
    began = time.process_time()
    packed, part = [], SnapshotPart()
    for number, firm in enumerate(listed(size)):
        part.add(subject_of(number, firm.name))
        if len(part) == PART:
            packed.append(part.pack())
            part = SnapshotPart()
    if len(part):
        packed.append(part.pack())
    parts = time.process_time() - began
    with path.open("wb") as target:
        target.writelines(assemble(packed, "2026-03-01T00:00:00.000Z", POSTING_CAP))
    return f"{parts:13.0f} {time.process_time() - began - parts:7.0f}"


def listed(size: int) -> Iterator[Firm]:
    """The firms that are listed; past 200,000 the brand of an earlier one with other characters in front."""
    most = min(size, 200_000)
    first = firms(most, seed=7)
    yield from first
    rng = random.Random(3)
    characters = sorted({char for firm in first[:5_000] for char in firm.brand})
    for number in range(size - most):
        firm = first[number % most]
        brand = rng.choice(characters) + rng.choice(characters) + firm.brand[-1]
        yield Firm(firm.code, firm.place, brand, firm.trade, firm.form)


def roster(size: int, count: int) -> Iterator[Json]:
    """So many merchants, each with a code and a name."""
    rng = random.Random(1)
    listed_firms = firms(min(size, 10_000), seed=7)
    for number, firm in enumerate(firms(count, seed=99)):
        merchant = {"id": f"S{number}", "uscc": f"92330106MB{number:08d}", "name": firm.name}
        if number % LISTED_SHARE == 0:
            place = rng.randrange(len(listed_firms))
            merchant |= {"uscc": f"91110105MA{place:08d}", "name": listed_firms[place].name}
        elif number % LISTED_SHARE == 1:
            name = disguise(rng.choice(KINDS), rng.choice(listed_firms), rng)
            merchant = {"id": f"S{number}", "name": name or firm.name}
        yield merchant


def measure(path: Path, roster_path: Path, count: int) -> None:
    """Screen a roster shard by shard, and print the cost."""
    before = peak()
    snapshot = Snapshot(path.read_bytes())
    hits, spent = 0, 0.0
    with roster_path.open(encoding="utf-8") as lines:
        while some := list(islice(lines, SHARD)):
            shard = {merchant["id"]: Merchant.from_item(merchant) for merchant in map(json.loads, some)}
            began = time.process_time()
            hits += len(screen(snapshot, cast("Any", NoExchange()), (), "beta", shard, NOW))
            spent += time.process_time() - began
    print(f"{count:9,}   {spent / count * 1000:15.3f}   {spent:5.1f}   {hits:5}   {peak():4} (before: {before})")


class OnDisk:
    """A bucket that only counts."""

    def __init__(self) -> None:
        self.objects = 0

    def put_file(self, _key: str, _path: Path) -> None:
        """Count it."""
        self.objects += 1


def split(rows: int) -> None:
    """Take a file of so many rows apart, and print the cost."""
    bucket = OnDisk()
    context: Any = SimpleNamespace(bucket=bucket, read=read_table_file, digest=lambda: keyed_digest(b"0" * 32))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with path.open("w", encoding="gb18030") as target:
            target.write("商家ID,统一社会信用代码,主体名称,联系电话\n")
            for number in range(rows):
                code, phone = row(number % 1_000_000, "")["uscc"], 13_000_000_000 + number
                target.write(f"S{number},{code},杭州示例{number}号商贸有限公司,{phone}\n")
        began = time.process_time()
        sending = Sending(platform_id="beta", file_name="a.csv", mode="full")
        roster = new_roster(sending, "o_1", NOW)
        done = split_roster.split(context, roster, path)
        spent = time.process_time() - began
        size = path.stat().st_size / 1e6
    print(
        f"{rows:,} rows ({size:.0f} MB): {spent:.0f} s CPU, {done.accepted:,} accepted, "
        f"{done.split} shards, {bucket.objects} objects, peak {peak()} MB"
    )


def peak() -> int:
    """The most memory that this process has held so far, in MB; what a child inherits of its parent does not count."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


if __name__ == "__main__":
    main()
