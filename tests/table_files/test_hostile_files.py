"""Files made to harm their reader: each ends as a refusal, within memory and CPU time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.hostile_files.measure import measure
from benchmarks.hostile_files.texts import TEXTS
from benchmarks.hostile_files.workbooks import WORKBOOKS

MOST_MEGABYTES = 256
MOST_SECONDS = 10
# What is merely odd is read, and costs as much as its rows.
READ = {
    "cell of 30 MB",
    "6,000,000 empty shared strings",
    "CSV of 100 MB without a line end",
    "CSV of 100,000 quotes that never close",
    "1,000,000 rows of a digit",
    "workbook in a workbook",
    "200,000 merged cells",
}
QUICK = ("cell at XFD1048576", "cell at ZZ60000, by an entity", "XLS with a cell at the last row and column")


def held(path: Path, make: Callable[[Path], None], name: str) -> None:
    make(path)
    cost = measure(path)
    assert max(cost.worker_megabytes, cost.reader_megabytes) < MOST_MEGABYTES, cost
    if name in READ:
        assert cost.code == ""
        assert cost.rows
        return
    assert cost.code in {"too_large", "unreadable_file", "unknown_columns", "empty_file"}, cost
    assert cost.seconds < MOST_SECONDS, cost


@pytest.mark.parametrize("name", QUICK)
def test_a_small_file_that_would_take_gigabytes_is_refused(tmp_path: Path, name: str) -> None:
    held(tmp_path / "file", {**WORKBOOKS, **TEXTS}[name], name)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted({**WORKBOOKS, **TEXTS}))
def test_every_hostile_file_stays_within_memory_and_time(tmp_path: Path, name: str) -> None:
    held(tmp_path / "file", {**WORKBOOKS, **TEXTS}[name], name)
