"""A platform's own notices, read in order by a cursor, and what it has acknowledged of them.

Nothing expires: a notice stays in its feed whether it was pushed, read, acknowledged or none of these.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import BadRequest, Conflict, NotFound, Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.notices.rules import notice_acknowledgement
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

STATES: Final = ("unacknowledged", "acknowledged", "unpushed")
TRIES: Final = 5


def page(
    exchange: "ExchangeTable",
    feed: "NumberedLog",
    platform_id: str,
    after: int,
    limit: int,
    state: str,
    now: datetime,
) -> dict[str, Any]:
    """The notices after a number, in order, of one state if asked; the cursor to read on from; what is unacknowledged.

    `next` counts what the state left out too, so a reader never stands still.
    """
    known = _known(exchange, platform_id)
    if state == "unacknowledged":
        # Up to there everything is acknowledged.
        after = max(after, int(known["through"]))
    entries = feed.read(after, max(limit, 1))
    shown = [_view(entry, known) for entry in entries]
    return {
        "notices": [one for one in shown if _is(one, state)],
        "next": str(entries[-1]["number"] if entries else after),
        "unacknowledged": _open(feed, known, now),
    }


def acknowledge(
    exchange: "ExchangeTable",
    feed: "NumberedLog",
    platform_id: str,
    through: int,
    notice_ids: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    """Remember that the platform has dealt with its notices up to a number, and with those of the ids.

    Again, or out of order, it changes nothing. `BadRequest` past the end of the feed, `NotFound` for an id that is not
    among its notices; then nothing is acknowledged.
    """
    if through > 0 and not feed.read(through - 1, 1):
        raise BadRequest(ErrorCode.INVALID_CURSOR, after=str(through), end=str(feed.end()))
    numbers = feed.numbers(notice_ids)
    unknown = [one for one in notice_ids if one not in numbers]
    if unknown:
        raise NotFound(ErrorCode.NOT_FOUND, notice_ids=unknown[:20])
    for _ in range(TRIES):
        known = _known(exchange, platform_id)
        after = notice_acknowledgement.take(known, through, numbers.values(), iso(now))
        if len(after["beyond"]) > notice_acknowledgement.MOST_BEYOND:
            raise Conflict(
                ErrorCode.TOO_MANY_GAPS, most=notice_acknowledgement.MOST_BEYOND, first_open=str(after["through"] + 1)
            )
        if after == known or _save(exchange, platform_id, known, after):
            return {"acknowledged_through": str(after["through"]), "unacknowledged": _open(feed, after, now)}
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE)


def _view(entry: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    number = int(entry["number"])
    acknowledged_at = notice_acknowledgement.when(known, number)
    return {
        "sequence": number,
        "notice": {**entry["notice"], "sequence": number},
        **({"pushed_at": entry["pushed_at"]} if "pushed_at" in entry else {}),
        **({"acknowledged_at": acknowledged_at} if acknowledged_at else {}),
    }


def _is(shown: Mapping[str, Any], state: str) -> bool:
    if state == "unpushed":
        return "pushed_at" not in shown
    return not state or ("acknowledged_at" in shown) == (state == "acknowledged")


def _open(feed: "NumberedLog", known: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    count = notice_acknowledgement.unacknowledged(known, feed.end())
    oldest = feed.read(int(known["through"]), 1) if count else []
    if not oldest:
        return {"count": count}
    at = oldest[0]["at"]
    return {"count": count, "oldest": int(oldest[0]["number"]), "oldest_at": at, "age_seconds": age_seconds(at, now)}


def _known(exchange: "ExchangeTable", platform_id: str) -> dict[str, Any]:
    return {**notice_acknowledgement.NOTHING, **(exchange.get(_item_id(platform_id)) or {})}


def _save(exchange: "ExchangeTable", platform_id: str, known: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether nobody else acknowledged in between."""
    item = {**after, "id": _item_id(platform_id), "revision": known["revision"] + 1}
    if known["revision"] == 0:
        return exchange.put_new(item) is None
    fields = {name: value for name, value in item.items() if name != "id"}
    return exchange.set_fields(item["id"], fields, only_if={"revision": known["revision"]})


def _item_id(platform_id: str) -> str:
    return f"acknowledged#{platform_id}"
