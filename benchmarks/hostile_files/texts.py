"""Texts, and old workbooks, that cost a reader more than their size."""

import struct
from collections.abc import Callable, Iterable
from pathlib import Path

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


def _old_workbook(place: int, column: int) -> Callable[[Path], None]:
    """An XLS with cells in its corner, and a chain of sectors that ends in itself where `place` is 0."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0x41, 6))

    def book(sheet_at: int) -> bytes:
        name = struct.pack("<IBBBB", sheet_at, 0, 0, 1, 0) + b"S"
        return start(5) + record(0x42, struct.pack("<H", 1200)) + record(0x85, name) + record(0x0A)

    def make(path: Path) -> None:
        cells = record(0x203, struct.pack("<HHHd", 0, 0, 15, 1.0))
        cells += record(0x203, struct.pack("<HHHd", place, column, 15, 1.0))
        stream = (book(len(book(0))) + start(0x10) + cells + record(0x0A)).ljust(4096, b"\0")
        free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
        chain = [table, end, *range(3, 10), end if place else 2]
        chain += [free] * (128 - len(chain))

        def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
            text = name.encode("utf-16-le") + b"\0\0"
            links = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
            return text.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", first, size)

        folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream)) + b"\0" * 256
        head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
        head += struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
        path.write_bytes(head + struct.pack("<128I", *chain) + folder + stream)

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
    "XLS whose sectors form a circle": _old_workbook(0, 3),
}
