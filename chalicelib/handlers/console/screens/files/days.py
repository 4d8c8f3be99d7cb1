"""Lists by day on pages: which days are asked for, and the links to the next page and to the file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.accounts.permissions import asked_platform
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk.days import MOST_DAYS
from chalicelib.handlers.desk.filings import DEFAULT_DAYS
from chalicelib.handlers.parameters import is_day
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.day_log import DaySpan

MOST_IN_A_FILE: Final = 1_000
Entry = TypeVar("Entry")
STATES: Final = ("received", "processing", "done", "refused")
_STATE_TEXTS: Final = {
    "received": ("已收到", "received", "wait"),
    "processing": ("处理中", "in work", "wait"),
    "done": ("已完成", "done", "good"),
    "refused": ("整份未收", "refused whole", "bad"),
}
_CURSOR: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.\d{1,12}")


def span_of(visit: Visit) -> "DaySpan":
    """The days of the address, at most a year, 31 days until today unless it says others; and its cursor."""
    from chalicelib.storage.day_log import DaySpan

    until = _day(visit, "to") or china_date(wiring.now())
    since = _day(visit, "from") or _before(until, DEFAULT_DAYS - 1)
    cursor = _CURSOR.fullmatch(visit.query("after"))
    after = cursor[0] if cursor and is_day(cursor[1]) else ""
    return DaySpan(max(since, _before(until, MOST_DAYS - 1)), until, after)


def owner_of(visit: Visit) -> str:
    """Whose list is asked for: the visitor's own organisation, or the platform that a regulator names."""
    return asked_platform(visit.caller, visit.query("platform")) or visit.caller.platform_id


def pages_of(visit: Visit, path: str, count: int, following: str) -> Json:
    """The foot of a list: how many are on the page, and the links on, which keep its filters."""
    kept = {name: visit.query(name) for name in ("platform", "state", "from", "to", "since") if visit.query(name)}
    says = (f"本页 {count} 项", f"{count} on this page")
    csv = f"{visit.root}{path}.csv?{urlencode(kept)}"
    return {**console_frame.pages_of(visit, path, says, following, kept), "csv": csv}


def asked_of(visit: Visit, span: "DaySpan") -> Json:
    """What the filters of a list say."""
    return {"platform": visit.query("platform"), "state": visit.query("state"), "from": span.since, "to": span.until}


def first_thousand(span: "DaySpan", page_of: "Callable[[DaySpan], tuple[Sequence[Entry], str]]") -> list[Entry]:
    """The entries of a list from the cursor of the span on, for its file: as many pages as make a thousand.

    `page_of` reads a page, and gives the cursor of the next; '' after the last.
    """
    entries: list[Entry] = []
    while len(entries) < MOST_IN_A_FILE:
        page, following = page_of(span)
        entries += page
        if not following:
            break
        span = replace(span, after=following)
    return entries


def state_tag(visit: Visit, state: str, rejected: int = 0, waits_until: str = "") -> State:
    """The state of a file as a tag; one that is done but for some rows wants a look."""
    if waits_until:
        return State(visit.t("等待配额", "waits for quota"), "warn")
    if state == "done" and rejected:
        return State(visit.t("已完成，有拒收", "done, some rejected"), "warn")
    zh, en, tone = _STATE_TEXTS[state]
    return State(visit.t(zh, en), tone)


def state_choices(visit: Visit) -> list[tuple[str, str]]:
    """The states that a list can be filtered by."""
    return [(state, visit.t(*_STATE_TEXTS[state][:2])) for state in STATES]


def platforms_of(visit: Visit) -> list[tuple[str, str]]:
    """The platforms that a regulator chooses from, by name; none for a platform."""
    from chalicelib.accounts import platforms

    if visit.caller.role != Role.REGULATOR:
        return []
    accounts = [account for account in platforms.find_all(wiring.exchange()) if account.role == Role.PLATFORM]
    return sorted(((account.platform_id, account.name) for account in accounts), key=lambda pair: pair[1])


def _day(visit: Visit, name: str) -> str:
    text = visit.query(name)
    return text if is_day(text) else ""


def _before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
