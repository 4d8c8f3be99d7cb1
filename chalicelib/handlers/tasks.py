"""The closure ledger of a platform: /v1/tasks."""

from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers.api import PLATFORM, Ask, Doors
from chalicelib.services import closing

doors = Doors(__name__)


@doors.door("/v1/tasks", "GET", roles=(PLATFORM,))
def tasks(ask: Ask) -> dict[str, Any]:
    """What the exchange asks this platform to check, or to undo, after a cursor, in order."""
    ledger = wiring.tasks_of(ask.caller.platform_id)
    return closing.read(ledger, ask.cursor(), ask.number("limit", 100, 100))


@doors.door("/v1/tasks/{task_id}/outcome", "POST", roles=(PLATFORM,))
def outcome(ask: Ask, task_id: str) -> dict[str, Any]:
    """Say what was done: closed, not_present, or kept with a reason."""
    from chalicelib.handlers.models import Outcome

    wanted = ask.read(Outcome)
    if not (task_id.isascii() and task_id.isdigit() and len(task_id) <= 12):
        raise errors.NotFound("not_found", task_id=task_id[:40])
    ledger = wiring.tasks_of(ask.caller.platform_id)
    answered = closing.answer(ledger, int(task_id), wanted.outcome, wanted.reason, wiring.now(), wiring.feed)
    logs.note("task_answered", platform=ask.caller.platform_id, task=task_id, outcome=wanted.outcome)
    return answered
