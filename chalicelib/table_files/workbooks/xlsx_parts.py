"""What an XLSX says of its sheets beside their cells: which are visible, which rows are hidden, what is merged.

Names of parts are compared without case and with either slash: programs on Windows write both (ECMA-376 part 2,
7.2.3.4; the ZIP format, APPNOTE 4.4.17, wants forward slashes).
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from typing import Final

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import too_large
from chalicelib.table_files.workbooks.large_xlsx_sheet import is_hidden, local_name, new_parser, row_number
from chalicelib.table_files.workbooks.merged_cells import MergedCells, merged_at

CHUNK: Final = 1 << 18
_OVERLAP: Final = 512
_MERGED: Final = re.compile(rb"<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?ref=[\"']([A-Z0-9:]{5,21})[\"']")
# Where a comment begins, and where a text begins in which nothing else does.
_OPENS: Final = re.compile(rb"<!--|<!\[CDATA\[")
_LONGEST_MARK: Final = len(b"<![CDATA[")
_COMMENT_ENDS: Final = b"-->"
_TEXT_ENDS: Final = b"]]>"
_LEAST_PIECE: Final = 4_096
_MOST_MERGED: Final = 200_000
_MOST_SHEETS: Final = 256
# Excel's limit for the name of a sheet is 31 characters.
_LONGEST_NAME: Final = 255


class Parts:
    """The parts of an archive by their names as the standard writes them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {plain_part(name): name for name in archive.namelist()}

    def __contains__(self, part: str) -> bool:
        return plain_part(part) in self._names

    def read(self, part: str) -> bytes:
        """The bytes of a part; KeyError where there is none."""
        return self._archive.read(self._names[plain_part(part)])

    def chunks(self, part: str, size: int = CHUNK) -> Generator[bytes, None, None]:
        """The bytes of a part piece by piece, without comments."""
        with self._archive.open(self._names[plain_part(part)]) as file:
            yield from without_comments(iter(lambda: file.read(size), b""))


def without_comments(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The XML without its comments, which say nothing of a table.

    A parser that is fed piece by piece reads an unfinished comment again with each piece, so that a long one would take
    time that grows with the square of its length.
    """
    rest, closing, kept = b"", b"", bytearray()
    for chunk in chunks:
        text, at = rest + chunk, 0
        while True:
            if closing:
                end = text.find(closing, at)
                until = end + len(closing) if end >= 0 else max(at, len(text) - len(closing) + 1)
                if closing == _TEXT_ENDS:
                    kept += text[at:until]
                at = until
                if end < 0:
                    break
                closing = b""
            elif mark := _OPENS.search(text, at):
                is_comment = mark[0] == b"<!--"
                kept += text[at : mark.start() if is_comment else mark.end()]
                at, closing = mark.end(), _COMMENT_ENDS if is_comment else _TEXT_ENDS
            else:
                until = max(at, len(text) - _LONGEST_MARK + 1)
                kept += text[at:until]
                at = until
                break
        rest = text[at:]
        # Readers look at pieces with some bytes of the piece before, so that pieces must not be tiny.
        if len(kept) >= _LEAST_PIECE:
            yield bytes(kept)
            kept.clear()
    yield bytes(kept) + (rest if closing != _COMMENT_ENDS else b"")


def plain_part(name: str) -> str:
    """The name of a part as it is compared."""
    return name.replace("\\", "/").lstrip("/").lower()


def parse_part(parts: Parts, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `start` with each element of a part of XML, and its attributes."""
    parser = new_parser()
    parser.StartElementHandler = start
    for chunk in parts.chunks(part):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def visible_sheets(parts: Parts) -> tuple[list[tuple[str, str]], bool]:
    """The name and the part of each visible sheet, in their order; whether days count from 1904.

    Raises FileRefused for more sheets than a workbook has, and for a part that is more than one sheet.
    """
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []
    is_1904: list[bool] = []

    def relation(_tag: str, attributes: dict[str, str]) -> None:
        if "Id" in attributes:
            target = attributes["Target"].replace("\\", "/")
            targets[attributes["Id"]] = posixpath.join("/xl", target).lstrip("/")

    def book(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet" and attributes.get("state", "visible") == "visible":
            number = next(value for key, value in attributes.items() if local_name(key) == "id" and ":" in key)
            if len(sheets) >= _MOST_SHEETS:
                raise too_large("sheets", most=_MOST_SHEETS)
            sheets.append((attributes["name"][:_LONGEST_NAME], posixpath.normpath(targets[number])))
        if local_name(tag) == "workbookPr":
            is_1904.append(attributes.get("date1904", "0") in {"1", "true"})

    parse_part(parts, "xl/_rels/workbook.xml.rels", relation)
    parse_part(parts, "xl/workbook.xml", book)
    if len({part for _name, part in sheets}) < len(sheets):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="two sheets in one part")
    return sheets, any(is_1904)


def merged_cells(parts: Parts, part: str) -> list[MergedCells]:
    """The merged cells of a sheet, which its XML names after its rows."""
    merged: list[MergedCells] = []
    rest = b""
    for chunk in parts.chunks(part):
        text = rest + chunk
        end = 0
        if b"mergeCell" in text:
            for match in _MERGED.finditer(text):
                end = match.end()
                cells = merged_at(match[1].decode())
                if cells and len(merged) < _MOST_MERGED:
                    merged.append(cells)
        rest = text[max(end, len(text) - _OVERLAP) :]
    return merged


def hidden_rows(parts: Parts, part: str) -> frozenset[int]:
    """The numbers, from 0, of the rows of a sheet that are hidden, by a filter or by hand (18.3.1.73)."""
    if not any(b"hidden" in chunk for chunk in _overlapping(parts.chunks(part))):
        return frozenset()
    hidden: list[int] = []
    last = -1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal last
        if local_name(tag) == "row":
            last = row_number(attributes, last)
            if is_hidden(attributes):
                hidden.append(last)

    parse_part(parts, part, start)
    return frozenset(hidden)


def _overlapping(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        yield rest + chunk
        rest = chunk[-16:]
