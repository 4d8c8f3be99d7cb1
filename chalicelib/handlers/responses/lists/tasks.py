"""Answers of the work queue: open tasks by the day due, their counts, one task whole."""

from pydantic import Field

from chalicelib.handlers.responses.ledger import ClosureTask, TaskEvent
from chalicelib.handlers.responses.shared import NEXT_UNTIL_END, Answer, Count, Moment


class QueuedTask(ClosureTask):
    """An open task with the platform that it asks."""

    platform_id: str


class TaskQueue(Answer):
    """Open tasks by the day due."""

    tasks: list[QueuedTask]
    next: str = Field(description=f"{NEXT_UNTIL_END}; a page may be short before that")


class OpenTaskCounts(Answer):
    """How many open tasks there are by each value of a part; a task with several reasons counts for each."""

    state: dict[str, int]
    kind: dict[str, int]
    reason: dict[str, int] = Field(description="by reason code")
    region: dict[str, int] = Field(description="by province, the first two digits of the division; `unknown`")
    source: dict[str, int] = Field(description="by who listed the merchant; `unknown` of tasks about licences")
    known_by: dict[str, int] = Field(description="by how the platform knows the merchant; `unknown`")
    assignee: dict[str, int] = Field(description="by person; `none`")
    day: dict[str, int] = Field(description="by the day due (UTC: 24:00 in China is 16:00); 9999-12-31 is no clock")


class TaskCountsAnswer(Answer):
    """How many open tasks fit the filter."""

    open: Count
    by: OpenTaskCounts
    complete: bool = Field(description="false where only the first 400 blocks of 50 were counted")


class TaskNoteLine(Answer):
    """A note on a task; numbers of persons are masked."""

    at: Moment
    by: str
    text: str


class TaskFileAnswer(QueuedTask):
    """A task with every step and every note."""

    history: list[TaskEvent]
    notes: list[TaskNoteLine]


class TasksAssigned(Answer):
    """How many tasks are the person's now, and the ids that name no task of this platform."""

    assigned: Count
    missing: list[str]
