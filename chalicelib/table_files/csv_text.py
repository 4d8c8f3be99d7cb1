"""Text files as rows of cells: which delimiter, where a row ends."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import length_hint

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.find_header_row import HEADER_ROWS, find_table, renamed, unknown_columns
from chalicelib.table_files.reading_budget import MOST_CELL, MOST_COLUMNS, MOST_ROW, too_large
from chalicelib.table_files.rules.table_row import RawRow
from chalicelib.values.text_damage import with_standard_hanzi

NO_NAMES: Mapping[str, str] = {}
# Longer than any row of a table; a file without line ends stays within bounds.
_LONGEST_LINE = MOST_ROW
_MOST_LINES_IN_CELL = 200
_DELIMITERS = (",", "\t", ";", "，", "|", "；", "^")
_END = "\x1e\x1e"
_ESCAPE = re.compile(r'\\(["\\])')
# How many lines are looked at for a header that was meant, in a file that is refused for having none.
_LOOKED_AT = 20


def text_rows(file: io.TextIOWrapper, source_headers: Mapping[str, str] = NO_NAMES) -> Iterator[RawRow]:
    """The rows of a table in text, cells as written; the delimiter is that under which most headers can be read.

    `source_headers` are names of columns that only this source uses (squeezed), which become our own.

    Raises FileRefused if no delimiter gives a header that can be read, or if there is nothing.
    """
    lines = iter(lambda: file.readline(_LONGEST_LINE), "")
    if file.encoding == "gb18030":
        lines = map(with_standard_hanzi, lines)
    head: list[str] = []
    filled = 0
    for line in lines:
        head.append(line)
        filled += bool(line.strip())
        if filled > HEADER_ROWS + 1:
            break
    if not filled:
        raise FileRefused(ErrorCode.EMPTY_FILE)
    delimiter, width = _delimiter(head, source_headers)
    rows = logical_rows(chain(head, lines), delimiter, width)
    return renamed(rows, source_headers) if source_headers else rows


def logical_rows(lines: Iterator[str], delimiter: str, width: int = 0) -> Iterator[list[str]]:
    """Lines split into cells, quoted line breaks joined; `width` is how many cells the header has, 0 before it is read.

    A quote that is never closed costs its own line only: where joining lines swallows others (too many lines, too
    many cells, the end of the file), the quote counts as a character.
    """
    pending: list[str] = []
    while True:
        line = pending.pop() if pending else next(lines, "")
        if not line:
            return
        if '"' not in line:
            row = line.rstrip("\r\n").split(delimiter, MOST_COLUMNS)
            yield row if len(line) <= MOST_CELL else _cut(row)
            continue
        closed = _closed(line, delimiter)
        if closed is None:
            closed, unused = _joined(line, lines, pending, delimiter, width)
            pending += reversed(unused)
            closed = _cut(closed)
        yield closed if len(line) <= MOST_CELL else _cut(closed)


def _joined(
    first: str, lines: Iterator[str], pending: list[str], delimiter: str, width: int
) -> tuple[list[str], list[str]]:
    """The cells of a record that goes on behind its first line, and the lines that were read and are not in it."""
    literal = first.rstrip("\r\n").split(delimiter, MOST_COLUMNS)
    taken = [first]
    row, used = _first_record(_going_on(taken, lines, pending), delimiter), len(taken)
    if any('\\"' in line for line in taken):
        row, used = _escaped_record(taken, delimiter) or (row, used)
    if row is not None:
        swallows = len(row) > width or (len(literal) == width and _is_whole_row(taken[used - 1], literal, delimiter))
        if not width or not swallows:
            return row, taken[used:]
    return [cell.strip('"') for cell in literal], taken[1:]


def _going_on(taken: list[str], lines: Iterator[str], pending: list[str]) -> Iterator[str]:
    """The lines of a record, as many as are asked for; each that is read on is added to those taken."""
    yield taken[0]
    size = len(taken[0])
    while len(taken) < _MOST_LINES_IN_CELL and size < _LONGEST_LINE:
        line = pending.pop() if pending else next(lines, "")
        if not line:
            return
        taken.append(line)
        size += len(line)
        yield line


def _escaped_record(taken: list[str], delimiter: str) -> tuple[list[str], int] | None:
    """The record in these lines whose quotes are escaped by a backslash, and how many lines it is, see `_closed`."""
    rest = iter([_ESCAPE.sub(_unescaped, line) for line in taken])
    row = _first_record(rest, delimiter, strict=True)
    used = len(taken) - length_hint(rest)
    if row is None or _first_record(taken[:used], delimiter, strict=True) is not None:
        return None
    return row, used


def _is_whole_row(line: str, other: list[str], delimiter: str) -> bool:
    """The line is a whole row as long as the other: then the other only lacks a quote."""
    row = _closed(line, delimiter)
    return row is not None and len(row) == len(other)


def _closed(text: str, delimiter: str) -> list[str] | None:
    """The cells of a record, None if it ends within quotes: then the reader takes the sentinel line as well.

    A quote is doubled (RFC 4180), or escaped by a backslash, as MySQL, PostgreSQL and Spark write it: where only the
    second reading makes quotes open and close at the ends of cells, it is taken.
    """
    if '\\"' in text and _first_record((text,), delimiter, strict=True) is None:
        row = _first_record((_ESCAPE.sub(_unescaped, text),), delimiter, strict=True)
        if row is not None:
            return row
    return _first_record((text,), delimiter)


def _unescaped(match: re.Match[str]) -> str:
    return '""' if match[1] == '"' else match[1]


def _first_record(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> list[str] | None:
    """The cells of the record with which these lines begin, each read once; None if it does not end in them."""
    try:
        row = next(csv.reader(chain(lines, (_END,)), delimiter=delimiter, strict=strict))
    except csv.Error:
        return None
    return None if row and row[-1].endswith(_END) else row[: MOST_COLUMNS + 1]


def _cut(row: list[str]) -> list[str]:
    """The row with as much of each cell as is read of a workbook's."""
    return [cell[: MOST_CELL + 1] for cell in row]


def _delimiter(head: Sequence[str], source_headers: Mapping[str, str]) -> tuple[str, int]:
    best, most, width = "", 0, 0
    for delimiter in _DELIMITERS:
        if delimiter != "," and not any(delimiter in line for line in head):
            continue
        table, _any = find_table(renamed(logical_rows(iter(head), delimiter), source_headers))
        fields = table.columns.significant_fields() if table else 0
        if table and fields > most:
            best, most, width = delimiter, fields, table.columns.width
    if not best:
        marks = [mark for mark in _DELIMITERS if mark == "," or any(mark in line for line in head)]
        raise unknown_columns(row for mark in marks for row in logical_rows(iter(head[:_LOOKED_AT]), mark))
    if width > MOST_COLUMNS:
        raise too_large("columns", most=MOST_COLUMNS)
    return best, width
