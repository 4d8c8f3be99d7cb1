"""The XML of one sheet of an XLSX as rows of text, fed piece by piece (ECMA-376 part 1, 18.3)."""

import re
from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import MOST_CELL, MOST_COLUMNS, too_large
from chalicelib.table_files.rules.table_row import HiddenRow
from chalicelib.table_files.workbooks.merged_cells import FillMerged, column_number
from chalicelib.table_files.workbooks.sheet_extent import check_extent
from chalicelib.values.dates import from_serial

# What Excel has; an empty cell may lie in any of them.
_LAST_COLUMN = 16_384
# The most characters that the cells of one piece of XML give; a few strings repeated may be a thousand times the piece.
_MOST_CHARACTERS = 8 << 20
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# Past 9999-12-31 in either system.
_LAST_SERIAL = 2_957_000


class Strings(Protocol):
    """Shared strings by number."""

    def __getitem__(self, number: int) -> str: ...


def new_parser() -> expat.XMLParserType:
    """A parser that refuses declarations of entities, which no workbook has and every XML bomb needs."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def local_name(tag: str) -> str:
    """A tag without its prefix: some programs write x:row."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def unescaped(text: str) -> str:
    """The text with each _xHHHH_ as the character that it stands for (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def row_number(attributes: Mapping[str, str], last: int) -> int:
    """The number of a row, from 0: what it says, else the one after the last."""
    said = attributes.get("r", "")
    return int(said) - 1 if said.isdigit() else last + 1


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether a row is hidden, by a filter or by hand (18.3.1.73)."""
    return attributes.get("hidden") in {"1", "true"}


def _refuse_doctype(*_declaration: object) -> None:
    raise FileRefused(ErrorCode.UNREADABLE_FILE, why="a workbook declares no entities")


class SheetParser:
    """The rows of one sheet out of its XML, as far as it has been fed."""

    def __init__(self, strings: Strings, days: frozenset[str], shift: int, merged: FillMerged) -> None:
        self._strings, self._days, self._shift, self._merged = strings, days, shift, merged
        self._number = -1
        self._rows: list[list[str]] = []
        self._row: list[str] = []
        self._pieces: list[str] = []
        self._kind = self._style = ""
        self._column = 0
        self._columns: dict[str, int] = {}
        self._last_column = self._characters = 0
        self._keep = self._phonetic = False
        self._parser = new_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes) -> list[list[str]]:
        """The rows that this piece of XML completes."""
        self._rows = []
        self._characters = 0
        self._parser.Parse(chunk, False)
        return self._rows

    def close(self) -> list[list[str]]:
        """What is left at the end."""
        self._rows = []
        self._parser.Parse(b"", True)
        return self._rows

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "c":
            place = attributes.get("r")
            self._column = self._place(place) if place else len(self._row)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._pieces.clear()
        elif name in {"v", "t"}:
            self._keep = not self._phonetic
        elif name == "row":
            self._number = row_number(attributes, self._number)
            self._row = HiddenRow() if is_hidden(attributes) else []
        elif name == "rPh":
            self._phonetic = True

    def _end(self, tag: str) -> None:
        name = local_name(tag)
        if name in {"v", "t"}:
            self._keep = False
        elif name == "c":
            if self._pieces:
                self._keep_cell(self._value("".join(self._pieces)))
        elif name == "row":
            check_extent(self._number + 1, self._last_column)
            self._merged.fill(self._number, self._row)
            self._rows.append(self._row)
        elif name == "rPh":
            self._phonetic = False

    def _text(self, data: str) -> None:
        if self._keep:
            self._pieces.append(data)

    def _keep_cell(self, text: str) -> None:
        row, column = self._row, self._column
        self._last_column = max(self._last_column, column + 1)
        if column >= len(row):
            if column >= MOST_COLUMNS:
                check_extent(self._number + 1, column + 1)
            row.extend([""] * (column + 1 - len(row)))
        row[column] = text[: MOST_CELL + 1]
        self._characters += len(row[column])
        if self._characters > _MOST_CHARACTERS:
            raise too_large("characters", most=_MOST_CHARACTERS)

    def _place(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            number = column_number(letters)
            if not 0 <= number < _LAST_COLUMN:
                raise ValueError("no such column")
            self._columns[letters] = number
        return self._columns[letters]

    def _value(self, text: str) -> str:
        kind = self._kind
        if kind == "s":
            return self._strings[int(text)]
        if kind == "n":
            number = float(text)
            if self._style in self._days and 1 <= number < _LAST_SERIAL:
                return from_serial(int(number) + self._shift)
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return "" if kind == "e" else text.partition("T")[0] if kind == "d" else unescaped(text)
