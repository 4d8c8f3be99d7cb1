"""How moments, codes and deadlines look on pages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.handlers.console.texts.task_texts import days_in_words, left_in_words, task_row
from chalicelib.handlers.console.texts.value_texts import day, due, exact, grouped, moment, percent
from chalicelib.values.timestamps import CHINA, iso

THIS_YEAR = datetime.now(CHINA).year


class Reader:
    """Enough of a visit to speak Chinese."""

    language = "zh"

    @staticmethod
    def t(zh: str, _en: str) -> str:
        return zh


def test_a_day_is_that_in_china_and_has_its_year_where_that_is_another() -> None:
    assert day("2024-12-31T16:00:00.000Z") == "2025年1月1日 周三"
    assert day("2024-12-31", "en") == "Tue 31 Dec 2024"
    assert "年" not in day(f"{THIS_YEAR}-06-15")
    assert moment("2024-12-31T16:30:00.000Z") == "2025年1月1日 周三 00:30"
    assert exact("2024-12-31T16:30:05.000Z") == "2025-01-01 00:30:05 UTC+8"


def test_a_deadline_is_the_end_of_its_last_day_and_not_the_day_after() -> None:
    assert due("2024-11-30T16:00:00.000Z") == "2024年11月30日 周六 24:00"
    assert due("2024-11-30T08:15:00.000Z") == "2024年11月30日 周六 16:15"


def test_codes_stand_in_the_groups_of_their_standard() -> None:
    assert grouped("91330106MA2GT00116") == "91330106 MA2GT00116"
    assert grouped("330106000123456") == "330106000123456"
    assert [percent(share) for share in (0, 0.004, 0.5, 1)] == ["0%", "0.4%", "50%", "100%"]


@pytest.mark.parametrize(
    ("due", "now", "words"),
    [
        ("2026-06-06", "2026-06-05", "还剩不足 1 个工作日"),  # a Saturday, from the Friday before
        ("2026-06-06", "2026-06-07", "逾期不足 1 个工作日"),
        ("2026-06-05", "2026-06-05", "今日到期"),
        ("2026-06-05", "2026-06-08", "逾期 1 个工作日"),
        ("2026-06-05", "2026-11-27", "逾期 120 个工作日"),
        ("2026-08-28", "2026-11-27", "逾期 61 个工作日"),
        ("2025-06-05", "2026-11-27", "逾期一年以上"),
        ("2026-12-31", "2026-12-21", "还剩 8 个工作日"),
    ],
)
def test_the_time_that_is_left_is_counted_in_working_days(due: str, now: str, words: str) -> None:
    assert days_in_words(Reader(), date.fromisoformat(due), date.fromisoformat(now)) == words  # type: ignore[arg-type]


def test_a_period_in_days_ends_with_its_last_day() -> None:
    end = wiring.now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert left_in_words(Reader(), iso(end.astimezone(UTC))) == "今日到期"  # type: ignore[arg-type]


@pytest.mark.usefixtures("world")
def test_of_an_answered_task_it_is_said_whether_it_was_in_time_and_never_that_it_is_late() -> None:
    due_at = "2026-06-06T16:00:00.000Z"

    def left(**task: str) -> str:
        return str(task_row(Reader(), {"kind": "check", "due_at": due_at, **task}, {})["left"])  # type: ignore[arg-type]

    assert left(state="not_present", answered_at="2026-06-06T08:02:00.000Z") == "按时处理"
    assert left(state="closed", answered_at="2026-06-06T16:00:01.000Z") == "逾期处理"
    assert left(state="lifted", answered_at="") == ""


@pytest.mark.usefixtures("world")
def test_a_person_of_another_organisation_is_not_named() -> None:
    task = {"kind": "check", "state": "lifted"}
    for name, shown in (("", ""), ("p_1", "王示例"), ("p_2", "已分派")):
        row = task_row(Reader(), {**task, "assignee": name}, {"p_1": "王示例"})  # type: ignore[arg-type]
        assert row["assignee"] == shown
