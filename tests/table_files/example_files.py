"""Invented files of the shapes that platforms send, made in the test that reads them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.hostile_files.old_workbooks import number_cell, old_workbook, text_cell
from chalicelib.reports.rules.eviction import Eviction, Rejection
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.table_files.workbooks.workbook import read_workbook
from tests.support.builders import uscc

TODAY = date(2026, 6, 1)
HEADER = ["店铺名称", "主体名称", "统一社会信用代码", "清退时间", "清退原因"]


def shown(kind: str, value: str) -> str:
    """A digest that a test can read."""
    return f"{kind}:{value[-2:]}"


def row(number: int, **changes: str) -> list[str]:
    """An eviction under HEADER that is in order, but for the changes."""
    cells = {
        "店铺名称": f"霁昱{number}号专营店",
        "主体名称": f"苏州霁昱{number}号商贸有限公司",
        "统一社会信用代码": uscc(number),
        "清退时间": f"2021-07-{number % 28 + 1:02d}",
        "清退原因": "销售三无产品",
    }
    return [*(cells | changes).values()]


def text(rows: Iterable[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    """Rows as delimited text, cells as they are."""
    return "".join(delimiter.join(cells) + end for cells in rows)


def records(folder: Path, content: bytes | str, name: str = "report.csv") -> list[TableRow]:
    """The records of a file with this content; a workbook is read in this process, which saves a tenth of a second."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_table_file(path, name, read_workbook=read_workbook))


def outcome(folder: Path, content: bytes | str, name: str = "report.csv") -> tuple[int, dict[int, str]]:
    """How many rows were accepted, and the codes of the others by row number."""
    taken = [
        validate_row(r.number, r.cells, today=TODAY, digest=shown, headers=r.headers)
        for r in records(folder, content, name)
    ]
    rejected = {t.row: t.code for t in taken if isinstance(t, Rejection)}
    return sum(isinstance(t, Eviction) for t in taken), rejected


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], merged: Sequence[str] = (), **book: Any) -> bytes:
    """An XLSX made by openpyxl; `merged` is merged on the first sheet, `epoch` and `hidden` are properties."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    if "epoch" in book:
        made.epoch = book["epoch"]
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for cells in rows:
            sheet.append(list(cells))
        if title in book.get("hidden", ()):
            sheet.sheet_state = "hidden"
    for area in merged:
        made.worksheets[0].merge_cells(area)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def old_table(rows: Sequence[Sequence[str | float | None]]) -> bytes:
    """The rows as a small XLS."""
    return old_workbook(
        b"".join(
            text_cell(number, column, value) if isinstance(value, str) else number_cell(number, column, value)
            for number, cells in enumerate(rows)
            for column, value in enumerate(cells)
            if value is not None
        )
    )


def repacked(content: bytes, part: str, change: bytes | None) -> bytes:
    """A workbook with one part put in place of another (None: left out)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        if change is not None:
            new.writestr(part, change)
    return file.getvalue()
