"""Turns of files: of one platform only so many files are in work at once, so that none holds up another's.

A file takes its turn before it is read and gives it back when it is done, to the file that has waited longest; a turn
whose worker died ends by itself. SQS cannot do this alone: its fair queues order what waits, but take nobody's worker
away, and mark a tenant only once it has 30 messages in flight or a tenth of the recent time of all workers.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote_plus

from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

REPORTS, ROSTERS = "reports", "rosters"
# A file of reports has its turn until its last row is saved, a roster until it is split: the runs over a platform's
# rosters follow one another anyway.
AT_ONCE: Final[Mapping[str, int]] = {REPORTS: 2, ROSTERS: 1}
# Pieces of one file that wait in a queue, or are in work, at the same time.
PIECES_AT_ONCE: Final = 10
# Longer than a function may run, so that a turn never ends while its worker still works.
TURN: Final = timedelta(minutes=16)
# For a file that was handed its turn, until it comes.
HANDED_OVER: Final = timedelta(minutes=3)
# Files that wait to be handed a turn; others ask for theirs when they come again.
MOST_WAITING: Final = 500
TRIES: Final = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTurns(Record):
    """The files of one kind of one platform that are in work, each with the moment at which its turn ends, and those
    that wait: since when, a space, the key."""

    id: str = stored()
    turn: int = stored(0, always=True)
    holders: Mapping[str, str] = stored(factory=dict, always=True)
    waiting: tuple[str, ...] = stored((), many="values")


@dataclass(slots=True)
class _Turns:
    """The same, to be changed."""

    kind: str
    holders: dict[str, str]
    waiting: list[str]

    @property
    def is_full(self) -> bool:
        """Whether as many are in work as may be."""
        return len(self.holders) >= AT_ONCE[self.kind]

    def end_lapsed(self, now: datetime) -> None:
        """End the turns of workers that died."""
        self.holders = {holder: until for holder, until in self.holders.items() if until >= iso(now)}


def file_of(key: str) -> str:
    """The id of the file, by the key of its object: the folder in which it lies."""
    return key.split("/")[-2]


def message_of(key: str, **waited: object) -> Json:
    """The message that brings a file again, in the form of the bucket's own, and what is known of its waiting."""
    return {"Records": [{"s3": {"object": {"key": quote_plus(key, safe="/")}}}], "waited": waited}


def take_turn(
    exchange: "ExchangeTable", kind: str, platform_id: str, key: str, now: datetime, *, comes_again: bool = False
) -> bool:
    """Whether the file may be worked on now, else it waits; safe to ask again, and for a file whose worker died.

    `comes_again`: it has waited and comes by itself, so one that has its turn already is in work.
    """
    file_id = file_of(key)

    def take(turns: _Turns) -> bool:
        turns.end_lapsed(now)
        if file_id in turns.holders and comes_again:
            return False
        if file_id not in turns.holders and turns.is_full:
            if key not in map(_key, turns.waiting) and len(turns.waiting) < MOST_WAITING:
                turns.waiting.append(f"{iso(now)} {key}")
            return False
        turns.holders[file_id] = iso(now + TURN)
        turns.waiting = [waiting for waiting in turns.waiting if _key(waiting) != key]
        return True

    return _change(exchange, kind, platform_id, take)


def renew_turn(exchange: "ExchangeTable", kind: str, platform_id: str, file_id: str, now: datetime) -> None:
    """Keep the turn of a file that is still in work."""

    def renew(turns: _Turns) -> None:
        if file_id in turns.holders:
            turns.holders[file_id] = iso(now + TURN)

    _change(exchange, kind, platform_id, renew)


def end_turn(exchange: "ExchangeTable", kind: str, platform_id: str, file_id: str, now: datetime) -> list[Json]:
    """Give the turn back; the message that brings the file that has it now, none where none waits.

    Safe to do again, and for a file that has no turn.
    """

    def hand_over(turns: _Turns) -> list[Json]:
        turns.holders.pop(file_id, None)
        turns.end_lapsed(now)
        if turns.is_full or not turns.waiting:
            return []
        since, _, key = turns.waiting.pop(0).partition(" ")
        turns.holders[file_of(key)] = iso(now + HANDED_OVER)
        return [message_of(key, handed=True, since=since)]

    return _change(exchange, kind, platform_id, hand_over)


def _key(waiting: str) -> str:
    return waiting.partition(" ")[2]


def _change(exchange: "ExchangeTable", kind: str, platform_id: str, change: Callable[[_Turns], T]) -> T:
    """Change who is in work and who waits, unless another worker did meanwhile; what `change` returned."""
    item_id = account_keys.file_turns(kind, platform_id)
    for _ in range(TRIES):
        item = exchange.get(item_id)
        before = FileTurns.from_item(item or {"id": item_id})
        turns = _Turns(kind, dict(before.holders), list(before.waiting))
        result = change(turns)
        after = before.replace(holders=turns.holders, waiting=tuple(turns.waiting))
        if after == before:
            return result
        after = after.replace(turn=before.turn + 1)
        if item is None and exchange.put_new(after.to_item()) is None:
            return result
        if item and exchange.set_fields(item_id, after.changes_since(before), only_if={"turn": before.turn}):
            return result
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE, platform_id=platform_id)
