"""What becomes of open tasks while their listing is active: a dispute suspends them, an amendment shows in them."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import task_reminders
from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.closure_tasks.rules.task import CHECK, Task
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import Listing
from chalicelib.storage.item_keys import closure_task_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context
    from chalicelib.notices.rules.numbered_change import NumberedChange

# The tasks on one listing, by platform, oldest first.
TasksOfListing = Mapping[str, list[Task]]


def pause_tasks(context: "Context", tasks: TasksOfListing, listing: "Listing", now: datetime) -> None:
    """Suspend the deadlines of a listing that is disputed; once it no longer is, each open task gets a new one."""
    for platform_id, own in tasks.items():
        task = own[-1]
        if task.kind != CHECK or not task.is_open:
            continue
        if listings.is_disputed(listing):
            if not task.paused_at:
                context.tasks_of(platform_id).update(task, task.replace(paused_at=iso(now)))
        elif task.paused_at:
            _resume(context, platform_id, task, now)


def refresh_tasks(context: "Context", tasks: TasksOfListing, change: "NumberedChange") -> None:
    """Show an amendment of a listing in its tasks."""
    if change.kind != "amended":
        return
    for platform_id, own in tasks.items():
        task = own[-1]
        if task.kind == CHECK:
            amended = listings.view(change.listing, Role.PLATFORM, platform_id)
            context.tasks_of(platform_id).update(task, task.replace(listing=amended))


def _resume(context: "Context", platform_id: str, task: Task, now: datetime) -> None:
    assert task.clock is not None
    due = task_deadlines.answer_due(task.clock, iso(now))
    task_reminders.schedule_reminder(
        context.exchange, closure_task_keys.task_name(platform_id, task.number), due.at, now
    )
    resumed = task.replace(paused_at="", due_at=due.at, calendar=due.calendar)
    context.tasks_of(platform_id).update(task, resumed)
