"""Where the tasks of a platform since a moment begin in its log, searched with few reads."""

from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.closure_tasks.work_queue.tasks_since import PROBES, first_task_since
from chalicelib.storage.item_keys.numbered_log_keys import EPOCH


class Log:
    """A log of tasks that were opened one a minute; those from `restored` on have numbers of the next epoch."""

    def __init__(self, length: int, restored: int = 10**9) -> None:
        self._length, self._restored, self.calls, self.read = length, restored, 0, 0

    def length(self) -> int:
        return self._length

    def at_places(self, places: Iterable[int]) -> dict[int, dict[str, Any]]:
        some = list(places)
        self.calls, self.read = self.calls + 1, self.read + len(some)
        return {at: {"number": at + EPOCH * (at >= self._restored), "opened_at": minute(at)} for at in some}


def minute(at: int) -> str:
    return f"2026-11-{1 + at // 1440:02d}T{at // 60 % 24:02d}:{at % 60:02d}:00.000Z"


@pytest.mark.parametrize("length", [1, 2, 9, 10, 11, 57, 100, 1_003])
def test_the_first_task_since_each_moment_is_found(length: int) -> None:
    for first in {1, min(2, length), length // 2 + 1, max(length - 1, 1), length}:
        log: Any = Log(length)
        assert first_task_since(log, minute(first)) == first
    nothing: Any = Log(length)
    assert first_task_since(nothing, minute(length + 1)) == 0


def test_a_platform_without_tasks_has_none_and_numbers_go_on_after_a_restore() -> None:
    empty: Any = Log(0)
    assert (first_task_since(empty, minute(1)), empty.calls) == (0, 0)
    restored: Any = Log(500, restored=300)
    assert first_task_since(restored, minute(299)) == 299
    assert first_task_since(restored, minute(301)) == EPOCH + 301


def test_twenty_thousand_tasks_are_searched_with_a_handful_of_reads() -> None:
    log: Any = Log(20_000)
    assert first_task_since(log, minute(19_876)) == 19_876
    assert log.calls <= 6
    assert log.read <= 6 * (PROBES + 1)
