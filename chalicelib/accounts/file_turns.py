"""Turns of files: of one platform only so many files are in work at once, so that none holds up another's.

A file takes its turn before it is read and gives it back when it is done; a turn whose worker died ends by itself.
SQS cannot do this alone: its fair queues order what waits, but take nobody's worker away, and mark a tenant only once
it has 30 messages in flight or a tenth of the recent time of all workers.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Record, stored
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
TRIES: Final = 20
Change = Callable[[dict[str, str]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTurns(Record):
    """The files of one kind of one platform that are in work, each with the moment at which its turn ends."""

    id: str = stored()
    turn: int = stored(0, always=True)
    holders: Mapping[str, str] = stored(factory=dict, always=True)


def take_turn(exchange: "ExchangeTable", kind: str, platform_id: str, file_id: str, now: datetime) -> bool:
    """Whether the file may be worked on now; safe to ask again, and for a file whose worker died."""

    def take(holders: dict[str, str]) -> bool:
        for holder, until in list(holders.items()):
            if until < iso(now):
                del holders[holder]
        if file_id not in holders and len(holders) >= AT_ONCE[kind]:
            return False
        holders[file_id] = iso(now + TURN)
        return True

    return _change(exchange, kind, platform_id, take)


def renew_turn(exchange: "ExchangeTable", kind: str, platform_id: str, file_id: str, now: datetime) -> None:
    """Keep the turn of a file that is still in work."""

    def renew(holders: dict[str, str]) -> bool:
        holders |= {file_id: iso(now + TURN)} if file_id in holders else {}
        return file_id in holders

    _change(exchange, kind, platform_id, renew)


def end_turn(exchange: "ExchangeTable", kind: str, platform_id: str, file_id: str) -> None:
    """Give the turn back; nothing happens where the file has none."""
    _change(exchange, kind, platform_id, lambda holders: holders.pop(file_id, None) is not None)


def _change(exchange: "ExchangeTable", kind: str, platform_id: str, change: Change) -> bool:
    """Change who is in work unless another worker did meanwhile; whether `change` had something to write."""
    item_id = account_keys.file_turns(kind, platform_id)
    for _ in range(TRIES):
        item = exchange.get(item_id)
        before = FileTurns.from_item(item or {"id": item_id})
        holders = dict(before.holders)
        if not change(holders):
            return False
        after = before.replace(turn=before.turn + 1, holders=holders)
        if item is None and exchange.put_new(after.to_item()) is None:
            return True
        if item and exchange.set_fields(item_id, after.changes_since(before), only_if={"turn": before.turn}):
            return True
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE, platform_id=platform_id)
