"""What a notice about a task says: that it was opened, is overdue, or was not answered at all."""

from typing import Final

from chalicelib.closure_tasks.rules.task import Task, view
from chalicelib.notices.rules.notice import Notice, notice_id

OPENED, OVERDUE, UNANSWERED = "task_opened", "task_overdue", "task_unanswered"
REGULATORS: Final = "regulators"


def task_notice(kind: str, task: Task, audience: str, at: str, platform_id: str = "") -> Notice:
    """A private notice about a task, and what subscriptions can filter on.

    `kind` is task_opened, task_overdue (a reminder) or task_unanswered, which goes to regulators and names the platform
    (`platform_id`) that has not answered.
    """
    return Notice(
        notice_id=task_notice_id(kind, task, audience),
        kind=kind,
        at=at,
        content={
            "task": view(task),
            **({"platform_id": platform_id} if platform_id else {}),
        },
        filters={"severity": str(task.listing["severity"])},
    )


def task_notice_id(kind: str, task: Task, audience: str) -> str:
    """The id of a notice about a task, by which a notice that comes twice is recognised."""
    # The first kind keeps the id that it always had, so that nobody is notified of one task under two ids.
    return notice_id(task.entry_id if kind == OPENED else f"{task.entry_id}.{kind}", audience)
