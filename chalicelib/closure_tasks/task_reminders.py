"""Deadlines of tasks: an unanswered task becomes overdue, its platform is reminded, then the regulators are notified.

Tasks are indexed by the hour at which something may be due, in as many parts as keep one item small. An hour is done
when everything in it is; killed or out of time, the next run resumes at the hour that it was at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks.days_to_recount import mark_days_of_tasks
from chalicelib.closure_tasks.rules import task_deadlines, task_notice
from chalicelib.closure_tasks.rules.task import OVERDUE, Task
from chalicelib.closure_tasks.task_log import change_state, tasks_named
from chalicelib.messages import FindingCode
from chalicelib.notices.push_notices import send_notice, send_to_regulators
from chalicelib.storage.item_keys.closure_task_keys import TASKS_DUE_KEPT, platform_of_task, tasks_due
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_CLOCKS_UNTIL
from chalicelib.storage.set_aside import REFUSALS, SetAside, set_aside, setting_aside
from chalicelib.storage.sharded_set import ShardedSet
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.storage.exchange_table import ExchangeTable

# The tasks that may be due at an hour. A BatchGetItem reads the first parts, which hold 128,000 of them.
DUE: Final = ShardedSet(field="tasks", key=tasks_due, parts=64, most=2_000)
# How far back the first run of all looks; before that nothing was scheduled.
FIRST_LOOK_BACK: Final = timedelta(days=2)
BATCH: Final = 100
JOB: Final = "reminders"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many tasks one run moved, and the hour (UTC) until which everything is done."""

    tasks: int
    done_until: str


def schedule_reminder(exchange: "ExchangeTable", name: str, due_at: str, now: datetime) -> None:
    """Index a task, by its name, under the first full hour at or after the moment at which it is due.

    A task that is due already is indexed under an hour that no run can have done yet.
    """
    due = max(_full_hour(datetime.fromisoformat(due_at)), _full_hour(now) + timedelta(hours=1))
    DUE.add(exchange, _text(due), name)


def send_due_reminders(context: "Context", now: datetime, time_is_left: Callable[[], bool]) -> Progress:
    """Move every task whose deadline has passed since the last run."""
    clock = context.exchange.get(TASK_CLOCKS_UNTIL)
    done = _parsed(clock["hour"]) if clock else _full_hour(now - FIRST_LOOK_BACK)
    moved = 0
    while (hour := done + timedelta(hours=1)) <= now:
        parts = dict(DUE.parts_of(context.exchange, _text(hour)))
        names = sorted(name for some in parts.values() for name in some)
        for batch in _batches(names):
            moved += _remind_all(context, batch, now)
            if not time_is_left():
                return Progress(moved, _text(done))
        for item_id in parts:
            context.exchange.set_fields(item_id, {"expires_at": int((hour + TASKS_DUE_KEPT).timestamp())})
        context.exchange.put({"id": TASK_CLOCKS_UNTIL, "hour": _text(hour)})
        done = hour
    return Progress(moved, _text(done))


def _remind_all(context: "Context", names: list[str], now: datetime) -> int:
    moved = 0
    try:
        tasks = tasks_named(context.exchange, names)
    except REFUSALS:
        # One of them cannot be read: each by itself, without it.
        if len(names) > 1:
            return sum(_remind_all(context, [name], now) for name in names)
        tasks = {}
        set_aside(context.exchange, [_wrong(names[0], now).replace(finding=FindingCode.STORED_RECORD_UNREADABLE.value)])
    for name, task in tasks.items():
        with setting_aside(context.exchange, _wrong(name, now)):
            moved += _remind_or_escalate(context, name, task, now)
    return moved


def _wrong(name: str, now: datetime) -> SetAside:
    return SetAside(at=iso(now), job=JOB, record_id=name)


def _remind_or_escalate(context: "Context", name: str, task: Task, now: datetime) -> bool:
    """Do what is due for one task now; whether anything was."""
    if not task.is_open or task.due_at > iso(now) or task.regulator_told_at or task.paused_at:
        return False
    if task.state != OVERDUE:
        task = _extended(context, name, task, now)
        if task.due_at > iso(now):
            return False
    if not task.reminded_at:
        return _remind(context, name, task, now)
    return _escalate(context, platform_of_task(name), task, now)


def _remind(context: "Context", name: str, task: Task, now: datetime) -> bool:
    """Mark the task overdue and remind its platform, once; that it was reminded is written last."""
    platform_id = platform_of_task(name)
    log = context.tasks_of(platform_id)
    task = change_state(log, task, OVERDUE, "exchange", iso(now))
    if task.state != OVERDUE or task.clock is None:
        return False
    escalates_at = task_deadlines.escalation_due(task.clock, task.due_at).at
    schedule_reminder(context.exchange, name, escalates_at, now)
    notice = task_notice.task_notice(task_notice.OVERDUE, task, platform_id, task.overdue_at)
    send_notice(context.sender, platform_id, notice, now)
    mark_days_of_tasks(context.exchange, platform_id, [task])
    log.update(task, task.replace(reminded_at=iso(now), escalates_at=escalates_at))
    return True


def _escalate(context: "Context", platform_id: str, task: Task, now: datetime) -> bool:
    """Notify the regulators of a task that is still not answered at the second deadline, once."""
    if task.escalates_at > iso(now):
        return False
    kind, audience = task_notice.UNANSWERED, task_notice.REGULATORS
    notice = task_notice.task_notice(kind, task, audience, task.escalates_at, platform_id=platform_id)
    send_to_regulators(context.sender, notice, now)
    context.tasks_of(platform_id).update(task, task.replace(regulator_told_at=iso(now)))
    return True


def _extended(context: "Context", name: str, task: Task, now: datetime) -> Task:
    """The task with the later deadline that the calendar grants by now, where the deadline had been estimated."""
    if task.calendar != "estimated" or task.clock is None:
        return task
    due = task_deadlines.answer_due(task.clock, task.opened_at)
    if due.at <= task.due_at:
        return task
    schedule_reminder(context.exchange, name, due.at, now)
    return context.tasks_of(platform_of_task(name)).update(task, task.replace(due_at=due.at, calendar=due.calendar))


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]


def _full_hour(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(hours=1)


def _text(hour: datetime) -> str:
    return iso(hour)[:13]


def _parsed(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00")
