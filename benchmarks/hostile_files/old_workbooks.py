"""Writes XLS files: one sheet of BIFF8 records as the only stream of a compound file ([MS-XLS], [MS-CFB])."""

import struct
from typing import Final

_SECTOR: Final = 512
# A stream of fewer bytes would lie in sectors of another size.
_LEAST_STREAM: Final = 4_096
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def number_cell(row: int, column: int, value: float) -> bytes:
    """The record of a cell with a number; rows and columns count from 0."""
    return _record(0x203, struct.pack("<HHHd", row, column, 15, value))


def text_cell(row: int, column: int, text: str) -> bytes:
    """The record of a cell with a text of its own."""
    return _record(0x204, struct.pack("<HHHHB", row, column, 15, len(text), 1) + text.encode("utf-16-le"))


def old_workbook(cells: bytes, in_circle: bool = False) -> bytes:
    """A workbook whose one sheet, 清退, holds the records `cells`, of at most 60 KB; `in_circle`: its last sector is
    followed by its first."""
    stream = _book(len(_book(0))) + _start(0x10) + cells + _record(0x0A)
    stream = stream.ljust(max(_LEAST_STREAM, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    chain = [_TABLE, _END, *range(3, 2 + len(stream) // _SECTOR), 2 if in_circle else _END]
    chain += [_FREE] * (128 - len(chain))
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream)) + b"\0" * 256
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10I", 0, 1, 1, 0, _LEAST_STREAM, _END, 0, _END, 0, 0) + struct.pack("<I", _FREE) * 108
    return head + struct.pack("<128I", *chain) + folder + stream


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _start(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0x41, 6))


def _book(sheet_at: int) -> bytes:
    name = struct.pack("<IBBBB", sheet_at, 0, 0, 2, 1) + "清退".encode("utf-16-le")
    return _start(5) + _record(0x42, struct.pack("<H", 1200)) + _record(0x85, name) + _record(0x0A)


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", first, size)
