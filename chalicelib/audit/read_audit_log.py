"""Reading the audit log, newest first: of an organisation, of all, or about one object.

A page looks at 400 entries at most, so that its cost is bounded whatever it filters by; it then says where to read on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.audit.record_acts import Logs
from chalicelib.audit.rules.audit_entry import AuditEntry
from chalicelib.errors import Forbidden
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.item_keys.people import audit_keys
from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines
from chalicelib.values.records import Json
from chalicelib.values.timestamps import CHINA, china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

LOOKED_AT: Final = 400
AT_ONCE: Final = 100
LEAST_AT_ONCE: Final = 20
MONTHS_AT_ONCE: Final = 6
# Where a page of the entries about one object leads on.
OF_OBJECT: Final = "object"
MONTHS_KEPT: Final = 37
# Entries of a log stand in the order in which they were numbered, and each says when its request came.
OUT_OF_ORDER: Final = timedelta(minutes=1)
# What operators see of other organisations: the administration of accounts.
# fmt: off
OF_ACCOUNTS: Final = frozenset((
    "admitParticipant", "issueKey", "revokeKey", "setLimits", "grantPurposes", "addPerson", "changeDuties",
    "revokePerson", "endSessionsOfPerson",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are asked for; '' leaves a field open. `day` is a day in China."""

    organisation: str = ""
    person_id: str = ""
    action: str = ""
    object_name: str = ""
    day: str = ""

    def fits(self, entry: AuditEntry) -> bool:
        """Whether an entry is asked for."""
        wanted = (
            (self.organisation, entry.organisation),
            (self.person_id, entry.person_id),
            (self.action, entry.action),
            (self.object_name, entry.object_name),
            (self.day, china_date(datetime.fromisoformat(entry.at))),
        )
        return all(not asked or asked == value for asked, value in wanted)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for: which entries, how many at most, and the `next` of the page before."""

    filter: Filter
    limit: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and where to read on ('' at the end)."""

    entries: list[AuditEntry]
    next: str

    def as_json(self) -> Json:
        """The page as the API shows it."""
        return {"entries": [entry.view() for entry in self.entries], "next": self.next}

    def as_csv(self, columns: Mapping[str, str]) -> str:
        """The page as CSV that Chinese Excel opens; `columns` are fields of an entry and what heads them."""
        views = [entry.view() for entry in self.entries]
        return BYTE_ORDER_MARK + csv_lines(
            [list(columns.values()), *([_cell(view.get(field, "")) for field in columns] for view in views)]
        )


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}={part}" for name, part in sorted(value.items()))
    return str(value)


def may_see(caller: Caller, entry: AuditEntry) -> bool:
    """A regulator sees all; an organisation its own; an operator also what operators did and what is of accounts."""
    if caller.role == Role.REGULATOR or entry.organisation == caller.platform_id:
        return True
    return caller.role == Role.OPERATOR and (entry.role == Role.OPERATOR or entry.action in OF_ACCOUNTS)


def read_page(exchange: "ExchangeTable", logs: Logs, caller: Caller, asked: Asked, now: datetime) -> Page:
    """A page of the entries that are asked for and that the caller may see; at most `LOOKED_AT` are looked at.

    `Forbidden` for a platform that asks for another organisation's.
    """
    own = caller.platform_id
    if caller.role == Role.PLATFORM and asked.filter.organisation not in ("", own):
        raise Forbidden(ErrorCode.NOT_YOUR_AUDIT_LOG, organisation=asked.filter.organisation)
    if caller.role == Role.PLATFORM:
        # Its own entries have a log of their own, so that reading them does not cost a look at everybody's.
        asked = replace(asked, filter=replace(asked.filter, organisation=own))
    entries: list[AuditEntry] = []
    for looked_at, (place, entry) in enumerate(_newest_first(exchange, logs, asked, now), 1):
        if asked.filter.fits(entry) and may_see(caller, entry):
            entries.append(entry)
        if len(entries) == asked.limit or looked_at == LOOKED_AT:
            return Page(entries, place)
    return Page(entries, "")


