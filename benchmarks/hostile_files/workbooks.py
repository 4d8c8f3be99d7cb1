"""Workbooks that unpack, or spread, to a thousand times their size."""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0"?>'
_HEADER = ("主体名称", "统一社会信用代码", "清退日期", "清退原因")
_ROW = ("杭州云栖谷示例服饰有限公司", "91330106MA2GT00116", "2025-11-23", "虚假广告")
_MEGABYTE = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"
Pieces = Iterable[bytes]


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, cells: Iterable[str]) -> str:
    return (
        f'<row r="{number}">'
        + "".join(cell(f"{column}{number}", text) for column, text in zip("ABCD", cells, strict=True))
        + "</row>"
    )


GOOD = row(1, _HEADER) + row(2, _ROW)


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    """A sheet of an XLSX with the rows, and what stands before and behind them."""
    return f'{_XML}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def opened(rows: str) -> bytes:
    """A sheet that is still to be closed by `CLOSED`."""
    return sheet(rows).removesuffix(CLOSED)


CLOSED = b"</sheetData></worksheet>"


def parts(sheets: int = 1, targets: int = 1) -> dict[str, Pieces]:
    """The parts of an XLSX but for its sheets: `sheets` of them, in so many parts."""
    books = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{(n - 1) % targets + 1}"/>' for n in range(1, sheets + 1))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, targets + 1)
    )
    return {
        "_rels/.rels": [
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode()
        ],
        "xl/workbook.xml": [
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{books}</sheets></workbook>'.encode()
        ],
        "xl/_rels/workbook.xml.rels": [
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship Id="s" '
            f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'.encode()
        ],
    }


def write(path: Path, contents: Mapping[str, Pieces], packing: int = zipfile.ZIP_DEFLATED) -> None:
    """Write an archive of these parts, each piece by piece."""
    level = 6 if packing == zipfile.ZIP_DEFLATED else None
    with zipfile.ZipFile(path, "w", packing, compresslevel=level) as archive:
        for name, pieces in contents.items():
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece)


def spaces(megabytes: int) -> list[bytes]:
    """So many megabytes of blanks, as one object many times."""
    return [b" " * _MEGABYTE] * megabytes


def _with_sheet(body: Pieces, **more: Pieces) -> Callable[[Path], None]:
    return lambda path: write(path, {**parts(), SHEET: body, **more})


def _corner(reference: str, number: int) -> Callable[[Path], None]:
    return _with_sheet([sheet(GOOD + f'<row r="{number}">{cell(reference, "x")}</row>')])


