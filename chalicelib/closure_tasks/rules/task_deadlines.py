"""How long a platform has to answer a task, and after how long the regulators are notified: one table.

Periods in working days begin on the day after the task was opened and end at 24:00 in China (民法典 201, 203);
periods in hours run at once. Overlays (a campaign, a platform's own policy) tighten a clock and never loosen it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.values import working_days
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import CHINA, iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Record):
    """Working days to answer a task, and further working days until the regulators are notified.

    `answer_hours` and `escalate_hours` count only where an overlay set them (0: not at all). `why` names overlays.
    """

    answer_days: int = stored()
    escalate_days: int = stored()
    answer_hours: int = stored(0)
    escalate_hours: int = stored(0)
    why: tuple[str, ...] = stored((), many="values")


@dataclass(frozen=True, slots=True)
class Due:
    """Until when: a moment as text, and whether the calendar `known` it or it is `estimated`."""

    at: str
    calendar: str


# Closing follows 网络交易监督管理办法 30 (a measure is published within one working day); reopening follows
# 市场监督管理严重违法失信名单管理办法 19 (publication stops and measures are lifted within three).
# (kind of task, severity of the listing) -> the clock.
CLOCKS: Final[Mapping[tuple[str, int], Clock]] = {
    ("check", 3): Clock(answer_days=1, escalate_days=1),
    ("check", 2): Clock(answer_days=3, escalate_days=2),
    ("check", 1): Clock(answer_days=5, escalate_days=5),
    ("undo", 3): Clock(answer_days=3, escalate_days=1),
    ("undo", 2): Clock(answer_days=3, escalate_days=2),
    ("undo", 1): Clock(answer_days=3, escalate_days=5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What a campaign or a platform's policy (`why`) asks of a clock; None for what it leaves as it is."""

    answer_days: int | None = None
    escalate_days: int | None = None
    answer_hours: int | None = None
    escalate_hours: int | None = None
    why: str = ""


_TIGHTENED: Final = ("answer_days", "escalate_days", "answer_hours", "escalate_hours")


def clock_for(kind: str, severity: int, overlays: Iterable[Overlay] = ()) -> Clock:
    """The clock of the table, tightened by each overlay.

    The smaller number counts; an overlay that would loosen the clock changes nothing.
    """
    clock = CLOCKS[kind, severity]
    for overlay in overlays:
        wanted = {field: value for field in _TIGHTENED if (value := getattr(overlay, field)) is not None}
        tighter = {field: value for field, value in wanted.items() if _is_tighter(field, value, getattr(clock, field))}
        if tighter:
            clock = clock.replace(**tighter, why=(*clock.why, overlay.why) if overlay.why else clock.why)
    return clock


def answer_due(clock: Clock, opened_at: str) -> Due:
    """Until when a task opened at that moment is to be answered."""
    return _due(opened_at, clock.answer_days, clock.answer_hours)


def escalation_due(clock: Clock, due_at: str) -> Due:
    """When the regulators are notified of a task that was due at that moment."""
    # Due at 24:00 means due on the day that ends there.
    return _due(due_at, clock.escalate_days, clock.escalate_hours, ends_a_day=True)


def _is_tighter(field: str, wanted: int, current: int) -> bool:
    if field.endswith("_hours"):
        return wanted > 0 and (current == 0 or wanted < current)
    return 0 <= wanted < current


def _due(start: str, days: int, hours: int, ends_a_day: bool = False) -> Due:
    moment = datetime.fromisoformat(start)
    begun = moment - timedelta(microseconds=1) if ends_a_day else moment
    day, calendar = working_days.later(begun.astimezone(CHINA).date(), days)
    by_days = working_days.end_of(day)
    by_hours = moment + timedelta(hours=hours)
    if hours and by_hours < by_days:
        return Due(iso(by_hours), working_days.KNOWN)
    return Due(iso(by_days), calendar)
