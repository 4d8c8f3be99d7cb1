"""How the queues stand, and what is done with their dead letters: looked at, sent again, or discarded.

SQS has no list to read: messages are received, ten at a time, and given back at once. What nobody gives back (a worker
that died meanwhile) is hidden for a minute. A message is deleted only after its queue took it again, so that none is
lost; one that is sent twice is done twice, which changes nothing.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import logs
from chalicelib.dead_letters.rules import dead_letter
from chalicelib.dead_letters.rules.dead_letter import Contents
from chalicelib.errors import Conflict, NotFound, Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.reports.rules.report import FINISHED
from chalicelib.storage.item_keys import report_keys, roster_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.sqs_queue import Message, Queue

# At most so many are looked at, and so many acted on, by one request.
MOST_LOOKED_AT: Final = 50
LOOKED_AT_FOR_STATE: Final = 10
MOST_TAKEN: Final = 200
HIDDEN_SECONDS: Final = 60
# No further call is made later than that; each fails within some 7 seconds, and the function may take 29.
DEADLINE_SECONDS: Final = 12.0
# `MessageRetentionPeriod` in infra/template.yaml; it counts from when a message was first sent.
KEPT: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class QueueState:
    """How a queue stands; counts are approximate.

    `waiting`, `in_work`: None for the stream and schedules, which have no queue but that of their dead letters.
    `oldest_at`: when the oldest of the dead letters that were looked at was first sent.
    """

    queue: str
    dead: int
    waiting: int | None = None
    in_work: int | None = None
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter: what it says, how often it was received (looks included), whether what it is about is over."""

    message_id: str
    contents: Contents
    received: int
    sent_at: datetime
    is_finished: bool = False

    @property
    def kept_until(self) -> datetime:
        """When SQS forgets it."""
        return self.sent_at + KEPT

    @property
    def to_do(self) -> str:
        """What is to be done with it."""
        return dead_letter.to_do(self.contents, self.is_finished)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many dead letters were acted on, how many could not be, and about how many remain."""

    done: int
    failed: int
    left: int


class DeadLetterQueues:
    """The queues of one stage; `queue` makes one by its name, `clock` counts seconds."""

    def __init__(
        self, queue: "Callable[[str], Queue]", stage: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._queue = queue
        self._stage = stage
        self._clock = clock

    def states(self) -> list[QueueState]:
        """How every queue stands: a count or two of each, and ten messages of each that has dead letters."""
        ends = self._clock() + DEADLINE_SECONDS
        return [self._state(name, ends) for name in dead_letter.QUEUES]

    def dead(self) -> int:
        """About how many dead letters there are in all: a count of each queue."""
        ends = self._clock() + DEADLINE_SECONDS
        depths = [self._dead_before(name, ends).depth() for name in dead_letter.QUEUES]
        return sum(depth.waiting + depth.in_work for depth in depths)

    def look(self, name: str, exchange: "ExchangeTable") -> list[DeadLetter]:
        """Dead letters of a queue, the oldest first, 50 at most; half a read unit for each report or roster of them."""
        dead, ends = self._dead(name), self._clock() + DEADLINE_SECONDS
        messages = self._look(dead, min(dead.depth().waiting, MOST_LOOKED_AT), ends)
        told = [dead_letter.read_contents(name, message.body) for message in messages]
        over = _finished(exchange, told)
        letters = [
            DeadLetter(message.message_id, contents, message.received, message.sent_at, _item_id(contents) in over)
            for message, contents in zip(messages, told, strict=True)
        ]
        return sorted(letters, key=lambda letter: (letter.sent_at, letter.message_id))

    def redrive(self, name: str, chosen: Collection[str]) -> Taken:
        """Send dead letters to their queue again: the chosen ones, without any all, 200 at most."""
        dead = self._dead(name)
        if name not in dead_letter.WORK_QUEUES:
            raise Conflict(ErrorCode.NOT_REDRIVABLE, queue=name)
        source = self._queue(f"lianfang-{name}-{self._stage}")

        def send(messages: "Sequence[Message]") -> "list[Message]":
            return source.send_bodies(messages, [dead_letter.body_to_redrive(each.body) for each in messages])

        return self._take(dead, chosen, send)

    def discard(self, name: str, chosen: Collection[str]) -> Taken:
        """Delete dead letters for good: the chosen ones, without any all, 200 at most."""
        return self._take(self._dead(name), chosen, list)

    def _dead(self, name: str) -> "Queue":
        if name not in dead_letter.QUEUES:
            raise NotFound(ErrorCode.NOT_FOUND, queue=name[:40])
        return self._queue(f"lianfang-{name}-dead-{self._stage}")

    def _dead_before(self, name: str, ends: float) -> "Queue":
        """The dead letters of a queue; `Unavailable` once the deadline is past."""
        if self._clock() >= ends:
            raise Unavailable(ErrorCode.QUEUES_UNAVAILABLE, queue=name)
        return self._dead(name)

    def _state(self, name: str, ends: float) -> QueueState:
        dead = self._dead_before(name, ends)
        depth = dead.depth()
        seen = self._look(dead, min(depth.waiting, LOOKED_AT_FOR_STATE), ends)
        oldest = min((each.sent_at for each in seen), default=None)
        count = depth.waiting + depth.in_work
        if name not in dead_letter.WORK_QUEUES:
            return QueueState(name, count, oldest_at=oldest)
        work = self._queue(f"lianfang-{name}-{self._stage}").depth()
        return QueueState(name, count, work.waiting + work.delayed, work.in_work, oldest)

    def _look(self, dead: "Queue", most: int, ends: float) -> "list[Message]":
        """Up to `most` messages, given back before this returns."""
        seen: list[Message] = []
        try:
            for messages in self._received(dead, most, ends):
                seen += messages
        finally:
            _give_back(dead, seen)
        return seen

    def _received(self, dead: "Queue", most: int, ends: float) -> "Iterator[list[Message]]":
        """Messages ten at a time, each once, until none is left, `most` were received or the time is over."""
        count = 0
        while count < most and self._clock() < ends:
            messages = dead.receive(HIDDEN_SECONDS)
            if not messages:
                return
            count += len(messages)
            yield messages

    def _take(
        self, dead: "Queue", chosen: Collection[str], act: "Callable[[Sequence[Message]], list[Message]]"
    ) -> Taken:
        """Act on messages and delete those that it took; the others are given back at the end."""
        waiting = dead.depth().waiting
        wanted_count = len(set(chosen)) if chosen else waiting
        held: list[Message] = []
        done = failed = 0
        try:
            for messages in self._received(dead, min(waiting, MOST_TAKEN), self._clock() + DEADLINE_SECONDS):
                held += messages
                wanted = [message for message in messages if not chosen or message.message_id in chosen]
                failed += len(wanted)
                deleted = dead.delete(act(wanted))
                done, failed = done + len(deleted), failed - len(deleted)
                held = [message for message in held if message not in deleted]
                if done + failed >= wanted_count:
                    break
        except Unavailable:
            # What was begun is told of, for a part of it may be done; it may be asked for again.
            if not done + failed:
                raise
        finally:
            _give_back(dead, held)
        return Taken(done, failed, max(waiting - done, 0))


def _give_back(dead: "Queue", messages: "Sequence[Message]") -> None:
    """Let messages be received again at once; where SQS does not answer, they are after a minute."""
    try:
        dead.show(messages)
    except Unavailable as error:
        logs.warn("dead_letters_stay_hidden", problem=error.details.get("problem"))


def _item_id(contents: Contents) -> str:
    """The item of the report or roster that a message is about; '' where it is about none."""
    if contents.is_of_report:
        return report_keys.report(contents.file_id)
    return roster_keys.roster(contents.file_id) if contents.is_of_roster else ""


def _finished(exchange: "ExchangeTable", told: Iterable[Contents]) -> set[str]:
    items = exchange.get_many(sorted({_item_id(contents) for contents in told} - {""}))
    return {item_id for item_id, item in items.items() if item.get("status") in FINISHED}
