"""Acts of a form that are operations of the API: done by them, with their audit log and their second person."""

from collections.abc import Mapping
from typing import Any

from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.routing import perform


def do(visit: Visit, operation: str, fields: Mapping[str, object], path: Mapping[str, str]) -> Any:
    """Do an operation for the person: its answer, or a `Reply` that leads to the decision where it waits for a second.

    Raises what the operation raises.
    """
    result = perform(operation, visit.request, fields, path)
    if isinstance(result, Reply) and result.status == 202 and isinstance(result.body, Mapping):
        pending = result.body["pending_decision"]
        return console_frame.go_to(visit, f"decisions/{pending['decision_id']}")
    return result
