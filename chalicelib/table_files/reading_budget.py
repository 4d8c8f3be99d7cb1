"""What reading one file may cost: CPU time by its rows, and the widths that no honest table reaches."""

import time
from collections.abc import Callable
from typing import Final

from chalicelib.errors import FileRefused
from chalicelib.messages import ErrorCode

# A table of 300 columns is no list of merchants; Excel's own limit of 16,384 is what attacks use.
MOST_COLUMNS: Final = 300
# The most characters of a cell in a spreadsheet, and of all cells of one row here.
MOST_CELL: Final = 32_767
MOST_ROW: Final = 1 << 18
# CPU seconds before the first row; a row of a report takes 0.2 ms with all that is done with it.
SECONDS: Final = 6.0
SECONDS_PER_ROW: Final = 0.001


def too_large(why: str, **details: object) -> FileRefused:
    """The refusal of a file that would cost more than a file may."""
    return FileRefused(ErrorCode.TOO_LARGE, why=why, **details)


class ReadingBudget:
    """The CPU time that this thread may spend on one file: some seconds, and a millisecond for each row.

    It counts what is done with the rows as well, so that rows which are slow to check use it up.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._until = clock() + SECONDS

    def add_rows(self, count: int) -> None:
        """Rows were read: there is more time for the next."""
        self._until += count * SECONDS_PER_ROW

    def check(self) -> None:
        """Raise FileRefused (too_large) when the time is used up."""
        if self._clock() > self._until:
            raise too_large("CPU time", seconds=SECONDS, seconds_per_row=SECONDS_PER_ROW)