def _large_part(name: str, megabytes: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        contents = {**parts(), SHEET: [sheet(GOOD)], "xl/styles.xml": [f'<styleSheet xmlns="{_MAIN}"/>'.encode()]}
        head, _, rest = b"".join(contents[name]).partition(b">")
        write(path, {**contents, name: [head + b">", *spaces(megabytes), rest]})

    return make


def _repeated(text: bytes, times: int) -> Pieces:
    return [opened(GOOD), *[text * 1000] * (times // 1000), CLOSED]


def _strings(pieces: Pieces, cells: str) -> Callable[[Path], None]:
    start, end = f'{_XML}<sst xmlns="{_MAIN}">'.encode(), b"</sst>"
    return lambda path: write(
        path,
        {**parts(), SHEET: [sheet(GOOD + cells)], "xl/sharedStrings.xml": [start, *pieces, end]},
    )


def _lying(path: Path) -> None:
    """A part of 300 MB that declares a thousand bytes."""
    size = 300 * _MEGABYTE
    _with_sheet([opened(GOOD), *spaces(300 - 1), b" " * (_MEGABYTE - len(opened(GOOD)) - len(CLOSED)), CLOSED])(path)
    content = bytearray(path.read_bytes())
    for width in ("<I", "<Q"):
        lie = struct.pack(width, 1000)
        while (at := content.find(struct.pack(width, size))) >= 0:
            content[at : at + len(lie)] = lie
    path.write_bytes(content)


def _many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, pieces in {**parts(), SHEET: [sheet(GOOD)]}.items():
            archive.writestr(name, b"".join(pieces))
        for number in range(60_000):
            archive.writestr(f"xl/{number}", b"")


def _twice(path: Path) -> None:
    contents = {**parts(), SHEET: [sheet(GOOD)], SHEET.upper(): [sheet(GOOD)]}
    write(path, contents)


def _merged(path: Path) -> None:
    ranges = "".join(f'<mergeCell ref="{column}2:{column}1048576"/>' for column in "ABCD") * 50_000
    rows = "".join(f'<row r="{number}"/>' for number in range(3, 200_000))
    write(path, {**parts(), SHEET: [sheet(GOOD + rows, after=f"<mergeCells>{ranges}</mergeCells>")]})


def _entities(path: Path) -> None:
    growing = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(6))
    head = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "{"A" * 1000}">{growing}]>'
    body = sheet(GOOD.replace("虚假广告", "&g;")).decode().replace(_XML, head).encode()
    write(path, {**parts(), SHEET: [body]})


def _in_utf16(path: Path) -> None:
    """A corner that a scan of bytes does not see."""
    body = sheet(GOOD + f'<row r="60000">{cell("ZZ60000", "x")}</row>').decode()
    write(path, {**parts(), SHEET: [body.replace(_XML, '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16")]})


def _reference_by_number(path: Path) -> None:
    write(path, {**parts(), SHEET: [sheet(GOOD + f'<row r="60000">{cell("&#90;Z60000", "x")}</row>')]})


def _nested(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * (64 * _MEGABYTE))
    write(path, {**parts(), SHEET: [sheet(GOOD)], "xl/embeddings/a.xlsx": [inner.getvalue()] * 20})


def _ods(columns: int, rows: int, filler: str = "x") -> Callable[[Path], None]:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    element = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    repeated = element.format(f' table:number-columns-repeated="{columns}"', filler)
    content = (
        f'{_XML}<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="S"><table:table-row>{element.format("", _HEADER[0])}{element.format("", _HEADER[1])}'
        f'</table:table-row><table:table-row table:number-rows-repeated="{rows}">{repeated}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="{office}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return lambda path: write(
        path,
        {"mimetype": [kind.encode()], "META-INF/manifest.xml": [manifest.encode()], "content.xml": [content.encode()]},
    )


def _record(kind: int, body: bytes = b"") -> bytes:
    """A record of an XLSB: its kind and its length, seven bits to a byte ([MS-XLSB], 2.1.4)."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def _wide_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _binary(number: int, column: int) -> Callable[[Path], None]:
    """An XLSB with a number in its first place and one in another."""

    def in_row(row: int, column: int) -> bytes:
        cell = _record(5, struct.pack("<IId", column, 0, 1.0))
        return _record(0, struct.pack("<II", row, 0) + bytes(9)) + cell

    cells = in_row(0, 0) + in_row(number, column)
    dimension = _record(148, struct.pack("<IIII", 0, 1, 0, 1))
    body = _record(129) + dimension + _record(145) + cells + _record(146) + _record(130)
    bundle = _record(156, struct.pack("<II", 0, 1) + _wide_text("r1") + _wide_text("S"))
    book = _record(131) + _record(143) + bundle + _record(144) + _record(132)
    links = parts()["xl/_rels/workbook.xml.rels"]
    return lambda path: write(
        path,
        {
            "xl/workbook.bin": [book],
            "xl/_rels/workbook.bin.rels": [piece.replace(b"sheet1.xml", b"sheet1.bin") for piece in links],
            "xl/worksheets/sheet1.bin": [body],
        },
    )


class _Noise:
    """Six megabytes that no program packs, made when they are written."""

    def __iter__(self) -> Iterator[bytes]:
        numbers = random.Random(1)
        for _ in range(6):
            yield numbers.randbytes(_MEGABYTE)


def _with_noise(body: Pieces) -> Callable[[Path], None]:
    """The sheet beside a part that cannot be packed, so that the archive as a whole is packed like an honest one."""
    return _with_sheet(body, **{"xl/media/a.png": _Noise()})


WIDE_ROW = b'<row><c r="XFD1"><v>1</v></c></row>'
TINY_ROW = b"<row><c><v>1</v></c></row>"
_LONG = f"<si><t>{'长' * 32_000}</t></si>".encode()
_ONE_STRING = '<row><c t="s"><v>0</v></c></row>' * 100_000

WORKBOOKS: dict[str, Callable[[Path], None]] = {
    "cell at XFD1048576": _corner("XFD1048576", 1_048_576),
    "cell at ZZ60000": _corner("ZZ60000", 60_000),
    "cell at IV1048576": _corner("IV1048576", 1_048_576),
    "cell at CV900000 in row 3": _corner("CV900000", 3),
    "cell at ZZ60000, in UTF-16": _in_utf16,
    "cell at ZZ60000, by an entity": _reference_by_number,
    "workbook.xml of 400 MB": _large_part("xl/workbook.xml", 400),
    "relations of 400 MB": _large_part("xl/_rels/workbook.xml.rels", 400),
    "styles of 400 MB": _large_part("xl/styles.xml", 400),
    "sheet of 900 MB of blanks": _with_sheet([opened(GOOD), *spaces(900), CLOSED]),
    "2,000,000 rows with a cell in XFD": _with_sheet(_repeated(WIDE_ROW, 2_000_000)),
    "20,000,000 rows of a digit": _with_sheet(_repeated(TINY_ROW, 20_000_000)),
    "1,000,000 rows of a digit": _with_sheet(_repeated(TINY_ROW, 1_000_000)),
    "sheet of 900 MB of blanks, with noise": _with_noise([opened(GOOD), *spaces(900), CLOSED]),
    "2,000,000 rows with a cell in XFD, with noise": _with_noise(_repeated(WIDE_ROW, 2_000_000)),
    "20,000,000 rows of a digit, with noise": _with_noise(_repeated(TINY_ROW, 20_000_000)),
    "attribute of 200 MB, with noise": _with_noise(
        [opened(GOOD), b'<row r="3" x="', *[b"x" * _MEGABYTE] * 200, b'"/>', CLOSED]
    ),
    "cell of 200 MB, with noise": _with_noise(
        [opened(GOOD), b"<row><c t='str'><v>", *[b"x" * _MEGABYTE] * 200, b"</v></c></row>", CLOSED]
    ),
    "part that declares less than it holds": _lying,
    "60,000 parts": _many_parts,
    "two parts of one name": _twice,
    "part packed with LZMA": lambda path: write(path, {**parts(), SHEET: [sheet(GOOD)]}, zipfile.ZIP_LZMA),
    "workbook in a workbook": _nested,
    "10,000 sheets in one part": lambda path: write(path, {**parts(sheets=10_000), SHEET: [sheet(GOOD)]}),
    "entities that grow": _entities,
    "attribute of 30 MB": _with_sheet([opened(GOOD), b'<row r="3" x="', *[b"x" * _MEGABYTE] * 30, b'"/>', CLOSED]),
    "cell of 30 MB": _with_sheet(
        [opened(GOOD), b"<row><c t='str'><v>", *[b"x" * _MEGABYTE] * 30, b"</v></c></row>", CLOSED]
    ),
    "6,000,000 empty shared strings": _strings([b"<si/>" * 10_000] * 600, ""),
    "300 shared strings of 32,000 characters in 100,000 cells": _strings([_LONG] * 300, _ONE_STRING),
    "200,000 merged cells": _merged,
    "ODS of 16,384 columns and 1,048,575 rows": _ods(16_384, 1_048_575),
    "XLSB with a cell at XFD1048576": _binary(1_048_575, 16_383),
    "XLSB with a cell at KN1048576": _binary(1_048_575, 299),
    "ODS of 90 columns and 1,048,575 rows": _ods(90, 1_048_575),
    "ODS of 5,000,000 long cells": _ods(100, 50_000, "长" * 5_000),
}
