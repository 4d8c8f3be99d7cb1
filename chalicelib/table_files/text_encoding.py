"""Text files as text: which encoding, and how it is read piece by piece.

Encoding: a byte order mark, else UTF-8, else GB18030 (which holds GBK and GB2312), else UTF-16 without a mark. A file
that is mostly one of them is read on; bytes that are no text in it stay as lone surrogates, never as a replacement.
"""

import codecs
import io
from collections.abc import Callable
from pathlib import Path

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import MOST_ROW, too_large

_CHUNK = 1 << 20
_MOST_LINES = 12_000_000
_SAMPLE_LINES = 4000

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


def _no_check() -> None:
    """Reading may take as long as it takes."""


class _CheckedReader(io.BufferedReader):
    """The bytes of a file; `check` is called before each piece of some kilobytes, and may raise."""

    def __init__(self, path: Path, check: Callable[[], None]) -> None:
        super().__init__(io.FileIO(path))
        self._check = check

    def read1(self, size: int = -1, /) -> bytes:
        """The next piece."""
        self._check()
        return super().read1(size)


def open_text(path: Path, check: Callable[[], None] = _no_check) -> tuple[io.TextIOWrapper, str]:
    """The file as text after its byte order mark, and how it starts; raises FileRefused for what is no text.

    `check` is called while the text is read, and may raise.
    """
    encoding, mark = detect_encoding(path, check)
    errors = "lianfang-keep" if encoding.startswith("utf-16") else "surrogateescape"
    raw = _CheckedReader(path, check)
    raw.seek(mark)
    start = raw.peek(4096)[:4096].decode(encoding, "ignore")
    return io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=""), start


def detect_encoding(path: Path, check: Callable[[], None] = _no_check) -> tuple[str, int]:
    """The encoding of a text file and the length of its byte order mark."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="UTF-32")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            # Some exports put the mark of UTF-8 before GB18030.
            return (_likelier(path, check) if encoding == "utf-8" and not _is_all_utf8(path) else encoding), len(mark)
    if b"\0" in head:
        return _utf16_without_mark(head), 0
    return ("utf-8" if _is_all_utf8(path) else _likelier(path, check)), 0


def _is_all_utf8(path: Path) -> bool:
    decoder, lines = codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk:
                    raise FileRefused(ErrorCode.UNREADABLE_FILE, why="NUL bytes")
                lines += chunk.count(b"\n")
                if lines > _MOST_LINES:
                    raise too_large("lines", most=_MOST_LINES)
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _likelier(path: Path, check: Callable[[], None]) -> str:
    """UTF-8 or GB18030, whichever decodes more of the first lines that are not ASCII; FileRefused if neither does."""
    utf8 = gb = lines = 0
    with _CheckedReader(path, check) as file:
        file.seek(3 if file.read(3) == codecs.BOM_UTF8 else 0)
        while lines < _SAMPLE_LINES and (line := file.readline(MOST_ROW)):
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
