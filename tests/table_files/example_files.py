"""Invented files of the shapes that platforms send, made in the test that reads them."""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

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


def old_workbook(rows: Sequence[Sequence[str | float | None]]) -> bytes:
    """A small XLS: one sheet of BIFF8 records as the only stream of a compound file ([MS-XLS], [MS-CFB])."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0x41, 6))

    def book(sheet_at: int) -> bytes:
        name = struct.pack("<IBBBB", sheet_at, 0, 0, 2, 1) + "清退".encode("utf-16-le")
        return start(5) + record(0x42, struct.pack("<H", 1200)) + record(0x85, name) + record(0x0A)

    sheet = start(0x10)
    for number, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                head = struct.pack("<HHHHB", number, column, 15, len(value), 1)
                sheet += record(0x204, head + value.encode("utf-16-le"))
            elif value is not None:
                sheet += record(0x203, struct.pack("<HHHd", number, column, 15, value))
    stream = book(len(book(0))) + sheet + record(0x0A)
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, end, *range(3, 2 + len(stream) // 512), end]
    chain += [free] * (128 - len(chain))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return text.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", first, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream)) + b"\0" * 256
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    return head + struct.pack("<128I", *chain) + folder + stream


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
