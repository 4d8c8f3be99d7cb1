"""How the processor time of a function grows with the length of its text.

Nothing here holds an absolute time: a run is compared with a pattern that is known to be quadratic, in the same
process, and then with itself at twice and four times the length.
"""

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Any

LENGTH = 512
# Twice the text takes twice the time; of a text that is read again from each place, four times.
MOST_GROWTH = 2.8
# No linear function takes a hundredth of this for so short a text; it keeps an exponential one from hanging the test.
_GIVES_UP_SECONDS = 0.5
_QUADRATIC = re.compile(r"\d+x")
_SHARE = 16
_TRIES = 4
Run = Callable[[Any], object]
TextOf = Callable[[int], Any]


class GaveUp(Exception):
    """The function takes so long that nothing more is to be measured."""


def grows_faster(run: Run, text_of: TextOf, length: int = LENGTH) -> bool:
    """Whether the function's time grows faster than the length of these texts."""
    try:
        with _bounded():
            return _is_suspicious(run, text_of, length) and grows(run, text_of, length)
    except GaveUp:
        return True


def _is_suspicious(run: Run, text_of: TextOf, length: int) -> bool:
    """Whether the time is not far below that of a quadratic pattern: nearly nothing is, so that most ends here."""
    text, most = text_of(length), _quadratic_seconds(length) / _SHARE
    return _seconds(run, text) > most and min(_seconds(run, text) for _ in range(_TRIES)) > most


def grows(run: Run, text_of: TextOf, length: int) -> bool:
    """Whether it doubles by more than twice, twice over; the least of several times, for other work only adds."""
    times = [min(_seconds(run, text) for _ in range(_TRIES)) for text in map(text_of, (length, 2 * length, 4 * length))]
    return times[1] > MOST_GROWTH * times[0] and times[2] > MOST_GROWTH * times[1]


def _seconds(run: Run, text: Any) -> float:
    started = time.thread_time()
    run(text)
    return time.thread_time() - started


@cache
def _quadratic_seconds(length: int) -> float:
    text = "1" * length
    return min(_seconds(_QUADRATIC.search, text) for _ in range(_TRIES))


@contextmanager
def _bounded() -> Iterator[None]:
    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise GaveUp

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _GIVES_UP_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
