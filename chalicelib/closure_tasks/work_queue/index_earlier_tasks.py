"""Enter the tasks that an earlier version opened into the index of open tasks: once, a page at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.open_index.open_tasks import OpenTasks
from chalicelib.storage.item_keys.closure_task_keys import OPEN_TASKS_STATE

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context

PAGE: Final = 100


def index_earlier_tasks(context: "Context", time_is_left: Callable[[], bool]) -> int:
    """Enter every open task of every platform; how many. Once all were entered, one read says so."""
    state = context.exchange.get(OPEN_TASKS_STATE) or {}
    if state.get("done"):
        return 0
    reached, after = str(state.get("platform_id", "")), int(state.get("after", 0))
    entered = 0
    for platform_id in platforms.ids_with_role(context.exchange, Role.PLATFORM):
        if platform_id < reached:
            continue
        number = after if platform_id == reached else 0
        log, index = context.tasks_of(platform_id), OpenTasks(context.exchange, platform_id)
        while some := log.read(number, PAGE):
            for task in some:
                if task.is_open:
                    index.record(task)
                    entered += 1
            number = some[-1].number
            context.exchange.upsert(OPEN_TASKS_STATE, {"platform_id": platform_id, "after": number})
            if not time_is_left():
                return entered
    context.exchange.put({"id": OPEN_TASKS_STATE, "done": True})
    return entered


def index_again(context: "Context") -> None:
    """Let every open task be entered again with the next ticks, as after a restore of an older table."""
    context.exchange.put({"id": OPEN_TASKS_STATE, "done": False})
