"""A platform's own notices, read in order by a cursor, and what it has acknowledged of them.

Nothing expires: a notice stays in its log whether it was pushed, read, acknowledged or none of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.errors import Conflict, NotFound, Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.notices.rules import notice_acknowledgement
from chalicelib.notices.rules.notice import shown_notice
from chalicelib.notices.rules.notice_acknowledgement import Acknowledged
from chalicelib.notices.rules.numbered_notice import NumberedNotice
from chalicelib.storage.item_keys import notice_keys
from chalicelib.storage.item_keys.numbered_log_keys import place
from chalicelib.values.records import Json
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

STATES: Final = ("unacknowledged", "acknowledged", "unpushed")
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Inbox:
    """The notices of one platform: the table, the log of its notices, and its id."""

    exchange: "ExchangeTable"
    log: "NumberedLog"
    platform_id: str

    def read_on(self, after: int, limit: int) -> list[NumberedNotice]:
        """The same for a cursor that the platform sent; `BadRequest` for one past the end of the log."""
        return [NumberedNotice.from_item(item) for item in self.log.read_on(after, limit)]

    def acknowledged(self) -> Acknowledged:
        """What the platform has acknowledged by now."""
        item_id = notice_keys.acknowledged(self.platform_id)
        return Acknowledged.from_item(self.exchange.get(item_id) or {"id": item_id})


def page(inbox: Inbox, after: int, limit: int, state: str, now: datetime) -> Json:
    """The notices after a number, in order, of one state if asked; the cursor to read on from; what is unacknowledged.

    `next` counts what the state left out too, so a reader always advances.
    """
    acknowledged = inbox.acknowledged()
    if state == "unacknowledged":
        # Up to there everything is acknowledged.
        after = max(after, inbox.log.number_at(acknowledged.through), key=place)
    notices = inbox.read_on(after, limit)
    views = [_view(notice, acknowledged) for notice in notices]
    last = notices[-1].number if notices else after
    # A page that is not full has reached the end of the log.
    end = inbox.log.length() if len(notices) == limit else place(last)
    return {
        "notices": [view for view in views if _is_in_state(view, state)],
        "next": str(last),
        "unacknowledged": _unacknowledged(inbox, acknowledged, end, now),
    }


def acknowledge(inbox: Inbox, through: int, notice_ids: Sequence[str], now: datetime) -> Json:
    """Acknowledge the platform's notices up to a number, and those of the ids.

    Again, or out of order, it changes nothing. `BadRequest` past the end of the log, `Conflict` for a number that a
    restore lost, `NotFound` for an id that is not among its notices; then nothing is acknowledged.
    """
    if through > 0:
        inbox.log.read_on(through, 1)
    numbers = inbox.log.numbers(notice_ids)
    missing = [notice_id for notice_id in notice_ids if notice_id not in numbers]
    if missing:
        raise NotFound(ErrorCode.NOT_FOUND, notice_ids=missing[:20])
    places = [place(number) for number in numbers.values()]
    for _ in range(TRIES):
        before = inbox.acknowledged()
        after = notice_acknowledgement.acknowledge(before, place(through), places, iso(now))
        if len(after.beyond) > notice_acknowledgement.MOST_BEYOND:
            raise Conflict(
                ErrorCode.TOO_MANY_GAPS,
                most=notice_acknowledgement.MOST_BEYOND,
                first_open=_number_of(inbox, after.through + 1),
            )
        if after == before or _save(inbox.exchange, before, after):
            return {
                "acknowledged_through": _number_of(inbox, after.through),
                "unacknowledged": _unacknowledged(inbox, after, inbox.log.length(), now),
            }
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE)


def _view(notice: NumberedNotice, acknowledged: Acknowledged) -> Json:
    acknowledged_at = notice_acknowledgement.acknowledged_at(acknowledged, place(notice.number))
    return {
        "sequence": notice.number,
        "notice": shown_notice(notice.numbered),
        **({"pushed_at": notice.pushed_at} if notice.pushed_at else {}),
        **({"acknowledged_at": acknowledged_at} if acknowledged_at else {}),
    }


def _is_in_state(view: Json, state: str) -> bool:
    if state == "unpushed":
        return "pushed_at" not in view
    return not state or ("acknowledged_at" in view) == (state == "acknowledged")


def _unacknowledged(inbox: Inbox, acknowledged: Acknowledged, end: int, now: datetime) -> Json:
    count = notice_acknowledgement.count_unacknowledged(acknowledged, end)
    item = inbox.log.at_place(acknowledged.through + 1) if count else None
    if item is None:
        return {"count": count}
    oldest = NumberedNotice.from_item(item)
    age = age_seconds(oldest.at, now)
    return {"count": count, "oldest": oldest.number, "oldest_at": oldest.at, "age_seconds": age}


def _number_of(inbox: Inbox, at: int) -> str:
    """The number of the notice at a place; without a restore it is the place."""
    item = inbox.log.at_place(at) if inbox.log.number_at(at) != at else None
    return str(item["number"] if item else at)


def _save(exchange: "ExchangeTable", before: Acknowledged, after: Acknowledged) -> bool:
    """Whether it was saved, since nobody else acknowledged in between."""
    item = after.replace(revision=before.revision + 1).to_item()
    if before.revision == 0:
        return exchange.put_new(item) is None
    fields = {name: value for name, value in item.items() if name != "id"}
    return exchange.set_fields(after.id, fields, only_if={"revision": before.revision})
