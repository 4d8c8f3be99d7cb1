"""The rosters that a platform sent, the newest first, and which screening counts now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.rosters.rules.roster import Roster, RosterQueue
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DaySpan, Entry
from chalicelib.storage.item_keys import numbered_log_keys, roster_keys
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True)
class RosterPage:
    """A page of rosters; `next` is the cursor to read on from, '' at the end.

    `current` is the run that made the roster that counts, a screening without a file too, and `screened_at` when it was
    last screened; both '' before the first.
    """

    rosters: list[Roster]
    next: str
    current: str
    screened_at: str


def list_rosters(exchange: "ExchangeTable", platform_id: str, state: str, span: DaySpan, limit: int) -> RosterPage:
    """The rosters that a platform sent on the days of a span; `state` is '' for any.

    One read unit for each day that is passed, two for each roster, one for the state; see `day_log.read_back`.
    """

    def wanted(entries: Sequence[Entry]) -> list[Roster | None]:
        keys = [roster_keys.roster(str(entry.item["entry_id"])) for entry in entries]
        items = exchange.get_many(keys)
        rosters = [Roster.from_item(items[key]) if key in items else None for key in keys]
        return [roster if roster and state in ("", roster.status) else None for roster in rosters]

    page, following = day_log.read_back(exchange, _log(platform_id), span, wanted, limit)
    item_id = roster_keys.roster_state(platform_id)
    queue = RosterQueue.from_item(exchange.get(item_id) or {"id": item_id})
    return RosterPage(page, following, queue.current, queue.screened_at)


def draw_place(exchange: "ExchangeTable", roster: Roster) -> int:
    """The next number in the list of the roster's day."""
    return day_log.draw(exchange, _log(roster.platform_id), _day(roster))


def enter_place(exchange: "ExchangeTable", roster: Roster) -> None:
    """Enter a roster into the list at its number. Safe to repeat."""
    day_log.enter(exchange, _log(roster.platform_id), _day(roster), roster.place, roster.roster_id)


def _log(platform_id: str) -> day_log.DayLog:
    return day_log.log_of(numbered_log_keys.roster_log_name(platform_id))


def _day(roster: Roster) -> str:
    return china_date(datetime.fromisoformat(roster.received_at))
