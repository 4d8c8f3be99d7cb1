"""What holds for every file, whatever is in it."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import FileRefused
from chalicelib.reports.rules.eviction import Eviction, Rejection
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.table_files.workbooks.workbook import read_workbook
from tests.support.builders import uscc
from tests.table_files.example_files import HEADER, TODAY, outcome, row, shown, text, workbook

cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
line = st.tuples(st.sampled_from(["甲店", "乙店"]), cell, st.sampled_from([uscc(1), "9111", ""]) | cell, cell, cell)
FILES = [
    text([HEADER, *(row(n) for n in range(1, 20))]).encode(),
    text([HEADER, *(row(n) for n in range(1, 20))], "\t").encode("gb18030"),
    text([HEADER, *([f'"{c}"' for c in row(n)] for n in range(1, 20))], ";", "\r\n").encode("utf-16"),
    json.dumps([{"uscc": uscc(n), "evicted_on": "2021-07-01", "reason_text": "售假"} for n in range(20)]).encode(),
    "\n".join(json.dumps({"uscc": uscc(n), "name": "霁昱商行"}) for n in range(20)).encode(),
    workbook({"清退": [HEADER, *(row(n) for n in range(1, 20))]}),
]


def _ends(content: bytes) -> list[tuple[int, str]]:
    """Each row's number and end, or the refusal of the file: nothing else may come of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        ends = []
        try:
            for record in read_table_file(path, "file", read_workbook=read_workbook):
                taken = validate_row(record.number, record.cells, today=TODAY, digest=shown, headers=record.headers)
                assert isinstance(taken, Eviction | Rejection)
                ends.append((record.number, taken.code if isinstance(taken, Rejection) else "accepted"))
        except FileRefused as refusal:
            return [(0, refusal.code)]
    return ends


@settings(max_examples=150, deadline=None)
@given(
    st.lists(line, min_size=1, max_size=30), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "gb18030", "utf-16"])
)
def test_every_row_of_any_table_ends_once(rows: list[tuple[str, ...]], delimiter: str, encoding: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([["店铺名称", "备注二", *HEADER[2:]], *rows])
    ends = _ends(file.getvalue().encode(encoding))
    assert [number for number, _end in ends] == list(range(1, len(rows) + 1))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["name", "uscc", "evicted_on", "x"]), cell | st.integers()), min_size=1)
)
def test_every_line_of_json_ends_once(rows: list[dict[str, object]]) -> None:
    first = {"uscc": uscc(1), "evicted_on": "2021-07-01"}
    ends = _ends("\n".join(json.dumps(value) for value in [first, *rows]).encode())
    assert [number for number, _end in ends] == list(range(1, len(rows) + 2))


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(max_size=6)), max_size=6), st.data()
)
def test_a_damaged_file_is_read_or_refused_and_never_more(
    content: bytes, changes: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    damaged = bytearray(content)
    for place, piece in changes:
        at = place % len(damaged)
        damaged[at : at + len(piece)] = piece
    damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    ends = _ends(bytes(damaged))
    assert ends == [(0, ends[0][1])] or [number for number, _end in ends] == list(range(1, len(ends) + 1))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert _ends(content)


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    assert outcome(tmp_path, FILES[5], "report.csv") == outcome(tmp_path, FILES[0], "report.xlsx") == (19, {})


def test_a_refusal_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        outcome(tmp_path, b"", "七月.csv")
    assert refused.value.details["file_name"] == "七月.csv"


def test_the_same_file_gives_the_same_records() -> None:
    for content in FILES:
        assert _ends(content) == _ends(content)
