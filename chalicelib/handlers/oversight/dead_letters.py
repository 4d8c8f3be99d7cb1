"""Queues and their dead letters, for operators: /v1/queues."""

from typing import TYPE_CHECKING

from chalicelib import logs
from chalicelib.handlers.desk import dead_letter_desk
from chalicelib.handlers.routing import OPERATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.dead_letters.dead_letter_queues import Taken
    from chalicelib.handlers.requests.operation.dead_letters import DiscardedLetters, RedrivenLetters

routes = Routes(__name__, "operation")


@routes.route(
    "/v1/queues",
    "GET",
    "listQueues",
    roles=(OPERATOR,),
    returns="lists.dead_letters:Queues",
    errors=(ErrorCode.QUEUES_UNAVAILABLE,),
)
def states(_request: Request) -> Json:
    """How every queue stands."""
    return {"queues": dead_letter_desk.states()}


@routes.route(
    "/v1/queues/{queue}/dead-letters",
    "GET",
    "listDeadLetters",
    roles=(OPERATOR,),
    returns="lists.dead_letters:DeadLetters",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.QUEUES_UNAVAILABLE),
)
def letters(_request: Request, queue: str) -> Json:
    """What no function could take."""
    return {"queue": queue, "letters": dead_letter_desk.letters(queue)}


@routes.route(
    "/v1/queues/{queue}/dead-letters/redrive",
    "POST",
    "redriveDeadLetters",
    roles=(OPERATOR,),
    body="operation.dead_letters:RedrivenLetters",
    returns="lists.dead_letters:TakenLetters",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.NOT_REDRIVABLE, ErrorCode.QUEUES_UNAVAILABLE),
)
def redrive(request: Request, body: "RedrivenLetters", queue: str) -> Json:
    """Send dead letters to their queue again, where each has its tries anew."""
    return _taken(request, queue, "redriven", dead_letter_desk.queues().redrive(queue, body.message_ids))


@routes.route(
    "/v1/queues/{queue}/dead-letters/discard",
    "POST",
    "discardDeadLetters",
    roles=(OPERATOR,),
    body="operation.dead_letters:DiscardedLetters",
    returns="lists.dead_letters:TakenLetters",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.QUEUES_UNAVAILABLE),
)
def discard(request: Request, body: "DiscardedLetters", queue: str) -> Json:
    """Delete dead letters for good."""
    return _taken(request, queue, "discarded", dead_letter_desk.queues().discard(queue, body.message_ids))


def _taken(request: Request, queue: str, act: str, taken: "Taken") -> Json:
    before = taken.left + taken.done
    request.noted.changes({"dead": before}, {act: taken.done, "failed": taken.failed, "dead": taken.left})
    logs.note(f"dead_letters_{act}", queue=queue, done=taken.done, failed=taken.failed, left=taken.left)
    return dead_letter_desk.taken_view(queue, taken)
