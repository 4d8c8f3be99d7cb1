"""What a page says of people and their duties, in the words of the visitor's language."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.visit import CHINESE, Visit
from chalicelib.people import people
from chalicelib.people.duties import NAMES, Duty
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.people.people import Person

# What each duty lets a person do, in zh and en.
PERMITS: Final[Mapping[Duty, tuple[str, str]]] = {
    Duty.READ: ("查询商户，查看任务、申诉和名册", "Look merchants up; see tasks, disputes and rosters"),
    Duty.REPORT: ("报送清退、上传名册、答复任务", "Report evictions, send rosters, answer tasks"),
    Duty.DECIDE: ("答复或裁定申诉、决定规则与暂停的名单", "Answer or decide disputes; decide on rules and held lists"),
    Duty.ADMINISTER: ("添加和停用人员、管理密钥", "Add and revoke people; administer keys"),
    Duty.AUDIT: ("查看和导出审计日志", "Read and export the audit log"),
}
ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "platform": ("平台", "platform"),
    "regulator": ("监管部门", "regulator"),
    "operator": ("运营方", "operator"),
}


def duties_in_words(visit: Visit, duties: Iterable[Duty]) -> str:
    """Duties in their order, as 查询、报送与处理; a dash for none."""
    there = set(duties)
    comma = "、" if visit.language == CHINESE else "; "
    return comma.join(visit.t(*NAMES[duty]) for duty in Duty if duty in there) or "—"


def duty_boxes(visit: Visit, ticked: Iterable[str]) -> list[Json]:
    """Each duty as a box of a form, with what it permits."""
    there = set(ticked)
    return [
        {
            "value": str(duty),
            "text": visit.t(*NAMES[duty]),
            "says": visit.t(*PERMITS[duty]),
            "ticked": str(duty) in there,
        }
        for duty in Duty
    ]


def person_state(visit: Visit, person: "Person") -> State:
    """Whether a person may sign in, as a tag."""
    if person.is_active:
        return State(visit.t("有效", "Active"), "good")
    return State(visit.t("已停用", "Revoked"), "")


def person_row(visit: Visit, person: "Person") -> Json:
    """A person as a row of a list, and as the head of its page."""
    return {
        "person_id": person.person_id,
        "name": person.name,
        "email": person.email,
        "organisation": organisations.name_of(person.organisation),
        "duties": duties_in_words(visit, person.duties),
        "state": person_state(visit, person),
        "is_active": person.state == people.ACTIVE,
        "last_seen_at": person.last_seen_at,
        "created_at": person.created_at,
        "created_by": signature_in_words(person.created_by),
        "revoked_at": person.revoked_at,
        "is_self": person.person_id == visit.session.person.person_id,
    }


def signature_in_words(signature: str, names: Mapping[str, str] | None = None) -> str:
    """Who acted, of a signature such as `platform:alpha/p_…`: its organisation, and its person by name or id."""
    actor, _, person = signature.partition("/")
    organisation = organisations.name_of(actor.partition(":")[2]) or actor
    return f"{organisation} · {(names or {}).get(person, person)}" if person else organisation
