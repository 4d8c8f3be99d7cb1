"""Large XLSX files row by row, in memory that does not grow with the rows.

Only what a table needs: values, shared strings (kept as one block of bytes), and which number formats are days.
ECMA-376 part 1, 18.3 (sheets), 18.4 (shared strings), 18.8 (styles).
"""

import os
import re
import tempfile
import zipfile
from array import array
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import MOST_CELL, too_large
from chalicelib.table_files.workbooks.large_xlsx_sheet import SheetParser, local_name, new_parser, unescaped
from chalicelib.table_files.workbooks.merged_cells import FillMerged
from chalicelib.table_files.workbooks.sheet_extent import extent_of
from chalicelib.table_files.workbooks.workbook_archive import DAMAGE
from chalicelib.table_files.workbooks.xlsx_parts import Parts, merged_cells, parse_part, visible_sheets

_BUILT_IN_DAYS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
# A format with y, m or d outside quotes, brackets and escapes shows a day.
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]{0,64}\]|\\.|_.|\*.')


# So many bytes of shared strings are kept in memory, the others in a file.
_IN_MEMORY = 48 << 20
_MOST_STRINGS = 8_000_000
# A piece of a sheet gives some thousand cells at once.
_PIECE = 1 << 15


class _Strings:
    """Shared strings by number, as UTF-8 in one block, whose first part is in memory and the rest in a file."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._file: IO[bytes] | None = None
        self._writing = bytearray()

    def add(self, text: str) -> None:
        """Add the next string, cut to what a cell may hold."""
        encoded = text[: MOST_CELL + 1].encode("utf-8", "surrogatepass")
        self._ends.append(self._ends[-1] + len(encoded))
        if len(self._ends) > _MOST_STRINGS:
            raise too_large("shared strings", most=_MOST_STRINGS)
        if self._ends[-1] <= _IN_MEMORY:
            self._bytes += encoded
            return
        self._writing += encoded
        if len(self._writing) > _PIECE:
            self.flush()

    def flush(self) -> None:
        """Write out what waits for the file; before the first string is asked for."""
        if not self._writing:
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (`close` closes it)
        self._file.write(self._writing)
        self._file.flush()
        self._writing.clear()

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()

    def __getitem__(self, number: int) -> str:
        start, end = self._ends[number], self._ends[number + 1]
        kept = len(self._bytes)
        if end <= kept:
            return self._bytes[start:end].decode("utf-8", "surrogatepass")
        assert self._file is not None
        return os.pread(self._file.fileno(), end - start, start - kept).decode("utf-8", "surrogatepass")


def read_sheets(path: Path) -> Generator[tuple[str, Iterator[list[str]]], None, None]:
    """The visible sheets of an XLSX with their rows as text; raises FileRefused if its parts do not fit together."""
    with _refusing_damage(), zipfile.ZipFile(path) as archive, closing(_Strings()) as strings:
        parts = Parts(archive)
        sheets, is_1904 = visible_sheets(parts)
        for _name, part in sheets:
            with closing(parts.chunks(part)) as chunks:
                extent_of(chunks, each_cell=False)
        days = _day_styles(parts)
        _read_shared_strings(parts, strings)
        for name, part in sheets:
            yield name, _rows(parts, part, strings, days, 1462 if is_1904 else 0)


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except (*DAMAGE, expat.ExpatError, IndexError) as error:
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="damaged workbook") from error


def _day_styles(parts: Parts) -> frozenset[str]:
    """The numbers of the cell styles that show a day."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name in {"cellStyleXfs", "cellXfs", "dxfs"}:
            inside[:] = [name]
        elif name == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and inside == ["cellXfs"]:
            styles.append(int(attributes.get("numFmtId", 0)))

    if "xl/styles.xml" in parts:
        parse_part(parts, "xl/styles.xml", start)
    return frozenset(
        str(number)
        for number, style in enumerate(styles)
        if style in _BUILT_IN_DAYS or re.search("[ymd]", _NOT_FORMAT.sub("", formats.get(style, "").lower()))
    )


def _read_shared_strings(parts: Parts, strings: _Strings) -> None:
    if "xl/sharedStrings.xml" in parts:
        parser = _StringsParser(strings)
        for chunk in parts.chunks("xl/sharedStrings.xml"):
            parser.xml.Parse(chunk, False)
        parser.xml.Parse(b"", True)
    strings.flush()


class _StringsParser:
    """Collects each <si>: its runs of text joined, its phonetic hints (<rPh>) left out."""

    def __init__(self, strings: _Strings) -> None:
        self._strings = strings
        self._pieces: list[str] = []
        self._keep = self._phonetic = False
        self.xml = new_parser()
        self.xml.StartElementHandler = self._start
        self.xml.EndElementHandler = self._end
        self.xml.CharacterDataHandler = self._text

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "si":
            self._pieces.clear()
        elif name == "rPh":
            self._phonetic = True
        elif name == "t":
            self._keep = not self._phonetic

    def _end(self, tag: str) -> None:
        name = local_name(tag)
        self._keep = False
        if name == "si":
            self._strings.add(unescaped("".join(self._pieces)))
        elif name == "rPh":
            self._phonetic = False

    def _text(self, data: str) -> None:
        if self._keep:
            self._pieces.append(data)


def _rows(parts: Parts, part: str, strings: _Strings, days: frozenset[str], shift: int) -> Iterator[list[str]]:
    with _refusing_damage():
        # Named after the rows, but needed with them: the part is read twice.
        sheet = SheetParser(strings, days, shift, FillMerged(merged_cells(parts, part)))
        with closing(parts.chunks(part, _PIECE)) as chunks:
            for chunk in chunks:
                yield from sheet.feed(chunk)
        yield from sheet.close()
