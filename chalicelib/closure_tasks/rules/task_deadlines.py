"""How long a platform has to answer a task, and how long the regulator waits after that: one table.

Periods in working days begin on the day after the task was opened and end at 24:00 in China (民法典 201, 203);
periods in hours run at once. Overlays (a campaign, a platform's own policy) tighten a clock and never loosen it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.values import working_days
from chalicelib.values.timestamps import CHINA, iso


@dataclass(frozen=True, slots=True)
class Clock:
    """One row: what is asked, how grave; working days to answer; further working days until the regulator is told.

    `answer_hours` and `escalate_hours` count only where an overlay set them (0: not at all). `why` names overlays.
    """

    task: str
    severity: int
    answer_days: int
    escalate_days: int
    answer_hours: int = 0
    escalate_hours: int = 0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """Until when: a moment as text, and whether the calendar `known` it or it is `estimated`."""

    at: str
    calendar: str


# Closing follows 网络交易监督管理办法 30 (a measure is published within one working day); reopening follows
# 市场监督管理严重违法失信名单管理办法 19 (publication stops and measures are lifted within three).
CLOCKS: Final = (
    Clock("check", 3, 1, 1),
    Clock("check", 2, 3, 2),
    Clock("check", 1, 5, 5),
    Clock("undo", 3, 3, 1),
    Clock("undo", 2, 3, 2),
    Clock("undo", 1, 3, 5),
)
TIGHTENED: Final = ("answer_days", "escalate_days", "answer_hours", "escalate_hours")


def clock_for(task: str, severity: int, overlays: Iterable[Mapping[str, Any]] = ()) -> Clock:
    """The row of the table, tightened by each overlay: a mapping with any of `TIGHTENED`, and `why`.

    The smaller number counts; an overlay that would loosen the clock changes nothing.
    """
    clock = next(one for one in CLOCKS if one.task == task and one.severity == severity)
    for overlay in overlays:
        tighter = {
            field: int(overlay[field])
            for field in TIGHTENED
            if overlay.get(field) is not None and _is_tighter(field, int(overlay[field]), getattr(clock, field))
        }
        if tighter:
            named = (str(overlay["why"]),) if overlay.get("why") else ()
            clock = Clock(**{**asdict(clock), **tighter, "why": (*clock.why, *named)})
    return clock


def answer_due(clock: Clock, opened_at: str) -> Due:
    """Until when a task opened at that moment is to be answered."""
    return _due(opened_at, clock.answer_days, clock.answer_hours)


def escalation_due(clock: Clock, due_at: str) -> Due:
    """When the regulator is told of a task that was due at that moment."""
    # Due at 24:00 means due on the day that ends there.
    return _due(due_at, clock.escalate_days, clock.escalate_hours, ends_a_day=True)


def as_dict(clock: Clock) -> dict[str, Any]:
    """The clock as plain data, as a task keeps and shows it."""
    hours = {field: getattr(clock, field) for field in ("answer_hours", "escalate_hours") if getattr(clock, field)}
    plain = {"answer_days": clock.answer_days, "escalate_days": clock.escalate_days, **hours}
    return {**plain, **({"why": list(clock.why)} if clock.why else {})}


def from_dict(task: str, severity: int, plain: Mapping[str, Any]) -> Clock:
    """The clock that `as_dict` wrote."""
    fields = {field: int(plain[field]) for field in TIGHTENED if field in plain}
    return Clock(task, severity, **fields, why=tuple(plain.get("why", ())))


def _is_tighter(field: str, wanted: int, now: int) -> bool:
    if field.endswith("_hours"):
        return wanted > 0 and (now == 0 or wanted < now)
    return 0 <= wanted < now


def _due(start: str, days: int, hours: int, ends_a_day: bool = False) -> Due:
    moment = datetime.fromisoformat(start)
    begun = moment - timedelta(microseconds=1) if ends_a_day else moment
    day, calendar = working_days.later(begun.astimezone(CHINA).date(), days)
    by_days = working_days.end_of(day)
    by_hours = moment + timedelta(hours=hours)
    if hours and by_hours < by_days:
        return Due(iso(by_hours), working_days.KNOWN)
    return Due(iso(by_days), calendar)
