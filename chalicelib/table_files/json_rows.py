"""JSON as rows of a table: an array, an object around one ({"evictions": [...]}), or one object per line.

Read piece by piece, so that a file of any length takes the memory of one record. What is no object, or no JSON, is a
record that is none; reading goes on behind it.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, cast

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.find_header_row import unknown_columns
from chalicelib.table_files.reading_budget import MOST_CELL
from chalicelib.table_files.rules.match_headers import field_of, is_joined, squeeze
from chalicelib.table_files.rules.row_identity import can_identify
from chalicelib.table_files.rules.table_row import Cells, TableRow

NO_KEYS: Mapping[str, str] = {}
_CHUNK = 1 << 18
# A record of a megabyte is none; parsed, it may take thirty times its characters.
_LONGEST_RECORD = 1 << 20
# How much is kept of what was read: the decoder counts the lines before each error.
_BEHIND = 1 << 13
# How many records, within how many bytes, are looked at before a file whose keys say nothing is refused.
_LOOKED_AT = 50
_LOOKED_AT_BYTES = 1 << 20
_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[\s,]*")
_NEXT_OBJECT = re.compile(r"(?:,\s*+|(?<!\s)[^\S\n]*+\n\s*+)(?=[{\]])")
_OPENS_CONTAINER = re.compile(r'\{\s*+(?:"[^"\\]*"\s*+:\s*+(?:[\[{]\s*+)?)?')
_NESTED_IS_INVALID = frozenset(
    {"uscc", "uscc_or_regno", "registration_no", "org_code", "id_no", "evicted_on", "listed_on", "removed_on"}
)
_BROKEN = object()


def looks_like_json(start: str) -> bool:
    """A text that starts like this holds JSON and no table."""
    return start.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def read_json(file: io.TextIOWrapper, source_keys: Mapping[str, str] = NO_KEYS) -> Iterator[TableRow]:
    """The rows of a JSON text; raises FileRefused if none of the first has a key that can be read.

    `source_keys` are keys that only this source uses, squeezed, each with our field.
    """
    values = _values(file)
    if source_keys:
        values = (_renamed(value, source_keys) for value in values)
    first: list[Any] = []
    source = cast("io.BufferedReader", file.buffer)
    for value in values:
        first.append(value)
        if len(first) == _LOOKED_AT or source.tell() > _LOOKED_AT_BYTES:
            break
    fields = {field for value in first if isinstance(value, dict) for key in value if (field := field_of(key))}
    if not first:
        raise FileRefused(ErrorCode.EMPTY_FILE)
    if len(fields) < 2 or not any(map(can_identify, fields)):
        raise unknown_columns({tuple(value): None for value in first if isinstance(value, dict)})
    unread = {key: None for value in first if isinstance(value, dict) for key in value if not field_of(key)}
    return _rows(chain(first, values), tuple(unread))


def _renamed(value: Any, source_keys: Mapping[str, str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {source_keys.get(squeeze(key), key): content for key, content in value.items()}


def _rows(values: Iterator[Any], unread: tuple[str, ...]) -> Iterator[TableRow]:
    headers: dict[str, str] = {}
    for number, value in enumerate(values, 1):
        yield TableRow(number, _cells(value, headers) if isinstance(value, dict) else None, "", headers, unread)


def _cells(value: dict[str, Any], headers: dict[str, str]) -> Cells:
    cells: Cells = {}
    for key, content in value.items():
        field = field_of(key)
        if not field:
            continue
        text = _text(field, content)
        if not cells.get(field):
            cells[field] = text
            headers.setdefault(field, key)
        elif text and len(cells[field]) < MOST_CELL and is_joined(field, cells[field], text):
            cells[field] = f"{cells[field]}；{text}"
    return cells


def _text(field: str, content: Any) -> str:
    """A value as the text that a cell would hold; a number keeps its digits, so that lost ones show."""
    if isinstance(content, str):
        return content[: MOST_CELL + 1]
    if content is None:
        return ""
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, float):
        return repr(content) if abs(content) >= 1e15 or content % 1 else str(int(content))
    if isinstance(content, int):
        return str(content)
    if isinstance(content, list) and field in {"reasons", "reason_text"}:
        return "；".join(part for part in content if isinstance(part, str))[: MOST_CELL + 1]
    return json.dumps(content, ensure_ascii=False)[: MOST_CELL + 1] if field in _NESTED_IS_INVALID else ""


def _values(file: io.TextIOWrapper) -> Iterator[Any]:
    """The values of the file in order, _BROKEN where there is no JSON."""
    first = _next_line(file).lstrip("\ufeff \t")
    whole = _parsed(first)
    if first[:1] == "[":
        second = _next_line(file) if whole is not _BROKEN else ""
        return _lines(file, [first, second]) if second else _Array(file, first).values()
    if whole is not _BROKEN:
        inner = _container(whole)
        return _lines(file, [first]) if inner is None else iter(inner)
    # A line that is not at its end yet, or that only opens an object, goes on; any other is a broken record.
    if first[-1:] not in {"\n", "\r"} or _OPENS_CONTAINER.fullmatch(first.strip()):
        return _Array(file, first).values()
    return _lines(file, [first])


def _next_line(file: io.TextIOWrapper) -> str:
    """The next line that is not blank, '' at the end."""
    line = "\n"
    while line and not line.strip("\ufeff \t\r\n"):
        line = file.readline(_CHUNK)
    return line


def _parsed(line: str) -> Any:
    try:
        return _DECODER.decode(line.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        return _BROKEN


def _container(whole: Any) -> list[Any] | None:
    """The list of records in an object that is not a record itself."""
    if not isinstance(whole, dict) or any(can_identify(field_of(key)) for key in whole):
        return None
    for content in whole.values():
        if isinstance(content, list) and (not content or any(isinstance(part, dict) for part in content)):
            return content
        inner = _container(content)
        if inner is not None:
            return inner
    return None


def _lines(file: io.TextIOWrapper, first: list[str]) -> Iterator[Any]:
    for line in chain(first, iter(lambda: file.readline(_LONGEST_RECORD), "")):
        if line.strip():
            yield _parsed(line)


class _Array:
    """An array of records in a text that is read as far as the next record needs."""

    def __init__(self, file: io.TextIOWrapper, start: str) -> None:
        self._file, self._text, self._at = file, start, 0

    def values(self) -> Iterator[Any]:
        """The values of the first array of objects; a lone object is one value."""
        if self._skip() == "{" and not self._enter():
            rest = self._text[: _LONGEST_RECORD + 1]
            yield _parsed(rest)
            return
        self._at += 1
        while True:
            following = self._skip()
            if following in {"", "]"}:
                return
            yield self._value()

    def _skip(self) -> str:
        """Go past blanks and commas; the character that comes then, '' at the end."""
        if self._at > _BEHIND:
            self._text, self._at = self._text[self._at :], 0
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        chunk = self._file.read(_CHUNK)
        if chunk:  # At the end nothing is copied, for every broken record asks once more.
            self._text, self._at = self._text[self._at :] + chunk, 0
        return bool(chunk)

    def _enter(self) -> bool:
        """Go to the `[` of the first array in an object; False (and nothing moved) if the object has none."""
        while len(self._text) < _LONGEST_RECORD and self._more():
            if re.search(r"\[\s*\{", self._text):
                break
        match = re.search(r'"\s*:\s*(?=\[\s*[{\]])', self._text)
        if match is None:
            return False
        self._at = match.end()
        return True

    def _value(self) -> Any:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if len(self._text) - self._at < _LONGEST_RECORD and self._more():
                    continue
                return self._broken()
            # A number at the end of what was read may go on.
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return value

    def _broken(self) -> Any:
        match = _NEXT_OBJECT.search(self._text, self._at + 1)
        self._at = match.end() if match else len(self._text)
        return _BROKEN
