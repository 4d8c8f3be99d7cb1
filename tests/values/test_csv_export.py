"""No cell of any file that leaves is run by a spreadsheet."""

import ast
import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.values.csv_export import csv_lines, neutral

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+86", "-2", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "﹢1", "−1", " =1", "\u3000=1", "\u200b=1",
     "\ufeff@x", "\t=1", "\n=1", "\r\n=1", "\x00=1", "\u202e=1", "\tx", "\u2028x"],
)  # fmt: skip
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "杭州示例商贸有限公司", "a=b", "3-1", "'=1", "（1）", "2026-03-01"])
def test_what_none_runs_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) == cell


@given(
    st.lists(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=4), max_size=4)
)
def test_a_file_reads_back_without_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_lines(rows), newline="")))
    assert len(read) == len(rows)
    for written, given_cells in zip(read, rows, strict=True):
        for cell, given_cell in zip(written, given_cells, strict=True):
            assert cell in (given_cell, f"'{given_cell}")
            seen = "".join(one for one in cell if unicodedata.category(one) not in ("Zs", "Cc", "Cf", "Zl", "Zp"))
            assert unicodedata.normalize("NFKC", seen[:1])[:1] not in ("=", "+", "-", "@", "\u2212")


def test_there_is_no_other_writer_of_csv() -> None:
    users = {
        path.name
        for path in (ROOT / "chalicelib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter")
    }
    assert users == {"csv_export.py"}
