"""The navigation of the console: at most nine entries for a kind of organisation, less what a person's duties lack.

How much waits behind an entry is counted after the page is drawn (`screens/waiting.py`), and kept in the container for
a minute: a page shows what is kept then, and reads nothing for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.visit import Visit
from chalicelib.people.duties import Duty

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

PLATFORM, REGULATOR, OPERATOR = Role.PLATFORM, Role.REGULATOR, Role.OPERATOR
KEPT_SECONDS: Final = 60
MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, such as 3, or 3+ where there may be more; whether some of that is overdue."""

    text: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is shown; `waiting` is how much waits behind it, None for nothing and where it is not known."""

    path: str
    label: str
    current: bool
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What waits, by entry, as it was at a moment (seconds of the epoch)."""

    at: float
    waiting: Mapping[str, Waiting]


# By the exchange and an organisation or a person of it.
_kept: dict[tuple["ExchangeTable", str], _Kept] = {}
# path, names in zh and en, whose people see it, and the duties of which one is needed (none for all).
ENTRIES: Final = (
    ("today", "今日", "Today", (PLATFORM, REGULATOR, OPERATOR), ()),
    ("overview", "全网", "Overview", (REGULATOR,), (Duty.READ,)),
    ("tasks", "待办", "Tasks", (PLATFORM, REGULATOR), (Duty.READ,)),
    ("disputes", "申诉", "Disputes", (PLATFORM, REGULATOR), (Duty.READ,)),
    ("search", "查询", "Search", (PLATFORM, REGULATOR), (Duty.READ,)),
    ("reports", "报送", "Reports", (PLATFORM, REGULATOR), (Duty.READ,)),
    ("roster", "名册", "Roster", (PLATFORM,), (Duty.READ,)),
    ("licences", "亮照", "Licences", (PLATFORM, REGULATOR, OPERATOR), (Duty.READ,)),
    ("rules", "规则", "Rules", (PLATFORM, REGULATOR), (Duty.READ,)),
    ("operation", "运行", "Operation", (OPERATOR,), (Duty.READ,)),
    ("people", "管理", "Administration", (PLATFORM, REGULATOR, OPERATOR), (Duty.ADMINISTER,)),
    ("audit", "审计", "Audit", (PLATFORM, REGULATOR, OPERATOR), (Duty.AUDIT,)),
)
# Pages that lie under the entry of another, where they have none of their own.
UNDER: Final = {
    "listings": ("search",),
    "merchants": ("search",),
    "lookups": ("search",),
    "lists": ("overview", "operation"),
    "corroboration": ("overview",),
    "onboarding": ("licences",),
    "decisions": ("people",),
    "findings": ("overview",),
    "audit": ("people",),
    "roster": ("reports",),
}


def entries(visit: Visit) -> list[Entry]:
    """The entries that the person may open; the current one is that which the page's path begins with."""
    person = visit.session.person
    shown = {
        path: (zh, en)
        for path, zh, en, roles, duties in ENTRIES
        if person.role in roles
        and (not duties or person.duties & set(duties))
        # Who administers finds the audit log among the tabs of Administration.
        and not (path == "audit" and Duty.ADMINISTER in person.duties)
    }
    waiting = {**(kept(person.organisation) or {}), **(kept(person.person_id) or {})}
    current = (visit.entry,) if visit.entry in shown else UNDER.get(visit.entry, ())
    return [Entry(path, visit.t(*names), path in current, waiting.get(path)) for path, names in shown.items()]


def is_counted(visit: Visit) -> bool:
    """Whether it is known how much waits behind the visitor's entries."""
    person = visit.session.person
    return kept(person.organisation) is not None and kept(person.person_id) is not None


def kept(owner: str) -> Mapping[str, Waiting] | None:
    """What waits for an organisation or a person, by entry, as it was within the last minute; None where that is not
    known."""
    counted = _kept.get((wiring.exchange(), owner))
    is_fresh = counted is not None and wiring.now().timestamp() < counted.at + KEPT_SECONDS
    return counted.waiting if counted is not None and is_fresh else None


def keep(owner: str, waiting: Mapping[str, Waiting]) -> None:
    """Keep what waits for a minute, but for what is nothing."""
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    shown = {path: each for path, each in waiting.items() if each.text != "0"}
    _kept[wiring.exchange(), owner] = _Kept(wiring.now().timestamp(), shown)


def forget(visit: Visit) -> None:
    """Have it counted again, for the person has just changed something."""
    for owner in (visit.session.person.organisation, visit.session.person.person_id):
        _kept.pop((wiring.exchange(), owner), None)
