"""Workbooks read by a process of their own: the same rows, and an end of that process is a refusal."""

import io
import sys
import zipfile
from pathlib import Path

import pytest

from chalicelib.errors import FileRefused, Unavailable
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.table_files.workbooks.read_workbook_in_child import read_workbook_in_child
from chalicelib.table_files.workbooks.workbook import read_workbook
from tests.table_files.example_files import HEADER, row, workbook
from tests.table_files.test_workbook import rich

READY = "print('{\"ready\":true}', flush=True)"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "a.xlsx"
    path.write_bytes(content)
    return path


def hidden(content: bytes, number: int) -> bytes:
    """The workbook with one row of its first sheet hidden."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace(f'<row r="{number}"'.encode(), f'<row r="{number}" hidden="1"'.encode()))
    return file.getvalue()


def test_a_process_of_its_own_gives_the_same_records(tmp_path: Path) -> None:
    long = [[f"说明{number}", "x"] for number in range(300)]
    many = workbook({"一": long, "二": [HEADER, *(row(number) for number in range(1, 1300))], "三": long})
    for content in (rich(), hidden(many, 7)):
        path = written(tmp_path, content)
        assert list(read_table_file(path, "a")) == list(read_table_file(path, "a", read_workbook=read_workbook))


def test_refusals_of_the_process_are_those_of_the_reader(tmp_path: Path) -> None:
    for content in (rich()[:-200], workbook({"清退": []}), workbook({"一": [["甲", "乙"], [1, 2]]})):
        path = written(tmp_path, content)
        refused = []
        for reader in (read_workbook, read_workbook_in_child):
            with pytest.raises(FileRefused) as error:
                list(read_table_file(path, "a", read_workbook=reader))
            refused.append((error.value.code, error.value.details))
        assert refused[0] == refused[1]


def test_a_reader_who_wants_no_more_ends_the_process(tmp_path: Path) -> None:
    rows = read_table_file(written(tmp_path, workbook({"一": [HEADER, *(row(n) for n in range(1, 3000))]})), "a")
    assert next(rows).number == 1
    rows.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", ("too_large", "CPU time")),
        ("import os; os.abort()", ("too_large", "memory")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", ("unreadable_file", "the reader ended")),
        ("raise SystemExit(3)", ("unreadable_file", "the reader ended")),
        ("print('no frame')", ("unreadable_file", "the reader ended")),
        ("print('{\"sheet\":1}')", ("unreadable_file", "the reader ended")),
        ("print('x' * (9 << 20))", ("too_large", "characters of a row")),
    ],
)
def test_whatever_ends_the_process_refuses_the_file(tmp_path: Path, code: str, expected: tuple[str, str]) -> None:
    command = (sys.executable, "-c", f"{READY}; {code}")
    with pytest.raises(FileRefused) as refused:
        list(read_workbook_in_child(tmp_path / "a.xlsx", command))
    assert (refused.value.code, refused.value.details["why"]) == expected


def test_a_process_that_does_not_start_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        list(read_workbook_in_child(tmp_path / "a.xlsx", (sys.executable, "-c", "raise ImportError")))


def test_the_process_gets_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    names = "import os, json; print(json.dumps({'sheet': ' '.join(os.environ), 'shift': 0}))"
    sheets = read_workbook_in_child(tmp_path / "a.xlsx", (sys.executable, "-c", f"{READY}; {names}"))
    variables = next(sheets).name.split()
    assert "PYTHONPATH" in variables
    assert not [name for name in variables if name.startswith("AWS")]
    sheets.close()  # type: ignore[attr-defined]
