"""Working days (工作日) of the Chinese calendar, its make-up days (调休) included, in Asia/Shanghai.

The State Council announces the days off of a year in November of the year before, so no table knows the next years.
In a year that the table does not know, Monday to Friday work but for the holidays whose date the law fixes; such a
day is *estimated*, and its users say so.

>>> from datetime import date
>>> is_working_day(date(2026, 2, 14)), is_working_day(date(2026, 10, 1)), is_working_day(date(2040, 10, 8))
((True, True), (False, True), (True, False))
"""

from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.values.timestamps import CHINA

# 全国年节及纪念日放假办法 (State Council order 795): the holidays of the solar calendar.
FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
KNOWN, ESTIMATED = "known", "estimated"


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work on that day, and whether the calendar knows (else it is estimated)."""
    # 300 KB of tables that a lookup never needs.
    from chinese_calendar import is_workday  # type: ignore[import-untyped]

    try:
        return bool(is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS, False


def later(day: date, working_days: int) -> tuple[date, str]:
    """The n-th working day after a day, which is not counted itself; `known`, or `estimated` if any day on the way is.

    With 0 it is the day itself.
    """
    calendar, left = KNOWN, working_days
    while left > 0:
        day += timedelta(days=1)
        works, is_known = is_working_day(day)
        calendar = calendar if is_known else ESTIMATED
        left -= works
    return day, calendar


def end_of(day: date) -> datetime:
    """The end of a day in China, 24:00, at which a period in days ends (民法典 201, 203)."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=1)


def add_working_days(start: datetime, days: int) -> datetime:
    """The end, 24:00 in China, of the n-th working day after the day of `start`."""
    return end_of(later(start.astimezone(CHINA).date(), days)[0])
