"""Large XLSX files row by row, in memory that does not grow with the rows.

Only what a table needs: values, shared strings (kept as one block of bytes), and which number formats are days.
ECMA-376 part 1, 18.3 (sheets), 18.4 (shared strings), 18.8 (styles).
"""

import posixpath
import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.large_xlsx_sheet import SheetParser, local_name, new_parser

# What zipfile raises for archives that are cut, overwritten, encrypted or packed in a way it does not know.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, RuntimeError, ValueError, EOFError, KeyError)

_CHUNK = 1 << 18
_BUILT_IN_DAYS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
# A format with y, m or d outside quotes, brackets and escapes shows a day.
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


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
        parts, is_1904 = _visible_sheets(archive)
        days = _day_styles(archive)
        strings = _shared_strings(archive)
        for name, part in parts:
            yield name, _rows(archive, part, strings, days, 1462 if is_1904 else 0)


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except (*DAMAGE, expat.ExpatError, IndexError) as error:
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="damaged workbook") from error


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = new_parser()
    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)


def _visible_sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []
    is_1904: list[bool] = []

    def relation(_tag: str, attributes: dict[str, str]) -> None:
        if "Id" in attributes:
            targets[attributes["Id"]] = posixpath.join("/xl", attributes["Target"]).lstrip("/")

    def book(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet" and attributes.get("state", "visible") == "visible":
            number = next(value for key, value in attributes.items() if local_name(key) == "id" and ":" in key)
            sheets.append((attributes["name"], posixpath.normpath(targets[number])))
        if local_name(tag) == "workbookPr":
            is_1904.append(attributes.get("date1904", "0") in {"1", "true"})

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", book)
    return sheets, any(is_1904)


def _day_styles(archive: zipfile.ZipFile) -> frozenset[str]:
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

    if "xl/styles.xml" in archive.namelist():
        _parse(archive, "xl/styles.xml", start)
    return frozenset(
        str(number)
        for number, style in enumerate(styles)
        if style in _BUILT_IN_DAYS or re.search("[ymd]", _NOT_FORMAT.sub("", formats.get(style, "").lower()))
    )


def _shared_strings(archive: zipfile.ZipFile) -> _Strings:
    strings = _Strings()
    if "xl/sharedStrings.xml" in archive.namelist():
        parser = _StringsParser(strings)
        with archive.open("xl/sharedStrings.xml") as file:
            while chunk := file.read(_CHUNK):
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
            self._strings.add("".join(self._pieces))
        elif name == "rPh":
            self._phonetic = False

    def _text(self, data: str) -> None:
        if self._keep:
            self._pieces.append(data)


def _rows(
    archive: zipfile.ZipFile, part: str, strings: _Strings, days: frozenset[str], shift: int
) -> Iterator[list[str]]:
    sheet = SheetParser(strings, days, shift)
    with _refusing_damage(), archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield from sheet.feed(chunk)
        yield from sheet.close()
