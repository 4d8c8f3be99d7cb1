"""Queues and dead letters as both the API and the console show them."""

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.handlers.events.last_try import MOST_TRIES
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.dead_letters.dead_letter_queues import DeadLetter, DeadLetterQueues, QueueState, Taken


def queues() -> "DeadLetterQueues":
    """The queues, as a person asks for them."""
    from chalicelib.dead_letters.dead_letter_queues import DeadLetterQueues

    return DeadLetterQueues(lambda name: wiring.queue(name, True), wiring.settings().stage)


def states() -> list[Json]:
    """How every queue stands."""
    return [_state_view(state) for state in queues().states()]


def letters(queue: str) -> list[Json]:
    """Dead letters of a queue, the oldest first, 50 at most."""
    return [_letter_view(letter) for letter in queues().look(queue, wiring.exchange())]


def taken_view(queue: str, taken: "Taken") -> Json:
    """What became of dead letters."""
    return {"queue": queue, "done": taken.done, "failed": taken.failed, "left": taken.left}


def _state_view(state: "QueueState") -> Json:
    fields: Json = {
        "queue": state.queue,
        "waiting": state.waiting,
        "in_work": state.in_work,
        "dead": state.dead,
        "oldest_at": iso(state.oldest_at) if state.oldest_at else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _letter_view(letter: "DeadLetter") -> Json:
    contents = letter.contents
    optional: Json = {
        "report_id": contents.file_id if contents.is_of_report else "",
        "roster_id": contents.file_id if contents.is_of_roster else "",
        "platform_id": contents.platform_id,
        "part": contents.part,
        "function": contents.function,
        "records": contents.records,
    }
    return {
        "message_id": letter.message_id,
        "event": contents.event,
        **{name: value for name, value in optional.items() if value not in ("", None)},
        "tries": min(letter.received, MOST_TRIES) if contents.tries is None else contents.tries,
        "received": letter.received,
        "sent_at": iso(letter.sent_at),
        "kept_until": iso(letter.kept_until),
        "is_finished": letter.is_finished,
        "to_do": letter.to_do,
    }
