"""The pulls of a government list, the newest first: how each went, how large the list was, and how old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.government_lists.rules.feed_state import FeedState
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DayLog, DaySpan, Entry
from chalicelib.storage.item_keys import government_list_keys, numbered_log_keys
from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import age_seconds, china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRun(Record):
    """One pull: its result (applied, unchanged, held, discarded, failed), the list as it is applied since then, and how
    many seconds ago it was known to be current, None where it never was."""

    at: str = stored()
    result: str = stored()
    version: str = stored("")
    rows: int | None = stored(None)
    rejected: int | None = stored(None)
    changed: int | None = stored(None)
    problem: str = stored("")
    held: str = stored("")
    age_seconds: int | None = stored(None)

    def view(self) -> Json:
        """The run in the form of the API; what is not known is left out."""
        item = self.to_item()
        return {field: value for field, value in item.items() if field not in ("id", "expires_at")}


@dataclass(frozen=True, slots=True)
class FeedRunPage:
    """A page of runs; `next` is the cursor to read on from, '' at the end."""

    runs: list[FeedRun]
    next: str


def record_run(exchange: "ExchangeTable", name: str, state: FeedState, now: datetime) -> None:
    """Keep how a pull went, for 400 days. Two writes."""
    run = FeedRun(
        at=iso(now),
        result=state.last_result,
        version=state.version,
        rows=state.rows,
        rejected=state.rejected,
        changed=state.changed if state.last_result == "applied" else None,
        problem=state.problem,
        held=state.held,
        age_seconds=int(age_seconds(state.confirmed_at, now)) if state.confirmed_at else None,
    )
    log, day = _log(name), china_date(now)
    expires_at = int((now + government_list_keys.RUN_KEPT).timestamp())
    place = day_log.draw(exchange, log, day)
    exchange.put({"id": log.slot(day, place), **run.to_item(), "expires_at": expires_at})


def list_runs(exchange: "ExchangeTable", name: str, span: DaySpan, limit: int) -> FeedRunPage:
    """The pulls of a list on the days of a span. One read unit for each day that is passed, and for each run."""

    def all_of(entries: Sequence[Entry]) -> list[FeedRun | None]:
        return [FeedRun.from_item(entry.item) for entry in entries]

    return FeedRunPage(*day_log.read_back(exchange, _log(name), span, all_of, limit))


def _log(name: str) -> DayLog:
    log = government_list_keys.feed_run_log_name(name)
    return DayLog(
        counter=lambda day: numbered_log_keys.count_of_day(log, day),
        slot=lambda day, place: government_list_keys.feed_run(name, day, place),
    )
