"""What the process that reads a workbook says to the process that asked: lines of JSON, each of bounded length.

    {"ready": true}                       it has its limits, and begins
    {"sheet": name, "shift": n}           a visible sheet begins
    {"rows": [[cell, ...], ...], "hidden": [places]}
    {"ask": true}                         so many rows were given as a header is looked for in: it waits for one line
    {"refused": code, "details": {...}}   the file is refused; the last line
    {"end": true}                         all was read; the last line

JSON, because the reader runs compiled code over bytes of strangers: whatever it says is data, and no more than that.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.table_files.rules.table_row import HiddenRow
from chalicelib.values.records import Json

# Rows that are given before the reader of a sheet waits to be told to go on, or to go to the next sheet.
ROWS_BEFORE_ASKING: Final = 80
GO_ON: Final = b"rows\n"
NEXT_SHEET: Final = b"sheet\n"
MOST_FRAME: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: its name, its rows as text, and what to add to a bare number that is a day."""

    name: str
    rows: Iterator[list[str]]
    serial_shift: int = 0


def encoded(frame: Json) -> bytes:
    """A frame as its line; lone surrogates, which stand for bytes that are no text, stay what they are."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def decoded(line: bytes) -> Json:
    """The frame of a line; ValueError or TypeError for what is none."""
    frame = json.loads(line.decode("utf-8", "surrogatepass"))
    if not isinstance(frame, dict):
        raise TypeError("no frame")
    return frame


def rows_frame(rows: Sequence[list[str]]) -> Json:
    """The frame of some rows."""
    hidden = [place for place, row in enumerate(rows) if isinstance(row, HiddenRow)]
    return {"rows": rows, "hidden": hidden} if hidden else {"rows": rows}


def rows_of(frame: Json) -> list[list[str]]:
    """The rows of such a frame."""
    rows: list[list[str]] = frame["rows"]
    for place in frame.get("hidden", ()):
        rows[place] = HiddenRow(rows[place])
    return rows
