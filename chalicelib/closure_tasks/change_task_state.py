"""One step of a task: a writer that loses a race reads again, so no step and no line of history is lost."""

from typing import TYPE_CHECKING

from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.rules.task_transitions import take_step

if TYPE_CHECKING:
    from chalicelib.closure_tasks.task_log import TaskLog


def change_state(log: "TaskLog", task: Task, step: str, by: str, at: str, why: str = "") -> Task:
    """The task after a step, as it was if that changes nothing. `ValueError` for an outcome of another kind."""
    while (moved := take_step(task, step, by, at, why)) is not None:
        if log.move(task, moved):
            return moved
        task = log.get(task.number) or task
    return task
