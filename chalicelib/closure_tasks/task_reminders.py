"""The clocks of the ledger: what nobody answered in time is overdue, its platform is reminded, then a regulator told.

Tasks are filed under the hour at which something may be due, in as many parts as keep one item small. An hour is done
when everything in it is; killed or out of time, the next stroke goes on with the hour that it was at.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.closure_tasks import count_daily_figures
from chalicelib.closure_tasks.change_task_state import move
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.notices.push_notices import send_notice, send_to_regulators
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.storage.exchange_table import ExchangeTable

Task = dict[str, Any]
# A BatchGetItem reads a whole hour; 64 parts hold some 600,000 tasks and keep each write small.
PARTS: Final = 64
DONE_ID: Final = "clocks-done-until"
# How far back the first run of all looks; before that nothing was filed.
FIRST_LOOK_BACK: Final = timedelta(days=2)
AT_ONCE: Final = 100
KEPT: Final = timedelta(days=30)


def file(exchange: "ExchangeTable", name: str, due_at: str, now: datetime) -> None:
    """File a task (`<platform>#<number>`) under the first full hour at or after the moment at which it is due.

    What is due already is filed under an hour that no run can have done yet.
    """
    due = max(_full_hour(datetime.fromisoformat(due_at)), _full_hour(now) + timedelta(hours=1))
    exchange.add_to_set(_hour_id(_text(due), _part(name)), "tasks", {name})


def run(context: "Context", now: datetime, time_is_left: Callable[[], bool]) -> dict[str, Any]:
    """Strike every clock that is due since the last run; how many tasks moved, and until when all is done."""
    known = context.exchange.get(DONE_ID)
    done = _parsed(known["hour"]) if known else _full_hour(now - FIRST_LOOK_BACK)
    struck = 0
    while (hour := done + timedelta(hours=1)) <= now:
        items = context.exchange.get_many(_hour_id(_text(hour), part) for part in range(PARTS))
        names = sorted(name for item in items.values() for name in item["tasks"])
        for some in _batches(names):
            struck += _strike_all(context, some, now)
            if not time_is_left():
                return {"struck": struck, "done_until": _text(done)}
        for item_id in items:
            context.exchange.set_fields(item_id, {"expires_at": int((hour + KEPT).timestamp())})
        context.exchange.put({"id": DONE_ID, "hour": _text(hour)})
        done = hour
    return {"struck": struck, "done_until": _text(done)}


def _strike_all(context: "Context", names: list[str], now: datetime) -> int:
    found = context.exchange.get_many(f"task:{name}" for name in names)
    return sum(_strike(context, name, found[f"task:{name}"], now) for name in names if f"task:{name}" in found)


def _strike(context: "Context", name: str, task: Task, now: datetime) -> bool:
    """What the clock does to one task now; whether anything."""
    if task["state"] not in tasks.OPEN or task["due_at"] > iso(now) or "regulator_told_at" in task:
        return False
    if task.get("paused_at"):
        return False
    if task["state"] != tasks.OVERDUE:
        task = _granted(context, name, task, now)
        if task["due_at"] > iso(now):
            return False
    platform_id = name.partition("#")[0]
    if "reminded_at" not in task:
        return _remind(context, platform_id, name, task, now)
    return _escalate(context, platform_id, task, now)


def _remind(context: "Context", platform_id: str, name: str, task: Task, now: datetime) -> bool:
    """Mark the task overdue and remind its platform, once; the mark of it is set last."""
    feed = context.ledger(platform_id)
    task = move(feed, task, tasks.OVERDUE, "exchange", iso(now))
    if task["state"] != tasks.OVERDUE:
        return False
    clock = task_deadlines.from_dict(task["task"], task["listing"]["severity"], task["clock"])
    then = task_deadlines.escalation_due(clock, task["due_at"]).at
    file(context.exchange, name, then, now)
    send_notice(context.sender, platform_id, *tasks.notice("task_overdue", task, platform_id, task["overdue_at"]), now)
    count_daily_figures.mark_tasks(context.exchange, platform_id, [task])
    feed.set_fields(task["number"], {"reminded_at": iso(now), "escalates_at": then})
    return True


def _escalate(context: "Context", platform_id: str, task: Task, now: datetime) -> bool:
    """Tell the regulators of a task that is still not answered when the second clock strikes, once."""
    if task["escalates_at"] > iso(now):
        return False
    notice = tasks.notice("task_unanswered", task, "regulators", task["escalates_at"], platform_id=platform_id)
    send_to_regulators(context.sender, *notice, now)
    context.ledger(platform_id).set_fields(task["number"], {"regulator_told_at": iso(now)})
    return True


def _granted(context: "Context", name: str, task: Task, now: datetime) -> Task:
    """The task with the later moment that the calendar, as it is known now, grants where it had been estimated."""
    if task["calendar"] != "estimated":
        return task
    clock = task_deadlines.from_dict(task["task"], task["listing"]["severity"], task["clock"])
    due = task_deadlines.answer_due(clock, task["opened_at"])
    if due.at <= task["due_at"]:
        return task
    file(context.exchange, name, due.at, now)
    granted = {"due_at": due.at, "calendar": due.calendar}
    context.ledger(name.partition("#")[0]).set_fields(task["number"], granted)
    return {**task, **granted}


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


def _full_hour(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(hours=1)


def _text(hour: datetime) -> str:
    return iso(hour)[:13]


def _parsed(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00")


def _hour_id(hour: str, part: int) -> str:
    return f"due#{hour}#{part:02x}"


def _part(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % PARTS
