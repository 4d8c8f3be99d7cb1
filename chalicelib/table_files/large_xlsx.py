"""Large XLSX files row by row, in memory that does not grow with the rows.

Only what a table needs: values, shared strings (kept as one block of bytes), and which number formats are days.
ECMA-376 part 1, 18.3 (sheets), 18.4 (shared strings), 18.8 (styles).
"""

import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.large_xlsx_sheet import SheetParser, local_name, new_parser, unescaped
from chalicelib.table_files.merged_cells import FillMerged
from chalicelib.table_files.xlsx_parts import Parts, merged_cells, parse_part, visible_sheets

# What zipfile raises for archives that are cut, overwritten, encrypted or packed in a way it does not know.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, RuntimeError, ValueError, EOFError, KeyError)

_BUILT_IN_DAYS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
# A format with y, m or d outside quotes, brackets and escapes shows a day.
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]{0,64}\]|\\.|_.|\*.')


class _Strings:
    """Shared strings by number, as UTF-8 in one block."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


def read_sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The visible sheets of an XLSX with their rows as text; raises FileRefused if its parts do not fit together."""
    with _refusing_damage(), zipfile.ZipFile(path) as archive:
        parts = Parts(archive)
        sheets, is_1904 = visible_sheets(parts)
        days = _day_styles(parts)
        strings = _shared_strings(parts)
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


def _shared_strings(parts: Parts) -> _Strings:
    strings = _Strings()
    if "xl/sharedStrings.xml" in parts:
        parser = _StringsParser(strings)
        for chunk in parts.chunks("xl/sharedStrings.xml"):
            parser.xml.Parse(chunk, False)
        parser.xml.Parse(b"", True)
    return strings


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
        for chunk in parts.chunks(part):
            yield from sheet.feed(chunk)
        yield from sheet.close()
