"""Day logs: numbered by a counter, read back by key, with cursors that hold whatever is written meanwhile."""

from collections.abc import Sequence

import pytest

from chalicelib import wiring
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DaySpan, Entry
from tests.world import World

LOG = day_log.log_of("reports:beta")
WEEK = DaySpan("2026-11-20", "2026-11-27")


def enter(day: str, *names: str) -> None:
    for name in names:
        day_log.enter(wiring.exchange(), LOG, day, day_log.draw(wiring.exchange(), LOG, day), name)


def ids(entries: Sequence[Entry]) -> list[str | None]:
    return [entry.item["entry_id"] for entry in entries]


def all_pages(limit: int, span: DaySpan = WEEK) -> list[list[str]]:
    pages, after = [], ""
    while True:
        page, after = day_log.read_back(wiring.exchange(), LOG, DaySpan(span.since, span.until, after), ids, limit)
        pages.append(page)
        if not after:
            return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_newest_comes_first_over_days_with_and_without_entries(world: World, limit: int) -> None:
    enter("2026-11-19", "before")
    enter("2026-11-21", "a", "b")
    enter("2026-11-27", "c", "d", "e")
    pages = all_pages(limit)
    assert [name for page in pages for name in page] == ["e", "d", "c", "b", "a"]
    assert all(len(page) <= limit for page in pages)
    assert all_pages(100, DaySpan("2026-11-21", "2026-11-21")) == [["b", "a"]]
    assert all_pages(100, DaySpan("2026-11-22", "2026-11-21")) == [[]]


def test_a_number_without_an_entry_is_passed_over_and_new_entries_do_not_move_a_cursor(world: World) -> None:
    enter("2026-11-27", "a", "b")
    day_log.draw(wiring.exchange(), LOG, "2026-11-27")
    enter("2026-11-27", "c")
    page, after = day_log.read_back(wiring.exchange(), LOG, WEEK, ids, 1)
    assert page == ["c"]
    enter("2026-11-27", "d")
    rest, end = day_log.read_back(wiring.exchange(), LOG, DaySpan(WEEK.since, WEEK.until, after), ids, 5)
    assert (rest, end) == (["b", "a"], "")


def test_what_does_not_fit_bounds_a_page_and_the_cursor_moves_on(world: World) -> None:
    enter("2026-11-27", *(f"e{number}" for number in range(60)))
    before = day_log.MOST_READ
    day_log.MOST_READ = 50  # type: ignore[misc]
    try:
        only = ["e3"]
        page, after = day_log.read_back(
            wiring.exchange(), LOG, WEEK, lambda entries: [each if each in only else None for each in ids(entries)], 5
        )
        assert (page, after) == ([], "2026-11-27.11")
        page, after = day_log.read_back(
            wiring.exchange(), LOG, DaySpan(WEEK.since, WEEK.until, after),
            lambda entries: [each if each in only else None for each in ids(entries)], 5,
        )  # fmt: skip
        assert (page, after) == (["e3"], "")
    finally:
        day_log.MOST_READ = before  # type: ignore[misc]