def _newest_first(
    exchange: "ExchangeTable", logs: Logs, asked: Asked, now: datetime
) -> Iterator[tuple[str, AuditEntry]]:
    """Each entry of the logs that have those which are asked for, with the cursor that leads on behind it."""
    where, below = _position(asked.after)
    batch = min(AT_ONCE, max(LEAST_AT_ONCE, asked.limit))
    if asked.filter.object_name:
        name = audit_keys.object_log_name(asked.filter.object_name)
        last = below - 1 if below else logs(name).end()
        yield from _descending(exchange, name, OF_OBJECT, last, batch)
        return
    first_month = where or (asked.filter.day or china_date(now))[:7]
    for month, name in _months(exchange, asked.filter, first_month):
        last = below - 1 if month == where else _end(logs(name), asked.filter.day)
        for place, entry in _descending(exchange, name, month, last, batch):
            if asked.filter.day and entry.at < iso(_begin_of(asked.filter.day) - OUT_OF_ORDER):
                return
            yield place, entry


def _position(after: str) -> tuple[str, int]:
    """The month (or `object`) and the number that a cursor names; '' and 0 for the first page."""
    if not after:
        return "", 0
    where, _, number = after.partition(".")
    return where, int(number)


def _months(exchange: "ExchangeTable", wanted: Filter, first: str) -> Iterator[tuple[str, str]]:
    """The months with entries, newest first, each with the name of its log; of a day its month alone."""
    months = [first] if wanted.day else list(_back_from(first))
    for start in range(0, len(months), MONTHS_AT_ONCE):
        names = {
            month: audit_keys.entry_log_name(wanted.organisation, month)
            if wanted.organisation
            else audit_keys.all_log_name(month)
            for month in months[start : start + MONTHS_AT_ONCE]
        }
        # A writer that died after its entry has not written the head of the log, which may be the first of its month.
        heads = {month: numbered_log_keys.head(name) for month, name in names.items()}
        firsts = {month: numbered_log_keys.slot(name, 1) for month, name in names.items()}
        there = exchange.get_many([*heads.values(), *firsts.values()])
        for month, name in names.items():
            if heads[month] in there or firsts[month] in there:
                yield month, name


def _back_from(month: str) -> Iterator[str]:
    day = date.fromisoformat(f"{month}-01")
    for _ in range(MONTHS_KEPT):
        yield day.isoformat()[:7]
        day = (day - timedelta(days=1)).replace(day=1)


def _descending(
    exchange: "ExchangeTable", name: str, where: str, last: int, batch: int
) -> Iterator[tuple[str, AuditEntry]]:
    """The entries of a log from that number down to 1; those that the store has forgotten are passed over."""
    while last > 0:
        numbers = range(last, max(0, last - batch), -1)
        items = exchange.get_many(numbered_log_keys.slot(name, number) for number in numbers)
        items |= exchange.get_many(item["entry"] for item in list(items.values()) if "entry" in item)
        for number in numbers:
            item = items.get(numbered_log_keys.slot(name, number), {})
            item = items.get(item["entry"], {}) if "entry" in item else item
            if item:
                yield f"{where}.{number}", AuditEntry.from_item(item)
        last = numbers[-1] - 1


def _end(log: "NumberedLog", day: str) -> int:
    """The number of the last entry of a log, or of one soon after the day, found in as many reads as it has digits."""
    low, high = 0, log.end()
    if not day:
        return high
    until = iso(_begin_of(day) + timedelta(days=1) + OUT_OF_ORDER)
    while low < high:
        middle = (low + high + 1) // 2
        item = log.at(middle)
        if item is None or item["at"] < until:
            low = middle
        else:
            high = middle - 1
    return low


def _begin_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA)
