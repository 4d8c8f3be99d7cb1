"""What a row of a report costs: own CPU time, calls and write units, for lists of growing size.

    python -m benchmarks.ingest [1000 10000 100000]

Rows are normalised, saved and filed under their keys over a store in memory that prices each call (priced_store.py).
The change feed adds two reads and four writes for each change, whatever the size of the list.
"""

import sys
import time
from datetime import date
from itertools import pairwise

from benchmarks.invented_names import firms
from benchmarks.lookup import fill
from benchmarks.priced_store import PricedStore
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.registry import save_subject_changes
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.registry.rules.subject import Subject
from chalicelib.reports import save_report_rows
from chalicelib.reports.rules.eviction import Eviction
from chalicelib.reports.rules.report import Report
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.storage.dynamodb_values import from_item
from chalicelib.values import organisation_codes
from chalicelib.values.keyed_digest import keyed_digest

ROWS = 1_000
REPORT = Report(
    id="report#r_1",
    report_id="r_1",
    platform_id="alpha",
    file_name="a.jsonl",
    key="reports/alpha/r_1/a.jsonl",
    received_at="2026-03-01T00:00:00.000Z",
    status="processing",
)


def main() -> None:
    """Print one line for each size of the list."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]
    names = [firm.name for firm in firms(max(sizes) + ROWS * len(sizes), seed=11)]
    store = PricedStore({"subjects": "subject_id", "keys": "key", "exchange": "id"})
    registry = RegistryTable(store, "subjects", "keys", "exchange")
    print("listings   ms CPU/row: normalise  save  file   calls/row   write units/row   read units/row")
    filled = 0
    for place, size in enumerate(sorted(sizes)):
        for number in range(filled, size):
            fill(registry, store, number, names[number])
        filled = size
        start = max(sizes) + place * ROWS
        measure(registry, store, size, names[start : start + ROWS], start)


def measure(registry: RegistryTable, store: PricedStore, size: int, names: list[str], first: int) -> None:
    """Take the rows of one report all the way and print what each cost."""
    rows = [row(first + number, name) for number, name in enumerate(names)]
    digest = keyed_digest(b"0" * 32)
    store.forget()
    times = [time.process_time()]
    taken = [validate_row(number, cells, today=date(2026, 3, 1), digest=digest) for number, cells in enumerate(rows)]
    evictions = [one for one in taken if isinstance(one, Eviction)]
    assert len(evictions) == len(rows), taken
    times.append(time.process_time())
    changes = [
        save_report_rows.change_of(REPORT, number, one, "2026-03-01T00:00:01.000Z")
        for number, one in enumerate(evictions)
    ]
    save_subject_changes.save_all(registry, changes)
    times.append(time.process_time())
    for change in changes:
        saved = Subject.from_item(from_item(store.tables["subjects"][change.subject_id]))
        update_posting_lists(registry, [(None, saved)])
    times.append(time.process_time())
    each = [(after - before) / len(rows) * 1000 for before, after in pairwise(times)]
    print(
        f"{size:8,}   {each[0]:20.3f} {each[1]:5.2f} {each[2]:5.2f}   {sum(store.calls.values()) / len(rows):9.1f}   "
        f"{store.writes / len(rows):15.1f}   {store.reads / len(rows):14.2f}"
    )


def row(number: int, name: str) -> dict[str, str]:
    """The cells of one invented row."""
    body = f"MA{number:06d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(weight * int(char, 36) for weight, char in zip(weights, body, strict=True)) % 11) % 11
    first = "91110105" + body + "0123456789X"[check]
    return {
        "uscc": first + organisation_codes.uscc_check_character(first),
        "name": name,
        "evicted_on": "2026/1/2",
        "reason_text": "销售假冒注册商标商品",
        "evidence_level": "E2",
    }


if __name__ == "__main__":
    main()
