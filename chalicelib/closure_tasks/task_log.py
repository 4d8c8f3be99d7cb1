"""Tasks as they are stored: numbered in a log for each platform, and named in the index of their listing."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks.rules.open_task import in_short
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.rules.task_transitions import take_step
from chalicelib.storage.item_keys import closure_task_keys as keys

if TYPE_CHECKING:
    from chalicelib.closure_tasks.open_index.open_tasks import OpenTasks
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

# How many names the index of a listing holds before the older ones of each platform are taken out.
MOST_NAMES: Final = 4_000
NEWEST_OF_PLATFORM: Final = 2


class TaskLog:
    """The numbered tasks of one platform, read and written as records."""

    def __init__(self, log: "NumberedLog", open_tasks: "OpenTasks") -> None:
        self._log = log
        self._open_tasks = open_tasks

    def append(self, task: Task) -> Task:
        """The task with its number: the next free one, or the one that its `entry_id` had already."""
        numbered = Task.from_item(self._log.append(task.to_item()))
        if not numbered.told_at:
            self._open_tasks.record(numbered)
        return numbered

    def read(self, after: int, limit: int) -> list[Task]:
        """The tasks numbered `after`+1 and on, in order, at most `limit` (100 or fewer are one call)."""
        return [Task.from_item(item) for item in self._log.read(after, limit)]

    def read_on(self, after: int, limit: int) -> list[Task]:
        """The same for a cursor that a reader sent; `BadRequest` for one past the end of the log."""
        return [Task.from_item(item) for item in self._log.read_on(after, limit)]

    def get(self, number: int) -> Task | None:
        """The task of that number; None when there is none."""
        item = self._log.at(number)
        return Task.from_item(item) if item else None

    def update(self, before: Task, after: Task) -> Task:
        """Write the fields that differ; the task as it is now in memory."""
        changes = after.changes_since(before)
        # The index first: killed in between, it names a day too many, and the task is still found.
        self._follow(before, after)
        if changes:
            self._log.set_fields(before.number, changes)
        return after

    def move(self, before: Task, after: Task) -> bool:
        """Write a step of a task; False, and nothing written, when another step was written since `before` was read."""
        moved = self._log.set_fields(before.number, after.changes_since(before), only_if={"steps": before.steps})
        if moved:
            self._follow(before, after)
        return moved

    def index_again(self, task: Task) -> None:
        """Bring the index of open tasks up to a task that does not change, which who wrote its last step may not have
        done."""
        self._open_tasks.record(task)

    def _follow(self, before: Task, after: Task) -> None:
        if before.is_open and (not after.is_open or in_short(before) != in_short(after)):
            self._open_tasks.record(after)


def tasks_named(exchange: "ExchangeTable", names: Iterable[str]) -> dict[str, Task]:
    """Those of the tasks that exist, by name, in the order of their names."""
    name_of = {keys.task_named(name): name for name in names}
    items = exchange.get_many(name_of)
    return {name_of[item_id]: Task.from_item(item) for item_id, item in sorted(items.items())}


def index_task(exchange: "ExchangeTable", listing_id: str, name: str) -> None:
    """Name a task in the index of its listing; doing so again changes nothing."""
    item = exchange.add_to_set(keys.tasks_of_listing(listing_id), "tasks", {name})
    if len(item["tasks"]) > MOST_NAMES:
        exchange.take_from_set(keys.tasks_of_listing(listing_id), "tasks", set(_oldest(item["tasks"])))


def _oldest(names: Iterable[str]) -> list[str]:
    """All but the newest names of each platform: the task that stands follows from those."""
    of_platform: dict[str, list[str]] = {}
    for name in sorted(names):
        of_platform.setdefault(keys.platform_of_task(name), []).append(name)
    return [name for own in of_platform.values() for name in own[:-NEWEST_OF_PLATFORM]]


def names_of_tasks(exchange: "ExchangeTable", listing_ids: Iterable[str]) -> Mapping[str, list[str]]:
    """The names of the tasks on each of the listings that has any, by listing."""
    listing_of = {keys.tasks_of_listing(listing_id): listing_id for listing_id in listing_ids}
    return {listing_of[item_id]: item["tasks"] for item_id, item in exchange.get_many(listing_of).items()}


def tasks_of_listing(exchange: "ExchangeTable", listing_id: str) -> dict[str, list[Task]]:
    """The tasks that each platform has on a listing, by platform, oldest first."""
    index = exchange.get(keys.tasks_of_listing(listing_id)) or {"tasks": []}
    by_platform: dict[str, list[Task]] = {}
    for name, task in tasks_named(exchange, index["tasks"]).items():
        by_platform.setdefault(keys.platform_of_task(name), []).append(task)
    return by_platform


def change_state(log: TaskLog, task: Task, step: str, by: str, at: str, why: str = "") -> Task:
    """The task after a step, as it was if that changes nothing; a writer that loses a race reads again, so that no step
    is lost. `ValueError` for an outcome of another kind."""
    while (moved := take_step(task, step, by, at, why)) is not None:
        if log.move(task, moved):
            return moved
        task = log.get(task.number) or task
    log.index_again(task)
    return task
