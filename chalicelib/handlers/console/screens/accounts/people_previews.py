"""What an act on a person will do, in words, before it is done."""

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.previews import Preview
from chalicelib.handlers.console.texts.people_texts import duties_in_words
from chalicelib.handlers.console.visit import Visit
from chalicelib.people import administer_people
from chalicelib.people.duties import Duty

if TYPE_CHECKING:
    from chalicelib.people.people import NewPerson, Person


def adding(visit: Visit, person: "NewPerson") -> Preview:
    """What adding a person will do."""
    t = visit.t
    can_sign_in = t(
        "该人员可用这个邮箱经身份提供方登录，并按下列职责办理。邮箱只保存掩码和摘要。",
        "The person can sign in by this address through the identity provider, with these duties. "
        "The address is kept masked and digested.",
    )
    cannot = t(
        "没有邮箱，该人员不能经身份提供方登录。",
        "Without an address the person cannot sign in by an identity provider.",
    )
    return Preview(
        heading=t(f"添加 {person.name}", f"Add {person.name}"),
        says=can_sign_in if person.email else cannot,
        rows=(
            (t("机构", "Organisation"), organisations.name_of(person.organisation)),
            (t("邮箱", "E-mail"), person.email or "—"),
            (t("职责", "Duties"), duties_in_words(visit, person.duties)),
        ),
        sent={
            "organisation": [person.organisation],
            "name": [person.name],
            "email": [person.email],
            "duties": sorted(person.duties),
        },
        action="people",
        button=t("添加", "Add"),
        back=f"people/new?organisation={person.organisation}",
    )


def changing(visit: Visit, person: "Person", duties: frozenset[Duty]) -> Preview:
    """What giving a person these duties will do; reads the people of its organisation where one less administers."""
    t = visit.t
    return Preview(
        heading=person.name,
        says=t(
            "从该人员的下一次操作起生效，无须重新登录。",
            "It holds from the person's next request on, in open sessions too.",
        ),
        rows=(
            (t("新增", "Gains"), duties_in_words(visit, duties - person.duties)),
            (t("失去", "Loses"), duties_in_words(visit, person.duties - duties)),
            (t("此后职责", "Duties then"), duties_in_words(visit, duties)),
        ),
        warning=_last_administrator(visit, person) if Duty.ADMINISTER in person.duties - duties else "",
        sent={"duties": sorted(duties)},
        action=f"people/{person.person_id}/duties",
        button=t("更改职责", "Change duties"),
        back=f"people/{person.person_id}",
    )


def ending(visit: Visit, person: "Person") -> Preview:
    """What the end of a person's sessions will do."""
    t = visit.t
    return Preview(
        heading=person.name,
        says=t(
            "该人员在所有设备上的登录立即结束，未提交的内容会丢失；可以重新登录。",
            "Every session of the person ends at once, on all devices; what is not sent is lost. It may sign in again.",
        ),
        action=f"people/{person.person_id}/sessions",
        button=t("结束登录", "End sessions"),
        back=f"people/{person.person_id}",
    )


def revoking(visit: Visit, person: "Person") -> Preview:
    """What the end of a person's access will do."""
    t = visit.t
    return Preview(
        heading=person.name,
        says=t(
            "该人员立即退出，且不能再登录；停用不能撤回，如需恢复须重新添加。其办理过的记录保留。",
            "The person is signed out at once and can never sign in again; to let it back, add it anew. "
            "What it did stays on record.",
        ),
        rows=((t("失去", "Loses"), duties_in_words(visit, person.duties)),),
        warning=_last_administrator(visit, person) if Duty.ADMINISTER in person.duties else "",
        action=f"people/{person.person_id}/revocation",
        button=t("停用", "Revoke"),
        back=f"people/{person.person_id}",
    )


def _last_administrator(visit: Visit, person: "Person") -> str:
    """A warning where nobody of the organisation could administer it after the act; '' otherwise."""
    listed = administer_people.list_people(wiring.exchange(), visit.caller, person.organisation)
    others = [
        each
        for each in listed
        if each.is_active and Duty.ADMINISTER in each.duties and each.person_id != person.person_id
    ]
    if others:
        return ""
    return visit.t(
        "这是该机构最后一位管理人员；此后只有运营方能为其添加人员。",
        "This is the organisation's last administrator; after it, operators alone can add people there.",
    )
