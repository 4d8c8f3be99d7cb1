"""What is counted of a day: a platform's tasks, reports and use of the exchange, and how long closing took.

A day is counted whole from what happened on it, so that counting it again, after whatever retry, gives the same. Times
are counted in classes of an eighth of an octave: a percentile is within 5 % of the truth.
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from chalicelib.closure_tasks.rules.task import CHECK, LIFTED, Task
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.registry.rules.listing import Listing
from chalicelib.values import working_days
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import china_date

# Kinds of change that count for the platform that had reported the listing; a new kind of that sort is added here.
DISPUTED: Final = ("disputed",)
VOIDED: Final = ("void", "voided")
# 网络交易监督管理办法 30: a measure is published within one working day of its decision.
REPORT_WITHIN: Final = 1
# Later than this is counted as this late.
MOST_DAYS: Final = 999
CLASSES_PER_OCTAVE: Final = 8
C = TypeVar("C", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCounts(Record):
    """A platform's tasks of one kind: how many were sent (`told`), by answer, open or lifted; `judged` are those that
    were answered or are overdue, `in_time` those whose first answer met the deadline.

    `hours` is how long their first answers took in all, in whole hours from the opening, and `timed` of how many tasks:
    days that earlier versions counted have neither.
    """

    told: int = stored(0)
    closed: int = stored(0)
    reopened: int = stored(0)
    not_present: int = stored(0)
    kept: int = stored(0)
    lifted: int = stored(0)
    open: int = stored(0)
    answered: int = stored(0)
    judged: int = stored(0)
    in_time: int = stored(0)
    overdue: int = stored(0)
    timed: int = stored(0)
    hours: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCounts(Record):
    """A platform's reports, how late they came (`lateness`: days -> how many), and what was disputed or voided."""

    reported: int = stored(0)
    reported_in_time: int = stored(0)
    lateness: Mapping[str, int] = stored(factory=dict)
    disputed: int = stored(0)
    voided: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageCounts(Record):
    """What a platform took from the exchange: what it looked up, what it found, and the verdicts (`unsure`: unknown).

    Verdicts are counted since a later version than the others.
    """

    lookups: int = stored(0, always=True)
    matches: int = stored(0, always=True)
    clear: int = stored(0)
    inform: int = stored(0)
    unsure: int = stored(0)
    review: int = stored(0)
    block: int = stored(0)


def count_tasks(tasks: Iterable[Task]) -> dict[str, TaskCounts]:
    """How a platform's tasks of one day stand, by kind of task."""
    counters: dict[str, Counter[str]] = {}
    for task in tasks:
        counter = counters.setdefault(task.kind, Counter())
        counter.update(_counted_as(task))
        if task.first_answered_at:
            counter.update({"timed": 1, "hours": _hours_to_answer(task)})
    return {kind: TaskCounts.from_item(counter) for kind, counter in counters.items()}


def count_reports(changes: Iterable[NumberedChange]) -> dict[str, ReportCounts]:
    """What each platform reported on one day, how late, and what of its listings was disputed or voided."""
    counters: dict[str, Counter[str]] = {}
    lateness: dict[str, Counter[str]] = {}
    for change in changes:
        platform_id = change.listing.source.platform_id
        names = list(_change_counted_as(change)) if platform_id else []
        if not names:
            continue
        counters.setdefault(platform_id, Counter()).update(names)
        if change.kind == "opened" and change.listing.listed_on:
            days = min(max(0, _days_late(change.listing)), MOST_DAYS)
            lateness.setdefault(platform_id, Counter()).update([str(days)])
    return {
        platform_id: ReportCounts.from_item({**counter, "lateness": dict(lateness.get(platform_id, {}))})
        for platform_id, counter in counters.items()
    }


def seconds_to_close(change: NumberedChange, tasks: Iterable[Task]) -> int | None:
    """From the first report of a listing to the last answer of all whom this change asked; None while one is missing.

    None too when no platform was asked, or the listing ended before every platform had answered.
    """
    asked = [task for task in tasks if task.kind == CHECK and task.change == change.number]
    if not asked or not all(task.answered_at for task in asked):
        return None
    last = max(task.answered_at for task in asked)
    return max(0, int(_seconds(last) - _seconds(asked[0].first_reported_at)))


def time_class(seconds: float) -> str:
    """The class that a time falls into; what is under a minute is one class."""
    return str(0 if seconds < 60 else 1 + int(CLASSES_PER_OCTAVE * math.log2(seconds / 60)))


def total(kind: type[C], parts: Iterable[C]) -> C:
    """The sum of counts of one kind, field by field."""
    sums: dict[str, int] = {}
    by_name: dict[str, Counter[str]] = {}
    for part in parts:
        for field in dataclasses.fields(kind):
            value = getattr(part, field.name)
            if isinstance(value, int):
                sums[field.name] = sums.get(field.name, 0) + value
            elif field.name != "unknown":
                by_name.setdefault(field.name, Counter()).update(value)
    return kind.from_item({**sums, **{name: dict(counter) for name, counter in by_name.items()}})


def _hours_to_answer(task: Task) -> int:
    return max(0, int(_seconds(task.first_answered_at) - _seconds(task.opened_at))) // 3_600


def _counted_as(task: Task) -> Iterable[str]:
    answered = task.first_answered_at
    yield "told"
    yield task.outcome or ("lifted" if task.state == LIFTED else "open")
    if answered:
        yield "answered"
    if answered or task.overdue_at:
        yield "judged"
    # A task about a licence has no deadline.
    if answered and answered <= task.due_at:
        yield "in_time"
    if task.overdue_at:
        yield "overdue"


def _change_counted_as(change: NumberedChange) -> Iterable[str]:
    kind, listing = change.kind, change.listing
    if kind == "opened":
        yield "reported"
        if listing.listed_on and _reported_on(listing) <= _last_day_to_report(listing):
            yield "reported_in_time"
    elif kind in DISPUTED:
        yield "disputed"
    elif kind in VOIDED:
        yield "voided"


def _days_late(listing: Listing) -> int:
    return (_reported_on(listing) - date.fromisoformat(listing.listed_on)).days


def _reported_on(listing: Listing) -> date:
    return date.fromisoformat(china_date(datetime.fromisoformat(listing.reported_at)))


def _last_day_to_report(listing: Listing) -> date:
    return working_days.later(date.fromisoformat(listing.listed_on), REPORT_WITHIN)[0]


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
