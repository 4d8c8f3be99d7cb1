"""The process that reads a workbook somebody sent: `python -m chalicelib.table_files.workbooks.workbook_process FILE`.

It first takes away from itself what the reading does not need: memory, CPU time, files. Whatever a file does to the
reader's compiled code then ends this process alone (`read_workbook_in_child.py` says what the end means). The CPU time
grows with the bytes that were sent and with the rows that were asked for.
"""

import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode
from chalicelib.table_files.reading_budget import MOST_ROW, too_large
from chalicelib.table_files.workbooks.workbook import read_workbook
from chalicelib.table_files.workbooks.workbook_frames import GO_ON, ROWS_BEFORE_ASKING, encoded, rows_frame
from chalicelib.values.records import Json

# What it may take beside what the interpreter and the readers take already, about 25 MB.
_MEMORY: Final = 208 << 20
_SECONDS: Final = 8
_BYTES_PER_SECOND: Final = 8 << 20
_ROWS_PER_SECOND: Final = 5_000
_MOST_SECONDS: Final = 800
_LARGEST_FILE: Final = 1 << 30
_MOST_FILES: Final = 32
# A frame is sent when its cells have so many characters, or it has so many rows.
_FRAME_CHARACTERS: Final = 1 << 17
_FRAME_ROWS: Final = 500


class _Limits:
    """The limits of this process; its CPU time is raised as rows are given."""

    def __init__(self, file_bytes: int) -> None:
        self._seconds = _SECONDS + file_bytes // _BYTES_PER_SECOND
        self._rows = 0
        size = Path("/proc/self/statm")
        if size.exists():  # Linux; macOS does not enforce this limit.
            _limit(resource.RLIMIT_AS, int(size.read_text().split()[0]) * resource.getpagesize() + _MEMORY)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
        _limit(resource.RLIMIT_NOFILE, _MOST_FILES)
        _limit(resource.RLIMIT_CPU, self._seconds, _MOST_SECONDS)

    def add_rows(self, count: int) -> None:
        """So many rows were given to the process that asked for them."""
        before = self._rows // _ROWS_PER_SECOND
        self._rows += count
        if self._rows // _ROWS_PER_SECOND > before:
            most = min(self._seconds + self._rows // _ROWS_PER_SECOND, _MOST_SECONDS)
            _limit(resource.RLIMIT_CPU, most, _MOST_SECONDS)


def _limit(kind: int, soft: int, hard: int = 0) -> None:
    _soft, ceiling = resource.getrlimit(kind)
    hard = hard or soft
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


def _send(frame: Json) -> None:
    sys.stdout.buffer.write(encoded(frame))
    sys.stdout.buffer.flush()


def _send_rows(rows: Iterable[list[str]], limits: _Limits) -> None:
    """Send the rows of a sheet that hold anything, until the other side wants no more of them."""
    waiting: list[list[str]] = []
    characters = count = 0
    for row in rows:
        size = sum(map(len, row))
        if not size:
            continue
        if size > MOST_ROW:
            raise too_large("characters of a row", most=MOST_ROW)
        waiting.append(row)
        characters += size
        count += 1
        is_asking = count == ROWS_BEFORE_ASKING
        if is_asking or characters >= _FRAME_CHARACTERS or len(waiting) >= _FRAME_ROWS:
            _send(rows_frame(waiting))
            if count > ROWS_BEFORE_ASKING:
                limits.add_rows(len(waiting))
            waiting, characters = [], 0
        if is_asking:
            _send({"ask": True})
            if sys.stdin.buffer.readline() != GO_ON:
                return
    if waiting:
        _send(rows_frame(waiting))


def main() -> None:
    """Read the file and send its sheets."""
    path = Path(sys.argv[1])
    limits = _Limits(path.stat().st_size)
    _send({"ready": True})
    refusal: FileRefused | None = None
    try:
        for sheet in read_workbook(path):
            _send({"sheet": sheet.name, "shift": sheet.serial_shift})
            _send_rows(sheet.rows, limits)
    except FileRefused as refused:
        refusal = refused
    except MemoryError:
        refusal = too_large("memory")
    except BrokenPipeError:
        return
    except Exception as error:
        # A reader failed on the content of the file; the parts of it that were given are forgotten with the refusal.
        refusal = FileRefused(ErrorCode.UNREADABLE_FILE, why=type(error).__name__)
    with suppress(BrokenPipeError):
        _send({"refused": str(refusal.code), "details": refusal.details} if refusal else {"end": True})


if __name__ == "__main__":
    main()
