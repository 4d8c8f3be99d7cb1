"""Answers about queues and their dead letters."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import Answer, Count, Moment, absent

QueueName = Literal["report-files", "report-chunks", "roster-files", "roster-chunks", "stream", "schedule"]


class QueueLine(Answer):
    """How a queue stands; counts are approximate, as SQS counts."""

    queue: QueueName
    waiting: Count = absent("messages that wait for their function; absent where there are dead letters alone")
    in_work: Count = absent("messages that a function works on, or that are tried again later")
    dead: Count = Field(description="messages that were given up")
    oldest_at: Moment = absent("when the oldest of ten dead letters that were looked at was first sent")


class Queues(Answer):
    """How every queue stands."""

    queues: list[QueueLine]


class DeadLetterLine(Answer):
    """A message that was given up; nothing personal is in it."""

    message_id: str
    event: Literal[
        "report_file", "report_chunk", "roster_file", "roster_shard", "stream_batch", "scheduled_run", "unreadable"
    ] = Field(description="what it says has happened; unreadable: not written by this exchange")
    report_id: str = absent()
    roster_id: str = absent()
    platform_id: str = absent("whose file it is")
    part: Count = absent("number of the chunk or shard")
    function: str = absent("the function that failed, where the queue has several")
    records: Count = absent("changes in the batch of the stream")
    tries: Count = Field(description="how often a function was called with it")
    received: Count = Field(description="how often it was received, looks by operators included")
    sent_at: Moment = Field(description="when it was first sent")
    kept_until: Moment = Field(description="when SQS forgets it")
    is_finished: bool = Field(description="whether its report or roster ended meanwhile")
    to_do: Literal["redrive", "discard", "rebuild"] = Field(
        description="redrive: it is still in work; rebuild: run `rebuild`, then discard; discard: nothing is lost"
    )


class DeadLetters(Answer):
    """Dead letters of a queue, the oldest first, 50 at most."""

    queue: QueueName
    letters: list[DeadLetterLine]


class TakenLetters(Answer):
    """What became of dead letters; those that were gone already count in no field."""

    queue: QueueName
    done: Count
    failed: Count = Field(description="those that could not be acted on and are dead letters still")
    left: Count = Field(description="about how many remain in the queue")
