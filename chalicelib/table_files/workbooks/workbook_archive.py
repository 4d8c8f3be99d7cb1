"""The archive of a workbook as it lies on disk: what it would unpack to, before anything unpacks it.

Sizes are those that its directory declares, and for archives that a reader of compiled code gets they are also what
inflating gives (ZIP, APPNOTE 4.3; ECMA-376 part 2, 7.3: parts are stored or deflated, and no two have one name).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import too_large
from chalicelib.table_files.workbooks.xlsx_parts import CHUNK, plain_part

# What zipfile raises for archives that are cut, overwritten, encrypted or packed in a way it does not know.
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, struct.error, OSError, RuntimeError, ValueError, EOFError, KeyError)
# A million rows of seven columns are 490 MB of XML.
_MOST_BYTES: Final = 1 << 30
# XML of tables is deflated to a tenth, of empty styled cells to a sixtieth; a bomb to a thousandth.
_MOST_RATIO: Final = 200
_RATIO_FROM: Final = 128 << 20
_MOST_PARTS: Final = 10_000
_MOST_DIRECTORY: Final = 4 << 20
# Parts that are read whole, or that no honest program makes large.
_MOST_SMALL: Final = 8 << 20
_MOST_STYLES: Final = 32 << 20
_SMALL: Final = frozenset({"[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/workbook.bin", "mimetype"})
# The record at the end of an archive (APPNOTE 4.3.16), its comment, and its 64-bit kin before it.
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_END_64_MARK: Final = b"PK\x06\x06"
# Between the two lies the locator of the first (APPNOTE 4.3.15).
_LOCATOR: Final = 20
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_ENCRYPTED: Final = 0x1


def check_directory(path: Path) -> None:
    """Raise FileRefused where the directory of the archive alone would take too much memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END.size - 0xFFFF - 1024))
        tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) < at + _END.size:
        raise _damaged()
    _mark, _disk, _start, _here, parts, size, _offset, _comment = _END.unpack_from(tail, at)
    at -= _LOCATOR + _END_64.size
    if at >= 0 and tail.startswith(_END_64_MARK, at):
        *_head, parts, size, _offset = _END_64.unpack_from(tail, at)
    if parts > _MOST_PARTS or size > _MOST_DIRECTORY:
        raise too_large("number of parts", parts=parts, most=_MOST_PARTS)


def check_parts(archive: zipfile.ZipFile, packed: int) -> tuple[set[str], int]:
    """The names of the parts as they are compared, and the bytes that they declare to unpack to.

    Raises FileRefused for more, or larger, parts than a workbook has, and for parts that share a name or their bytes;
    `packed` is the size of the file.
    """
    parts = archive.infolist()
    names = {plain_part(part.filename) for part in parts}
    if len(names) < len(parts):
        raise _damaged("two parts of one name")
    total = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or total > _MOST_BYTES:
        raise too_large("unpacked size", bytes=total, most=_MOST_BYTES)
    if total > _RATIO_FROM and total > _MOST_RATIO * packed:
        raise too_large("unpacked size", bytes=total, most=_MOST_RATIO * packed)
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        _check_part(part)
        if part.header_offset < end:
            raise _damaged("parts that overlap")
        end = part.header_offset + _LOCAL.size + part.compress_size
    return names, total


def check_contents(path: Path, archive: zipfile.ZipFile) -> None:
    """Inflate every part, a piece at a time: FileRefused where one is more, less or other than its entry declares."""
    with path.open("rb") as file:
        for part in archive.infolist():
            size = checksum = 0
            for piece in _inflated(file, part):
                size += len(piece)
                checksum = zlib.crc32(piece, checksum)
                if size > part.file_size:
                    raise _damaged("a part larger than it declares")
            if size != part.file_size or checksum != part.CRC:
                raise _damaged()


def _check_part(part: zipfile.ZipInfo) -> None:
    name = plain_part(part.filename)
    if part.flag_bits & _ENCRYPTED:
        raise _damaged("locked with a password")
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _damaged("a part neither stored nor deflated")
    most = _MOST_SMALL if name in _SMALL or name.endswith(".rels") else _MOST_BYTES
    if name in {"xl/styles.xml", "styles.xml"}:
        most = _MOST_STYLES
    if part.file_size > most:
        raise too_large("unpacked size of a part", part=name[:40], bytes=part.file_size, most=most)


def _inflated(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What the bytes of a part really unpack to, whatever its entry says."""
    file.seek(part.header_offset)
    _mark, _version, _flags, method, *_rest, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    if method != part.compress_type:
        raise _damaged("two packings of one part")
    file.seek(name + extra, 1)
    left = part.compress_size
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if method == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(left, CHUNK))):
        left -= len(packed)
        if unpacker is None:
            yield packed
            continue
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, CHUNK)
            packed = unpacker.unconsumed_tail
    if unpacker is not None:
        while not unpacker.eof and (piece := unpacker.decompress(b"", CHUNK)):
            yield piece


def _damaged(why: str = "damaged archive") -> FileRefused:
    return FileRefused(ErrorCode.UNREADABLE_FILE, why=why)
