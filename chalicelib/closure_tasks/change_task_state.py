"""One step of a task of the ledger: whoever loses a race reads again, so no step and no line of history is lost."""

from typing import TYPE_CHECKING, Any

from chalicelib.closure_tasks.rules import task as tasks

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

Task = dict[str, Any]


def move(feed: "NumberedLog", task: Task, what: str, by: str, at: str, why: str = "") -> Task:
    """The task after a step, as it was if that changes nothing. `ValueError` for an outcome of the other kind."""
    while (fields := tasks.step(task, what, by, at, why)) is not None:
        if feed.set_fields(task["number"], fields, only_if={"steps": task["steps"]}):
            return {**task, **fields}
        (task,) = feed.read(task["number"] - 1, 1)
    return task
