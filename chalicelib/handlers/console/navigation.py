"""The navigation of the console: at most nine entries for a kind of organisation, less what a person's duties lack."""

from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.visit import Visit
from chalicelib.people.duties import Duty

PLATFORM, REGULATOR, OPERATOR = Role.PLATFORM, Role.REGULATOR, Role.OPERATOR


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is shown; `waiting` is how much waits behind it, `late` whether some of that is overdue."""

    path: str
    label: str
    current: bool
    waiting: int = 0
    late: bool = False


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
# Pages that lie under the entry of another.
UNDER: Final = {
    "listings": ("search",),
    "merchants": ("search",),
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
    person, current = visit.session.person, {visit.entry, *UNDER.get(visit.entry, ())}
    return [
        Entry(path, visit.t(zh, en), path in current)
        for path, zh, en, roles, duties in ENTRIES
        if person.role in roles
        and (not duties or person.duties & set(duties))
        # Who administers finds the audit log among the tabs of Administration.
        and not (path == "audit" and Duty.ADMINISTER in person.duties)
    ]
