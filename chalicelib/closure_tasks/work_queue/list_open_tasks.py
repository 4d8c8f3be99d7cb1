"""A work queue: open tasks of a platform, or of all for a regulator, by the day due; filtered, paged and counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import asked_platform
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.open_index.open_tasks import (
    NUMBERS_OF_BLOCK,
    DueBlock,
    OpenTasks,
    due_blocks,
    tasks_of,
)
from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.closure_tasks.rules.open_task import OpenTask, TaskFilter, count_open, in_short
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.task_log import tasks_named
from chalicelib.storage.item_keys.closure_task_keys import task_name
from chalicelib.storage.item_keys.numbered_log_keys import place
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.storage.exchange_table import ExchangeTable

# One BatchGetItem reads so many blocks, of up to 50 tasks each.
AT_ONCE: Final = 10
# A page looks through so many blocks at most; what it did not come to, the next page reads.
MOST_BLOCKS: Final = 40
MOST_BLOCKS_COUNTED: Final = 400


@dataclass(frozen=True, slots=True)
class TaskOfPlatform:
    """A task with the platform that it asks."""

    platform_id: str
    task: Task

    def view(self) -> Json:
        """The task as its platform and regulators see it."""
        return {"platform_id": self.platform_id, **tasks.view(self.task)}


@dataclass(frozen=True, slots=True)
class TaskQueuePage:
    """A page of open tasks; `next` is the cursor to read on from, '' at the end."""

    tasks: tuple[TaskOfPlatform, ...]
    next: str


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many open tasks there are: `open` in all, and by each value of a part; whether all of them were counted.

    `numbers` are those of the tasks that were counted, in the logs of their platforms.
    """

    open: int
    by: Mapping[str, Mapping[str, int]]
    is_complete: bool
    numbers: Sequence[int] = ()


class _Index:
    """The index of the open tasks that a caller asks for; each of its items is read once."""

    def __init__(self, exchange: "ExchangeTable", caller: Caller, platform_id: str) -> None:
        self._exchange = exchange
        self._items: dict[str, Json] = {}
        self.blocks = due_blocks(exchange, asked_platforms(exchange, caller, platform_id))

    def read(self, blocks: Sequence[DueBlock]) -> Iterator[tuple[DueBlock, list[OpenTask]]]:
        """Blocks with their tasks, ten blocks at once."""
        for start in range(0, len(blocks), AT_ONCE):
            some = blocks[start : start + AT_ONCE]
            unread = [block.key for block in some if block.key not in self._items]
            items = self._exchange.get_many(unread) if unread else {}
            self._items |= {key: items.get(key, {}) for key in unread}
            yield from ((block, tasks_of(self._items[block.key])) for block in some)

    def forget(self, block: DueBlock) -> None:
        """Read a block again when it is asked for next, for it was changed."""
        self._items.pop(block.key, None)


def list_open_tasks(
    context: "Context", caller: Caller, platform_id: str, wanted: TaskFilter, after: str, limit: int
) -> TaskQueuePage:
    """The open tasks that fit a filter, by the day due, then by platform and number; see `asked_platforms`.

    A page reads the items of `due_blocks`, 40 blocks at most (1 to 7 read units each) and the tasks that it shows. It
    may be short or empty; `next` moves on as long as there is more.
    """
    return _page(context, _Index(context.exchange, caller, platform_id), wanted, after, limit)


def count_open_tasks(context: "Context", caller: Caller, platform_id: str, wanted: TaskFilter) -> TaskCounts:
    """How many open tasks fit a filter, from 400 blocks (20,000 tasks) at most, those due first."""
    return _counts(_Index(context.exchange, caller, platform_id), wanted)


def list_and_count_open_tasks(
    context: "Context", caller: Caller, platform_id: str, wanted: TaskFilter, after: str, limit: int
) -> tuple[TaskQueuePage, TaskCounts]:
    """A page of the open tasks and how many there are, from one reading of the index: what is read to count is looked
    through for the page, so that it is full where so many fit."""
    index = _Index(context.exchange, caller, platform_id)
    return _page(context, index, wanted, after, limit, MOST_BLOCKS_COUNTED), _counts(index, wanted)


def asked_platforms(exchange: "ExchangeTable", caller: Caller, platform_id: str) -> list[str]:
    """Whose tasks a caller reads: a platform its own; a regulator those of one platform, or with '' of all."""
    asked = asked_platform(caller, platform_id)
    return [asked] if asked else platforms.ids_with_role(exchange, Role.PLATFORM)


def _page(
    context: "Context", index: _Index, wanted: TaskFilter, after: str, limit: int, most_blocks: int = MOST_BLOCKS
) -> TaskQueuePage:
    start = _position(after)
    ahead = [block for block in index.blocks if _end_of(block) > start]
    candidates: list[tuple[DueBlock, OpenTask]] = []
    for block, some in index.read(ahead[:most_blocks]):
        for short in some:
            position = (block.day, block.platform_id, place(short.number))
            if short.day == block.day and position > start and wanted.fits(short):
                candidates.append((block, short))
            if len(candidates) == limit:
                return TaskQueuePage(_confirmed(context, index, candidates, wanted), _cursor(*position))
    following = ""
    if len(ahead) > most_blocks:
        following = _cursor(*_end_of(ahead[most_blocks - 1]))
    return TaskQueuePage(_confirmed(context, index, candidates, wanted), following)


def _counts(index: _Index, wanted: TaskFilter) -> TaskCounts:
    keys: dict[str, DueBlock] = {}
    for block in index.blocks:
        keys.setdefault(block.key, block)
    blocks = list(keys.values())
    counted = [each for _, some in index.read(blocks[:MOST_BLOCKS_COUNTED]) for each in some if wanted.fits(each)]
    numbers = [each.number for each in counted]
    return TaskCounts(len(counted), count_open(counted), len(blocks) <= MOST_BLOCKS_COUNTED, numbers)


def _confirmed(
    context: "Context", index: _Index, candidates: Sequence[tuple[DueBlock, OpenTask]], wanted: TaskFilter
) -> tuple[TaskOfPlatform, ...]:
    """Those of the candidates that are as the index says; what is not is put right there."""
    names = {task_name(block.platform_id, short.number): (block, short) for block, short in candidates}
    stored = tasks_named(context.exchange, names)
    confirmed = []
    for name, (block, short) in names.items():
        task = stored.get(name)
        if task is None:
            continue
        if not task.is_open or in_short(task) != short:
            OpenTasks(context.exchange, block.platform_id).record(task)
            index.forget(block)
        if task.is_open and wanted.fits(in_short(task)):
            confirmed.append(TaskOfPlatform(block.platform_id, task))
    return tuple(confirmed)


def _end_of(block: DueBlock) -> tuple[str, str, int]:
    """The last place that a block may have."""
    return block.day, block.platform_id, (block.block + 1) * NUMBERS_OF_BLOCK - 1


def _position(cursor: str) -> tuple[str, str, int]:
    """The place that a cursor names: a day, a platform, a place in its log; before everything for ''."""
    day, _, rest = cursor.partition(".")
    platform_id, _, at = rest.partition("~")
    return day, platform_id, int(at or 0)


def _cursor(day: str, platform_id: str, at: int) -> str:
    return f"{day}.{platform_id}~{at}"
