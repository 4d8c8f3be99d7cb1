"""How a task moves: one table of transitions; each step that changes something is a line of the task's history."""

from collections.abc import Mapping
from typing import Final

from chalicelib.closure_tasks.rules.task import (
    ANSWERED,
    CHECKED,
    LIFTED,
    OPEN,
    OVERDUE,
    SEEN,
    TOLD,
    Task,
    TaskStep,
    possible_outcomes,
)

# What a platform may send, what a missed deadline does, and what the end of the listing does.
STEPS: Final = (SEEN, CHECKED, *ANSWERED, OVERDUE, LIFTED)

# The step of a task that was given to a person, or taken from it.
ASSIGNED: Final = "assigned"

# (state, step) -> the state after it. What is not in the table changes nothing: a step that comes twice or too late.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    (TOLD, SEEN): SEEN,
    (TOLD, CHECKED): CHECKED,
    (SEEN, CHECKED): CHECKED,
    # Work goes on after the deadline, but the task stays overdue until it is answered.
    (OVERDUE, SEEN): OVERDUE,
    (OVERDUE, CHECKED): OVERDUE,
    **{(state, OVERDUE): OVERDUE for state in (TOLD, SEEN, CHECKED)},
    # Once the listing has ended there is nothing left to check, and no deadline runs.
    **{(state, LIFTED): LIFTED for state in OPEN},
    # An answer counts whenever it comes; a later one replaces an earlier one.
    **{(state, answer): answer for state in (*OPEN, LIFTED, *ANSWERED) for answer in ANSWERED},
}

# Beside its first step a task keeps so many of the newest; `steps` counts all.
MOST_STEPS: Final = 30


def take_step(task: Task, step: str, by: str, at: str, why: str = "") -> Task | None:
    """The task after a step; None when the step changes nothing. `ValueError` for an outcome of another kind."""
    if step in ANSWERED and step not in possible_outcomes(task.kind):
        raise ValueError(step)
    after = TRANSITIONS.get((task.state, step))
    if after is None or (after == task.state and _is_repeated(task, step, why)):
        return None
    moved = _with_line(task, after, by, at, step, why)
    if step not in ANSWERED:
        return moved.replace(**{f"{step}_at": at})
    first = task.first_answered_at or at
    return moved.replace(outcome=step, reason=why, answered_at=at, first_answered_at=first)


def assign(task: Task, assignee: str, by: str, at: str) -> Task | None:
    """The task with another assignee ('' for none), as a step that leaves its state; None when that changes nothing."""
    if assignee == task.assignee:
        return None
    return _with_line(task, task.state, by, at, ASSIGNED, assignee).replace(assignee=assignee, assigned_at=at)


def _with_line(task: Task, after: str, by: str, at: str, step: str, why: str) -> Task:
    """The task in its next state, with a line of history; the first line and the newest are kept."""
    line = TaskStep(at=at, by=by, before=task.state, after=after, why=why, step=step if step != after else "")
    history = (*task.history[:1], *task.history[1:][-(MOST_STEPS - 1) :], line)
    return task.replace(state=after, steps=task.steps + 1, history=history)


def _is_repeated(task: Task, step: str, why: str) -> bool:
    """Whether a step that leaves the state as it is was taken before, an answer for the same reason."""
    return why == (task.reason or "") if step in ANSWERED else bool(getattr(task, f"{step}_at"))
