"""The open tasks of a platform by the day on which they are due: an index that follows the log of its tasks.

A task in short stands in the item of its block of 50 numbers for as long as it is open. A second item names the days
on which tasks of a block are due, each with a token. Both are hints: the task itself decides, and a reader that meets
an entry which is out of date puts it right.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks.rules.open_task import OpenTask, in_short
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.item_keys.closure_task_keys import open_task_days, open_tasks
from chalicelib.storage.item_keys.numbered_log_keys import place
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

NUMBERS_OF_BLOCK: Final = 50
BLOCKS_OF_PART: Final = 100
TASK, DAYS = "t", "days"


@dataclass(frozen=True, slots=True, order=True)
class DueBlock:
    """A day on which tasks of one block of a platform's numbers may be due."""

    day: str
    platform_id: str
    block: int

    @property
    def key(self) -> str:
        """The key of the block."""
        return open_tasks(self.platform_id, self.block)


class OpenTasks:
    """The index of one platform's open tasks."""

    def __init__(self, exchange: "ExchangeTable", platform_id: str) -> None:
        self._exchange = exchange
        self._platform_id = platform_id

    def record(self, task: Task) -> None:
        """Enter a task as it is now, or take it out once it is no longer open. Safe to repeat."""
        block = place(task.number) // NUMBERS_OF_BLOCK
        key, field = open_tasks(self._platform_id, block), f"{TASK}{task.number}"
        if not task.is_open:
            item = self._exchange.change(key, {}, remove=[field])
            if not tasks_of(item):
                self._forget(block)
            return
        short = in_short(task)
        item = self._exchange.change(key, {field: short.packed()})
        if short.day not in item.get(DAYS, ()):
            self._name_days(block, {short.day})

    def _name_days(self, block: int, days: set[str]) -> None:
        # A fresh token, so that who has just found the block empty does not take the days away.
        tokens = {_field(day, block): secrets.token_hex(4) for day in days}
        self._exchange.upsert(self._part_of(block), tokens)
        self._exchange.add_to_set(open_tasks(self._platform_id, block), DAYS, days)

    def _forget(self, block: int) -> None:
        """Take the days of an empty block away, unless a task was entered meanwhile.

        Who enters a task after `days` was removed names its day anew; who entered it before is seen by the second look.
        """
        key, part = open_tasks(self._platform_id, block), self._part_of(block)
        named = {field: token for field, token in (self._exchange.get(part) or {}).items() if _is_of(field, block)}
        self._exchange.change(key, {}, remove=[DAYS])
        entered = tasks_of(self._exchange.get(key) or {})
        if entered:
            self._name_days(block, {task.day for task in entered})
            return
        for field, token in named.items():
            self._exchange.forget_field(part, field, was=token)

    def _part_of(self, block: int) -> str:
        return open_task_days(self._platform_id, block // BLOCKS_OF_PART)


def due_blocks(exchange: "ExchangeTable", platform_ids: Iterable[str]) -> list[DueBlock]:
    """Every block with open tasks of the platforms and each of its days, in the order of days.

    Two items for each platform, and one more for each 5,000 tasks that it was ever sent.
    """
    heads = {numbered_log_keys.head(numbered_log_keys.task_log_name(each)): each for each in platform_ids}
    first = {open_task_days(platform_id, 0): platform_id for platform_id in heads.values()}
    items = exchange.get_many([*heads, *first])
    parts = {key: platform_id for key, platform_id in first.items() if key in items}
    further = {
        open_task_days(platform_id, part): platform_id
        for key, platform_id in heads.items()
        for part in range(1, 1 + int(items.get(key, {}).get("number", 0)) // (NUMBERS_OF_BLOCK * BLOCKS_OF_PART))
    }
    items |= exchange.get_many(further) if further else {}
    parts |= {key: platform_id for key, platform_id in further.items() if key in items}
    return sorted(block for key, platform_id in parts.items() for block in _blocks(platform_id, items[key]))


def tasks_of(item: Json) -> list[OpenTask]:
    """The open tasks of a block's item, by number."""
    numbers = sorted(int(field[1:]) for field in item if field.startswith(TASK) and field[1:].isdigit())
    return [OpenTask.from_packed(number, item[f"{TASK}{number}"]) for number in numbers]


def _blocks(platform_id: str, item: Json) -> Iterable[DueBlock]:
    for field in item:
        day, _, block = field.removeprefix("d").partition("b")
        if field.startswith("d") and len(day) == 8 and block.isdigit():
            yield DueBlock(f"{day[:4]}-{day[4:6]}-{day[6:]}", platform_id, int(block))


def _field(day: str, block: int) -> str:
    return f"d{day.replace('-', '')}b{block:06d}"


def _is_of(field: str, block: int) -> bool:
    return field.startswith("d") and field.endswith(f"b{block:06d}")
