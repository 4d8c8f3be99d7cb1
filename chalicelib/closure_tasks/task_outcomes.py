"""What platforms answer to their tasks: one task, a thousand at once, or a file; each row by itself.

An answer that was given is given: sending it again changes nothing, and a row that is refused stops no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.closure_tasks.days_to_recount import mark_days_of_tasks
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.task_log import change_state, tasks_named
from chalicelib.errors import BadRequest, Conflict, LianfangError, NotFound
from chalicelib.messages import ErrorCode, message
from chalicelib.storage.item_keys import closure_task_keys
from chalicelib.values.cell_text import is_placeholder
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.text_damage import is_damaged
from chalicelib.values.timestamps import iso
from chalicelib.verdicts import campaign_figures

WRITERS: Final = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of many: its place in the request, the task, the outcome, and why."""

    row: int
    task_id: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a row: the task after it, and the code of the refusal, '' for none."""

    row: Row
    task: Task
    refusal: str = ""


def answer_task(context: Context, caller: Caller, row: Row, now: datetime) -> Json:
    """The task after one answer; `NotFound` for a task of another platform, `Conflict` for an outcome of another kind
    of task."""
    task = context.tasks_of(caller.platform_id).get(_number(row))
    if task is None:
        raise NotFound(ErrorCode.NOT_FOUND, task_id=row.task_id[:40])
    (answered,) = _answer(context, caller, task, [row], now)
    if answered.refusal:
        outcomes = list(tasks.possible_outcomes(task.kind))
        raise Conflict(ErrorCode.WRONG_OUTCOME, kind=task.kind, task=task.kind, outcomes=outcomes)
    mark_days_of_tasks(context.exchange, caller.platform_id, [answered.task])
    return tasks.view(answered.task)


def answer_tasks(context: Context, caller: Caller, rows: Sequence[Row], now: datetime) -> Json:
    """Take each row by itself: how many were taken, and of each refused row its place, its code and a sentence."""
    rows_of, errors = _by_task(rows)
    names = [closure_task_keys.task_name(caller.platform_id, number) for number in rows_of]
    tasks_by_number = {task.number: task for task in tasks_named(context.exchange, names).values()}
    errors += [
        _error(row, ErrorCode.NOT_FOUND)
        for number, some in rows_of.items()
        if number not in tasks_by_number
        for row in some
    ]

    def answer(task: Task) -> list[Answered]:
        return _answer(context, caller, task, rows_of[task.number], now)

    with ThreadPoolExecutor(WRITERS) as pool:
        answered = list(pool.map(answer, tasks_by_number.values()))
    mark_days_of_tasks(context.exchange, caller.platform_id, tasks_by_number.values())
    errors += [_error(each.row, each.refusal) for some in answered for each in some if each.refusal]
    states: dict[str, int] = {}
    for some in answered:
        states[some[-1].task.state] = states.get(some[-1].task.state, 0) + 1
    errors.sort(key=lambda error: int(error["row"]))
    return {"rows": len(rows), "taken": len(rows) - len(errors), "states": states, "errors": errors}


def _by_task(rows: Iterable[Row]) -> tuple[Mapping[int, list[Row]], list[Json]]:
    """The rows by the number of their task, and the errors of the rows that name none or no outcome."""
    by_task: dict[int, list[Row]] = {}
    errors: list[Json] = []
    for row in rows:
        try:
            _check(row)
            by_task.setdefault(_number(row), []).append(row)
        except LianfangError as error:
            errors.append(_error(row, error.code))
    return by_task, errors


def _answer(context: Context, caller: Caller, task: Task, rows: Iterable[Row], now: datetime) -> list[Answered]:
    """The task after each row, in their order; a row of the wrong outcome is refused and changes nothing."""
    log, by = context.tasks_of(caller.platform_id), f"{caller.actor}#{caller.key_id}"
    answered = []
    for row in rows:
        try:
            task = change_state(log, task, row.outcome, by, iso(now), mask_personal(row.reason.strip())[0])
        except ValueError:
            answered.append(Answered(row, task, "wrong_outcome"))
            continue
        if task.outcome:
            in_time = task.first_answered_at <= task.due_at
            campaign_figures.tally_answer(context.campaign_logs, task.campaigns, task.entry_id, task.outcome, in_time)
        answered.append(Answered(row, task))
    return answered


def _number(row: Row) -> int:
    text = row.task_id.strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text)):
        raise NotFound(ErrorCode.NOT_FOUND, task_id=row.task_id[:40])
    return int(text)


def _check(row: Row) -> None:
    if row.outcome not in (tasks.SEEN, tasks.CHECKED, *tasks.ANSWERED):
        raise BadRequest(ErrorCode.UNKNOWN_OUTCOME, outcome=row.outcome[:40])
    if is_damaged("reason", row.reason):
        raise BadRequest(ErrorCode.DAMAGED_TEXT, field="reason")
    if row.outcome == "kept" and is_placeholder(row.reason):
        raise BadRequest(ErrorCode.KEPT_WITHOUT_REASON)


def _error(row: Row, code: str) -> Json:
    return {"row": row.row, "task_id": row.task_id[:40], "code": code, "message": message(code)}
