"""The audit log is written in two steps around each act: what is intended before it, how it ended after it.

So a worker that is killed in between leaves an entry that says `begun`, never a write without an entry. Entries are
appended and never changed but for their end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.audit.rules.audit_entry import AuditEntry, Outcome, kept_fields
from chalicelib.storage.item_keys.people import audit_keys
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

Logs = Callable[[str], "NumberedLog"]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to do: by which request, from which network (as a keyed digest), to which object."""

    caller: Caller
    action: str
    object_name: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    request_id: str = ""


@dataclass(slots=True)
class Changes:
    """What is learnt of an act while it is done: its object, and the fields that it changes, before and after."""

    object_name: str = ""
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


def begin(logs: Logs, act: Act, now: datetime) -> AuditEntry:
    """Write down that the act is begun; the entry."""
    month = china_date(now)[:7]
    entry = AuditEntry(
        at=iso(now),
        organisation=act.caller.platform_id,
        role=act.caller.role,
        person_id=act.caller.person_id,
        key_id="" if act.caller.person_id else act.caller.key_id,
        action=act.action,
        object_name=act.object_name,
        after=kept_fields(act.fields),
        source=act.source,
        request_id=act.request_id,
        expires_at=int((now + audit_keys.AUDIT_KEPT).timestamp()),
    )
    log = logs(audit_keys.entry_log_name(act.caller.platform_id, month))
    begun = AuditEntry.from_item(log.add(entry.to_item()))
    _place(logs, audit_keys.all_log_name(month), begun)
    if begun.object_name:
        _place(logs, audit_keys.object_log_name(begun.object_name), begun)
    return begun


def end(logs: Logs, begun: AuditEntry, outcome: Outcome, changes: Changes, error: str = "") -> AuditEntry:
    """Write down how the act ended and what it changed."""
    ended = begun.replace(
        outcome=str(outcome),
        error=error,
        object_name=changes.object_name or begun.object_name,
        before=kept_fields(changes.before),
        after={**begun.after, **kept_fields(changes.after)},
    )
    logs(begun.id.partition("#")[0]).set_fields(begun.number, ended.changes_since(begun))
    if ended.object_name != begun.object_name:
        _place(logs, audit_keys.object_log_name(ended.object_name), ended)
    return ended


def _place(logs: Logs, log_name: str, entry: AuditEntry) -> None:
    logs(log_name).add({"entry": entry.id, "at": entry.at, "expires_at": entry.expires_at})
