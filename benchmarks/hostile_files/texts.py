"""Texts, and old workbooks, that cost a reader more than their size."""

from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.hostile_files.old_workbooks import number_cell, old_workbook

_MEGABYTE = 1 << 20
_HEAD = "主体名称,统一社会信用代码,清退日期,清退原因"
_ROW = "杭州云栖谷示例服饰有限公司,91330106MA2GT00116,2025-11-23,虚假广告"
_RECORD = b'{"name":"x","uscc":"91330106MA2GT00116","evicted_on":"2025-11-01","reason_text":"x"}'


def _text(*pieces: str | Iterable[str]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            for piece in pieces:
                file.writelines([piece] if isinstance(piece, str) else piece)

    return make


def _bytes(pieces: Iterable[bytes]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.writelines(pieces)

    return make


def _old_workbook(row: int, column: int, in_circle: bool = False) -> Callable[[Path], None]:
    """An XLS with a cell in its corner and one at that place."""
    content = old_workbook(number_cell(0, 0, 1) + number_cell(row, column, 1), in_circle)

    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


TEXTS: dict[str, Callable[[Path], None]] = {
    "CSV of 100,000 columns": _text(
        _HEAD, ",", ",".join(f"x{n}" for n in range(100_000)), "\n", _ROW, "," * 100_000, "\n"
    ),
    "CSV of 60 lines of 100,000 cells": _text([",".join(["x"] * 100_000) + "\n"] * 60),
    "CSV of 100 MB without a line end": _text(_HEAD, "\n", ["杭" * _MEGABYTE] * 33),
    "CSV of 100,000,000 blank lines": _text(_HEAD, "\n", ["\n" * _MEGABYTE] * 96),
    "CSV of 9,000,000 lines of commas": _text(_HEAD, "\n", [",,,\n" * 100_000] * 90),
    "CSV of 100,000 quotes that never close": _text(_HEAD, "\n", ['a"b,"c\n' * 1000] * 100),
    "JSON of 100 records of a megabyte": _bytes(
        [b"[", *[b'{"x":[' + b"[]," * 349_000 + b"[]]},"] * 100, _RECORD, b"]"]
    ),
    "JSON 100,000 deep": _bytes([b'[{"a":' + b"[" * 100_000]),
    "JSON of 30,000,000 numbers": _bytes([b"[", _RECORD, b",", *[b"1," * 500_000] * 60, b"1]"]),
    "JSON of a number of 50 MB": _bytes([b"[" + b"9" * (50 * _MEGABYTE)]),
    "JSON of records that never close": _bytes([b"[" + _RECORD, *[b',\n{"a":[1' * 100_000] * 30]),
    "JSON of 50,000,000 line ends": _bytes([b"[x", *[b"\n" * _MEGABYTE] * 50]),
    "XLS with a cell at the last row and column": _old_workbook(0xFFFF, 0xFFFF),
    "XLS with a cell in column 255 of row 65,536": _old_workbook(0xFFFF, 255),
    "XLS whose sectors form a circle": _old_workbook(0, 3, in_circle=True),
}
