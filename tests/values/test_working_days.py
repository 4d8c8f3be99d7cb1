"""Working days with their make-up days, and what happens in years that nobody has announced yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.closure_tasks.rules.task_deadlines import Overlay
from chalicelib.values import working_days
from chalicelib.values.timestamps import iso

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),
        ("2026-11-21", False),
        ("2026-02-14", True),  # a Saturday, made up for the Spring Festival
        ("2026-02-17", False),  # the festival itself, a Tuesday
        ("2026-10-01", False),
        ("2026-10-10", True),  # a Saturday, made up for the National Day
    ],
)
def test_the_announced_calendar_counts(day: str, works: bool) -> None:
    assert working_days.is_working_day(date.fromisoformat(day)) == (works, True)


@pytest.mark.parametrize(
    ("day", "works"),
    [("2031-01-01", False), ("2031-05-01", False), ("2031-10-03", False), ("2031-10-06", True), ("2031-10-05", False)],
)
def test_a_year_that_is_not_announced_is_estimated_by_weekdays_and_fixed_holidays(day: str, works: bool) -> None:
    assert working_days.is_working_day(date.fromisoformat(day)) == (works, False)


@given(DAYS, st.integers(0, 12))
def test_the_nth_working_day_is_one_and_n_of_them_lie_on_the_way(day: date, count: int) -> None:
    last, calendar = working_days.later(day, count)
    between = [day + timedelta(days=ahead) for ahead in range(1, (last - day).days + 1)]
    judged = [working_days.is_working_day(entry) for entry in between]
    assert sum(works for works, _ in judged) == count
    assert last == day or judged[-1][0]
    assert (calendar == "known") == all(element for _, element in judged)


def test_a_period_ends_at_midnight_in_china_of_its_last_working_day() -> None:
    plain = task_deadlines.clock_for("check", 3)
    # Monday afternoon in China, and Monday just before midnight: the whole of Tuesday is left.
    for opened in ("2026-11-23T08:00:00.000Z", "2026-11-23T15:59:59.999Z"):
        assert task_deadlines.answer_due(plain, opened) == task_deadlines.Due("2026-11-24T16:00:00.000Z", "known")
    assert task_deadlines.answer_due(plain, "2026-11-23T16:00:00.000Z").at == "2026-11-25T16:00:00.000Z"
    assert task_deadlines.escalation_due(plain, "2026-11-24T16:00:00.000Z").at == "2026-11-25T16:00:00.000Z"
    # Before the National Day's holidays: the next working day is 8 October.
    assert task_deadlines.answer_due(plain, "2026-09-30T08:00:00.000Z").at == "2026-10-08T16:00:00.000Z"
    assert task_deadlines.answer_due(plain, "2026-12-31T08:00:00.000Z").calendar == "estimated"


def test_an_overlay_tightens_a_clock_and_never_loosens_it() -> None:
    plain = task_deadlines.clock_for("undo", 3)
    assert task_deadlines.clock_for("undo", 3, [Overlay(answer_days=9, escalate_days=9, why="lax")]) == plain
    tight = task_deadlines.clock_for(
        "undo", 3, [Overlay(answer_days=1, why="masks"), Overlay(answer_hours=4, why="own")]
    )
    assert (tight.answer_days, tight.answer_hours, tight.escalate_days, tight.why) == (1, 4, 1, ("masks", "own"))
    assert task_deadlines.answer_due(tight, "2026-09-30T08:00:00.000Z").at == "2026-09-30T12:00:00.000Z"
    assert task_deadlines.Clock.from_item(tight.to_item()) == tight


@given(st.integers(0, 6 * 365 * 86_400), st.integers(1, 200))
def test_a_clock_with_hours_strikes_no_later_than_without(seconds: int, hours: int) -> None:
    text = iso(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    plain = task_deadlines.answer_due(task_deadlines.clock_for("check", 3), text)
    tight = task_deadlines.answer_due(task_deadlines.clock_for("check", 3, [Overlay(answer_hours=hours)]), text)
    assert text < tight.at <= plain.at


def test_every_task_and_severity_has_a_clock() -> None:
    assert set(task_deadlines.CLOCKS) == {(t, s) for t in ("check", "undo") for s in (1, 2, 3)}
