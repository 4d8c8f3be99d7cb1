"""A workbook that somebody sent, read by a process of its own with little memory and time, on Lambda as here.

A process that is started anew, never a fork: this one may have threads. Its environment holds no credentials. What
kills it refuses the file and harms nothing else.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from chalicelib import logs
from chalicelib.errors import FileRefused, Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.settings import process_environment
from chalicelib.table_files.reading_budget import too_large
from chalicelib.table_files.workbooks.workbook_frames import (
    GO_ON,
    MOST_FRAME,
    NEXT_SHEET,
    Sheet,
    decoded,
    rows_of,
)
from chalicelib.values.records import Json

_COMMAND: Final = (sys.executable, "-P", "-S", "-m", "chalicelib.table_files.workbooks.workbook_process")
_ROOT: Final = str(Path(__file__).parents[3])
_READ: Final = 1 << 16
# Its CPU time is bounded by itself; a process that neither computes nor answers for so long hangs.
_SILENCE: Final = 150.0
_OUT_OF_TIME: Final = frozenset({-signal.SIGXCPU})
# Compiled code ends itself when it gets no memory; the kernel ends what takes too much of it.
_OUT_OF_MEMORY: Final = frozenset({-signal.SIGABRT, -signal.SIGKILL})


def read_workbook_in_child(path: Path, command: Sequence[str] = _COMMAND) -> Iterator[Sheet]:
    """The visible sheets of a workbook in order; raises FileRefused as `read_workbook` does, and where the reader ends
    before the file does (too_large for memory and time, else unreadable_file).

    The rows of a sheet can be read until the next sheet is asked for. `command` reads the file that is added to it.
    """
    child = _Child([*command, str(path)])
    try:
        frame = child.next_frame()
        while "sheet" in frame:
            rows = _Rows(child)
            yield Sheet(str(frame["sheet"]), iter(rows), int(frame["shift"]))
            frame = rows.skip()
    except (ValueError, TypeError, KeyError) as error:
        # It says what no reader says.
        raise FileRefused(ErrorCode.UNREADABLE_FILE, why="the reader ended") from error
    finally:
        child.end()


class _Rows:
    """The rows of the sheet that the child is at."""

    def __init__(self, child: "_Child") -> None:
        self._child = child
        self._following: Json = {}

    def __iter__(self) -> Iterator[list[str]]:
        while frame := self._next(GO_ON):
            yield from rows_of(frame)

    def skip(self) -> Json:
        """The frame behind the sheet, whose other rows nobody wants."""
        while self._next(NEXT_SHEET):
            pass
        return self._following

    def _next(self, answer: bytes) -> Json:
        """The next frame of rows, {} behind the last; what the child asks is answered so."""
        while not self._following:
            frame = self._child.next_frame()
            if "rows" in frame:
                return frame
            if "ask" in frame:
                self._child.answer(answer)
            else:
                self._following = frame
        return {}


class _Child:
    """The process that reads the workbook, and the frames that it sends."""

    def __init__(self, command: Sequence[str]) -> None:
        places = [_ROOT, *(place for place in sys.path if place)]
        self._process = subprocess.Popen(  # noqa: S603 (our own module, and no shell)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=process_environment(os.pathsep.join(places)),
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout.fileno()
        self._held = bytearray()
        self._searched = 0
        try:
            self._frame()
        except FileRefused as error:
            # No fault of the file: it comes again, and operators see that it fails.
            self.end()
            raise Unavailable(ErrorCode.STORE_UNAVAILABLE, problem="the reader of workbooks did not start") from error

    def next_frame(self) -> Json:
        """The next frame; FileRefused where the child refuses the file, or is no more."""
        frame = self._frame()
        if "refused" in frame:
            raise FileRefused(ErrorCode(frame["refused"]), **frame["details"])
        return frame

    def answer(self, line: bytes) -> None:
        """Answer what the child asks."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def end(self) -> None:
        """End the process, however far it is."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue

    def _frame(self) -> Json:
        while (end := self._held.find(b"\n", self._searched)) < 0:
            self._searched = len(self._held)
            if self._searched > MOST_FRAME:
                raise too_large("characters of a row")
            if not select.select([self._output], [], [], _SILENCE)[0]:
                raise too_large("CPU time")
            piece = os.read(self._output, _READ)
            if not piece:
                raise self._ended()
            self._held += piece
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        self._searched = 0
        return decoded(line)

    def _ended(self) -> FileRefused:
        """Why the child is no more, as the refusal of its file."""
        status = self._process.wait()
        logs.warn("workbook_reader_ended", status=status)
        if status in _OUT_OF_TIME:
            return too_large("CPU time")
        if status in _OUT_OF_MEMORY:
            return too_large("memory")
        return FileRefused(ErrorCode.UNREADABLE_FILE, why="the reader ended")
