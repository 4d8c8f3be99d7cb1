"""Text files as rows of cells: which encoding, which delimiter, where a row ends.

Encoding: a byte order mark, else UTF-8, else GB18030 (which holds GBK and GB2312), else UTF-16 without a mark. A file
that is mostly one of them is read on; bytes that are no text in it stay as lone surrogates, never as a replacement.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.find_header_row import HEADER_ROWS, find_table, renamed, unknown_columns
from chalicelib.table_files.rules.table_row import RawRow
from chalicelib.values.text_damage import with_standard_hanzi

NO_NAMES: Mapping[str, str] = {}
_CHUNK = 1 << 20
# Longer than any cell of a spreadsheet (32,767 characters); a file without line ends stays within bounds.
_LONGEST_LINE = 1 << 20
_MOST_LINES_IN_CELL = 200
_DELIMITERS = (",", "\t", ";", "，", "|", "；", "^")
_END = "\x1e\x1e"
_SAMPLE_LINES = 4000
_ESCAPE = re.compile(r'\\(["\\])')
# How many lines are looked at for a header that was meant, in a file that is refused for having none.
_LOOKED_AT = 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _keep_as_surrogates(error: UnicodeError) -> tuple[str, int]:
    """What `surrogateescape` does for bytes, also for the two-byte units of UTF-16."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("lianfang-keep", _keep_as_surrogates)


def open_text(path: Path) -> tuple[io.TextIOWrapper, str]:
    """The file as text after its byte order mark, and how it starts; raises FileRefused for what is no text."""
    encoding, mark = detect_encoding(path)
    errors = "lianfang-keep" if encoding.startswith("utf-16") else "surrogateescape"
    raw = path.open("rb")
    raw.seek(mark)
    start = raw.peek(4096)[:4096].decode(encoding, "ignore")
    return io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=""), start


def detect_encoding(path: Path) -> tuple[str, int]:
    """The encoding of a text file and the length of its byte order mark."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="UTF-32")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            # Some exports put the mark of UTF-8 before GB18030.
            return (_likelier(path) if encoding == "utf-8" and not _is_all_utf8(path) else encoding), len(mark)
    if b"\0" in head:
        return _utf16_without_mark(head), 0
    return ("utf-8" if _is_all_utf8(path) else _likelier(path)), 0


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
            yield line.rstrip("\r\n").split(delimiter)
            continue
        row = _closed(line, delimiter)
        if row is None:
            row, unused = _joined(line, lines, pending, delimiter, width)
            pending += reversed(unused)
        yield row


def _joined(
    first: str, lines: Iterator[str], pending: list[str], delimiter: str, width: int
) -> tuple[list[str], list[str]]:
    literal = first.rstrip("\r\n").split(delimiter)
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
    return None if row and row[-1].endswith(_END) else row


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
    return best, width


def _chained(head: list[str], lines: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from lines


def _is_all_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk:
                    raise FileRefused(ErrorCode.UNREADABLE_FILE, why="NUL bytes")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _likelier(path: Path) -> str:
    """UTF-8 or GB18030, whichever decodes more of the first lines that are not ASCII; FileRefused if neither does."""
    utf8 = gb = lines = 0
    with path.open("rb") as file:
        file.seek(3 if file.read(3) == codecs.BOM_UTF8 else 0)
        while lines < _SAMPLE_LINES and (line := file.readline(_LONGEST_LINE)):
            if b"\0" in line:
                raise FileRefused(ErrorCode.UNREADABLE_FILE, why="NUL bytes")
            if not line.isascii():
                lines += 1
                utf8 += _decodes(line, "utf-8")
                gb += _decodes(line, "gb18030")
    if 2 * max(utf8, gb) < lines:
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="no encoding fits")
    return "utf-8" if 2 * utf8 > lines else "gb18030"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(head: bytes) -> str:
    """Which UTF-16 it is, by its zero bytes, which ASCII characters have on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) < 4 * min(even, odd) or max(even, odd) * 50 < len(head):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="NUL bytes")
    text = head[: len(head) // 2 * 2].decode(encoding, "ignore")
    if "\0" in text or not set("\r\n,\t;[{").intersection(text):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="NUL bytes")
    return encoding
