"""The cost of a government list: a million rows read, sorted and compared, and ten thousand changes saved.

    python -m benchmarks.feeds [rows [changes]]

The list is invented. Memory is the peak of this whole process. Write units are those of
DynamoDB's price list (`priced_store.py`) for the save and for the posting lists; the change feed adds four writes for
each change, the index of ends one, corroboration four for each subject whose state changes.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks.ingest import row
from benchmarks.priced_store import PricedStore
from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.apply_delta import CHUNK
from chalicelib.government_lists.compute_delta import AppliedList, Delta, compute_delta
from chalicelib.government_lists.rules.entry_changes import changes, entry_of
from chalicelib.government_lists.rules.feed import FEEDS
from chalicelib.government_lists.rules.fetched_list import FetchedList
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.registry import save_subject_changes
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.dynamodb_values import from_item
from chalicelib.table_files.read_table_file import read_table_file

FEED = FEEDS["serious_violations"]
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,DECORG_CN,REMEXCPRES_CN,REMDATE\n"


def main() -> None:
    """Print what the first pull, a second with changes, and the saving of these changes cost."""
    given = [int(text) for text in sys.argv[1:]]
    size, changed = (given + [1_000_000, 10_000][len(given) :])[:2]
    print(f"before anything: {peak()} MB")
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        third = changed // 3
        first = write(folder / "first.csv", range(size - third), changed=0)
        before = pull("first pull", folder, first, AppliedList(None, 0))
        numbers = list(range(third, size))
        random.Random(5).shuffle(numbers)
        second = write(folder / "second.csv", numbers, changed=2 * third)
        after = pull("second pull", folder, second, AppliedList(before.entries, size - third))
        print(f"  {after.changed} changes")
        save(islice(sort_large_list.read(after.changes), changed))


def write(path: Path, numbers: Iterable[int], changed: int) -> Path:
    """A list of these invented firms; those numbered below `changed` have another reason than usual."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in numbers:
            reason = "提交虚假材料骗取登记" if number < changed else "组织虚假交易。情节严重"
            code = row(number, "")["uscc"]
            file.write(
                f"{code},示例{number}商贸有限公司,{reason.replace('，', '。')},2025-08-28,某市市场监督管理局,,\n"
            )
    return path


def pull(label: str, folder: Path, path: Path, applied: AppliedList) -> Delta:
    """Read and compare a list, and print the speed."""
    place = folder / label.replace(" ", "-")
    place.mkdir()
    began, cpu = time.perf_counter(), time.process_time()
    fetched = FetchedList((path,), True, {}, "0" * 64)
    delta = compute_delta(read_table_file, FEED, fetched, applied, place, date(2026, 3, 1))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    files = sum(file.stat().st_size for file in place.iterdir()) / 1e6
    print(
        f"{label}: {delta.rows:,} rows in {seconds:.0f} s, "
        f"{cpu:.0f} s of CPU, {delta.rows / cpu:,.0f} rows/s of CPU, "
        f"peak {peak()} MB, "
        f"{path.stat().st_size / 1e6:.0f} MB of list, {files:.0f} MB of files beside it"
    )
    return delta


def save(delta_changes: Iterator[tuple[str, str]]) -> None:
    """Save the records as new listings, then as ended ones, over a store that prices each call."""
    store = PricedStore({"subjects": "subject_id", "keys": "key", "exchange": "id"})
    registry = RegistryTable(store, "subjects", "keys", "exchange")
    records = [entry_of(FEED, json.loads(change)["record"]) for _, change in delta_changes]
    for gone, at in ((False, "2026-03-01T00:00:00.000Z"), (True, "2026-03-02T00:00:00.000Z")):
        before = {key: Subject.from_item(from_item(item)) for key, item in store.tables["subjects"].items()}
        store.forget()
        began = time.perf_counter()
        for start in range(0, len(records), CHUNK):
            some = records[start : start + CHUNK]
            save_subject_changes.save_all(
                registry, [change for record in some for change in changes(FEED, record, gone=gone, at=at)]
            )
        seconds, saves = time.perf_counter() - began, store.writes
        for key, item in list(store.tables["subjects"].items()):
            update_posting_lists(registry, [(before.get(key), Subject.from_item(from_item(item)))])
        print(
            f"{'ended' if gone else 'new'}: {len(records):,} changes, {len(records) / seconds:,.0f}/s of own time, "
            f"{saves / len(records):.2f} write units each for the save and "
            f"{(store.writes - saves) / len(records):.2f} for the posting lists, peak {peak()} MB"
        )


def peak() -> int:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
