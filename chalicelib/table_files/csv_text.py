"""Text files as rows of cells: which delimiter, where a row ends."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.find_header_row import HEADER_ROWS, find_table, renamed, unknown_columns
from chalicelib.table_files.reading_budget import MOST_COLUMNS, MOST_ROW, too_large
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
    rows = logical_rows(_chained(head, lines), delimiter, width)
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
            yield line.rstrip("\r\n").split(delimiter, MOST_COLUMNS)
            continue
        row = _closed(line, delimiter)
        if row is None:
            row, unused = _joined(line, lines, pending, delimiter, width)
            pending += reversed(unused)
        yield row


def _joined(
    first: str, lines: Iterator[str], pending: list[str], delimiter: str, width: int
) -> tuple[list[str], list[str]]:
    literal = first.rstrip("\r\n").split(delimiter, MOST_COLUMNS)
    taken = [first]
    size = len(first)
    while len(taken) < _MOST_LINES_IN_CELL and size < _LONGEST_LINE:
        line = pending.pop() if pending else next(lines, "")
        if not line:
            break
        taken.append(line)
        size += len(line)
        # Only a line with a quote can close one.
        row = _closed("".join(taken), delimiter) if '"' in line else None
        if row is not None:
            swallows = len(row) > width or (len(literal) == width and _is_whole_row(line, literal, delimiter))
            if not width or not swallows:
                return row, []
            break
    return [cell.strip('"') for cell in literal], taken[1:]


def _is_whole_row(line: str, other: list[str], delimiter: str) -> bool:
    """The line is a whole row as long as the other: then the other only lacks a quote."""
    row = _closed(line, delimiter)
    return row is not None and len(row) == len(other)


def _closed(text: str, delimiter: str) -> list[str] | None:
    """The cells of a record, None if it ends within quotes: then the reader takes the sentinel line as well.

    A quote is doubled (RFC 4180), or escaped by a backslash, as MySQL, PostgreSQL and Spark write it: where only the
    second reading makes quotes open and close at the ends of cells, it is taken.
    """
    if '\\"' in text and _read(text, delimiter, strict=True) is None:
        row = _read(_ESCAPE.sub(_unescaped, text), delimiter, strict=True)
        if row is not None:
            return row
    return _read(text, delimiter, strict=False)


def _unescaped(match: re.Match[str]) -> str:
    return '""' if match[1] == '"' else match[1]


def _read(text: str, delimiter: str, *, strict: bool) -> list[str] | None:
    reader = csv.reader((text, _END), delimiter=delimiter, strict=strict)
    try:
        row = next(reader)
    except csv.Error:
        return None
    return None if row and row[-1].endswith(_END) else row[: MOST_COLUMNS + 1]


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


def _chained(head: list[str], lines: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from lines
