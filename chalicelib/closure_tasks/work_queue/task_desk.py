"""One task as the people of its platform work on it: read whole, given to a person, noted on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import one_platform
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.rules.task_transitions import assign
from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys.closure_task_keys import task_notes
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.storage.exchange_table import ExchangeTable

MOST_NOTES: Final = 60
MOST_DIGITS: Final = 15
WRITERS: Final = 16


@dataclass(frozen=True, slots=True)
class TaskNote:
    """A note on a task: when, who (`platform:<id>#<key id>` or its person), and the text, masked."""

    at: str
    by: str
    text: str

    def view(self) -> Json:
        """The note in the form of the API."""
        return {"at": self.at, "by": self.by, "text": self.text}


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task with the platform that it asks, every step of it, and every note."""

    platform_id: str
    task: Task
    notes: tuple[TaskNote, ...]

    def view(self) -> Json:
        """The task in the form of the API."""
        return {
            "platform_id": self.platform_id,
            **tasks.view(self.task),
            "history": [step.to_item() for step in self.task.history],
            "notes": [note.view() for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Assigned:
    """The tasks that were given to a person, and the ids that name no task of the platform."""

    tasks: tuple[Task, ...]
    missing: tuple[str, ...]


def read_task(context: "Context", caller: Caller, task_id: str, platform_id: str = "") -> TaskFile:
    """One task, for its platform and regulators, who name the platform; `NotFound` for any other. Two reads."""
    owner = one_platform(caller, platform_id)
    task = _find(context, owner, task_id)
    return TaskFile(owner, task, _notes(context.exchange, owner, task.number))


def assign_task(context: "Context", caller: Caller, task_id: str, assignee: str, now: datetime) -> Task:
    """The task once a person of its platform is to see to it; '' takes it back. Repeated it changes nothing."""
    return _assign(context, caller, _find(context, caller.platform_id, task_id), assignee, now)


def assign_tasks(context: "Context", caller: Caller, task_ids: Sequence[str], assignee: str, now: datetime) -> Assigned:
    """Give several tasks to one person, each by itself."""

    def give(task_id: str) -> Task | None:
        try:
            return assign_task(context, caller, task_id, assignee, now)
        except NotFound:
            return None

    ids = list(dict.fromkeys(task_ids))
    with ThreadPoolExecutor(WRITERS) as pool:
        given = list(pool.map(give, ids))
    missing = tuple(task_id for task_id, task in zip(ids, given, strict=True) if task is None)
    return Assigned(tuple(task for task in given if task), missing)


def add_note(context: "Context", caller: Caller, task_id: str, text: str, now: datetime) -> TaskFile:
    """The task with a further note; the words of its last note by the same writer again change nothing.

    Numbers of persons are masked. `Conflict` once there are 60 notes.
    """
    task = _find(context, caller.platform_id, task_id)
    note = TaskNote(iso(now), f"{caller.actor}#{caller.key_id}", mask_personal(text.strip())[0])
    notes = _notes(context.exchange, caller.platform_id, task.number)
    key = task_notes(caller.platform_id, task.number)
    while not (notes and (notes[-1].by, notes[-1].text) == (note.by, note.text)):
        if len(notes) >= MOST_NOTES:
            raise Conflict(ErrorCode.TOO_MANY_NOTES, task_id=task_id[:40], most=MOST_NOTES)
        if context.exchange.add_field(key, f"n{len(notes):02d}", note.view()):
            notes = (*notes, note)
            break
        notes = _notes(context.exchange, caller.platform_id, task.number)
    return TaskFile(caller.platform_id, task, notes)


def _assign(context: "Context", caller: Caller, task: Task, assignee: str, now: datetime) -> Task:
    log, by = context.tasks_of(caller.platform_id), f"{caller.actor}#{caller.key_id}"
    while (given := assign(task, assignee, by, iso(now))) is not None:
        if log.move(task, given):
            return given
        task = log.get(task.number) or task
    log.index_again(task)
    return task


def _find(context: "Context", platform_id: str, task_id: str) -> Task:
    is_number = task_id.isascii() and task_id.isdigit() and len(task_id) <= MOST_DIGITS and int(task_id) > 0
    task = context.tasks_of(platform_id).get(int(task_id)) if is_number else None
    if task is None:
        raise NotFound(ErrorCode.NOT_FOUND, task_id=task_id[:40])
    return task


def _notes(exchange: "ExchangeTable", platform_id: str, number: int) -> tuple[TaskNote, ...]:
    item: Json = exchange.get(task_notes(platform_id, number)) or {}
    stored = (item[field] for field in sorted(item) if field.startswith("n") and field[1:].isdigit())
    return tuple(TaskNote(note["at"], note["by"], note["text"]) for note in stored)
