"""What a page says of an entry of the audit log, in the words of the visitor's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.texts.operation_texts import operation_name
from chalicelib.handlers.console.visit import Visit
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.audit.rules.audit_entry import AuditEntry

OUTCOMES: Final[Mapping[str, tuple[str, str, str]]] = {
    "begun": ("未见结束", "No end", "warn"),
    "done": ("已完成", "Done", "good"),
    "refused": ("被拒绝", "Refused", "bad"),
    "failed": ("出错", "Failed", "bad"),
}
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "campaign": ("专项", "campaign"),
    "check": ("核验", "check"),
    "decision": ("复核事项", "decision"),
    "dispute": ("申诉", "dispute"),
    "feed": ("名单", "list"),
    "key": ("密钥", "key"),
    "listing": ("记录", "listing"),
    "lookup": ("查询", "lookup"),
    "merchant": ("商户", "merchant"),
    "person": ("人员", "person"),
    "platform": ("机构", "organisation"),
    "queue": ("队列", "queue"),
    "report": ("报送", "report"),
    "roster": ("名册", "roster"),
    "subscription": ("订阅", "subscription"),
    "task": ("任务", "task"),
}
OFFICES: Final = (Role.PLATFORM, Role.REGULATOR)
EVERYONE: Final = (*OFFICES, Role.OPERATOR)
# The page of an object: its address, whose people may open it, and the duties of which one is needed.
PAGES_OF: Final[Mapping[str, tuple[str, tuple[Role, ...], frozenset[Duty]]]] = {
    "decision": ("decisions/{}", EVERYONE, frozenset({Duty.DECIDE, Duty.ADMINISTER})),
    "dispute": ("disputes/{}", OFFICES, frozenset({Duty.READ})),
    "person": ("people/{}", EVERYONE, frozenset({Duty.ADMINISTER})),
    "platform": ("operation/platforms/{}", (Role.OPERATOR,), frozenset({Duty.READ})),
    "feed": ("operation/feeds/{}", (Role.OPERATOR,), frozenset({Duty.READ})),
    "queue": ("operation/queues/{}", (Role.OPERATOR,), frozenset({Duty.READ})),
    "roster": ("roster/{}", OFFICES, frozenset({Duty.READ})),
    "report": ("reports/{}", OFFICES, frozenset({Duty.READ})),
    "task": ("tasks/{}", OFFICES, frozenset({Duty.READ})),
}
# Of other organisations' objects the pages of these show nothing.
OWN_ALONE: Final = frozenset({"decision", "person", "report", "roster"})
ABSENT: Final = "—"


def entry_row(visit: Visit, entry: "AuditEntry", names: Mapping[str, str]) -> Json:
    """An entry as a row: when, who, what, to which object, how it ended, and each field before and after."""
    zh, en, tone = OUTCOMES[entry.outcome]
    kind, _, ident = entry.object_name.partition(":")
    return {
        "at": entry.at,
        "organisation": organisations.name_of(entry.organisation),
        "by": names.get(entry.person_id, "") or entry.person_id or entry.key_id,
        "is_key": not entry.person_id,
        "action": operation_name(visit, entry.action),
        "operation": entry.action,
        "object": entry.object_name,
        "kind": visit.t(*KINDS[kind]) if kind in KINDS else kind,
        "ident": ident,
        "page": page_of(visit, entry),
        "outcome": State(visit.t(zh, en), tone),
        "error": visit.says(entry.error) if entry.error in set(ErrorCode) else entry.error,
        "changes": changes(entry),
        "request_id": entry.request_id,
        "source": entry.source,
    }


def changes(entry: "AuditEntry") -> list[tuple[str, str, str]]:
    """Each field of an act with its value before and after, as they are kept: those of persons masked."""
    fields = dict.fromkeys((*entry.before, *entry.after))
    return [(name, str(entry.before.get(name, "")), str(entry.after.get(name, ABSENT))) for name in fields]


def page_of(visit: Visit, entry: "AuditEntry") -> str:
    """The page of the object of an entry, from /console/ on; '' where the visitor has none."""
    kind, _, ident = entry.object_name.partition(":")
    path, roles, duties = PAGES_OF.get(kind, ("", (), frozenset()))
    person = visit.session.person
    is_theirs = entry.organisation != person.organisation and person.role != Role.OPERATOR
    if person.role not in roles or not person.duties & duties or (kind in OWN_ALONE and is_theirs):
        return ""
    more = f"?platform={entry.organisation}" if kind == "task" and person.role == Role.REGULATOR else ""
    return path.format(ident) + more
