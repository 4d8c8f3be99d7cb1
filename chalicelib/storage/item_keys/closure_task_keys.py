"""Keys of the closure ledger: tasks, their clocks, what is restricted, and the figures of days."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import RESTRICTED, slot, task_log_name

FIGURES_STATE: Final = "figures-state"
OPEN_TASKS_STATE: Final = "open-tasks-state"
# How long an item is kept after its moment; what the moment is, its kind says.
TASKS_DUE_KEPT: Final = timedelta(days=30)


def task(platform_id: str, number: int) -> str:
    """A task of one platform."""
    return slot(task_log_name(platform_id), number)


def task_name(platform_id: str, number: int) -> str:
    """The name of a task in sets of tasks; no key by itself."""
    return slot(platform_id, number)


def task_named(name: str) -> str:
    """The task with that name (`task_name`)."""
    return f"task:{name}"


def platform_of_task(name: str) -> str:
    """The platform in the name of a task, in its key, or in the name of its log."""
    return name.removeprefix("task:").partition("#")[0]


def tasks_of_listing(listing_id: str) -> str:
    """The names of all tasks that a listing has opened."""
    return f"ledger#{listing_id}"


def tasks_due(hour: str, part: int) -> str:
    """The names of tasks that may be due at an hour (UTC), one part of them."""
    return f"due#{hour}#{part:02x}"


def open_tasks(platform_id: str, block: int) -> str:
    """What the open tasks of one platform are about, those of one block of numbers."""
    return f"open-tasks:{platform_id}#{block:06d}"


def open_task_days(platform_id: str, part: int) -> str:
    """On which days tasks of which blocks of one platform are due, one part of the blocks."""
    return f"open-task-days:{platform_id}#{part:02x}"


def task_notes(platform_id: str, number: int) -> str:
    """The notes of a platform's people on one of its tasks."""
    return slot(f"task-notes:{platform_id}", number)


def restricted(number: int) -> str:
    """A listing in the list of all that may ever have blocked."""
    return slot(RESTRICTED, number)


def stale_days(log: str) -> str:
    """The days of a log whose figures are to be counted again."""
    return f"stale#{log}"


def day_ranges(log: str) -> str:
    """From which number to which each day of a log lies."""
    return f"ranges#{log}"


def figures(day: str) -> str:
    """The figures of a day."""
    return f"figures#{day}"


def more_figures(day: str, part: int) -> str:
    """Further figures of a day, once those before fill an item."""
    return f"figures#{day}#{part:02x}"


def usage(day: str, platform_id: str) -> str:
    """How many lookups a platform made on a day."""
    return f"taken#{day}#{platform_id}"
