"""People of an organisation: the list, and the page of a person with what may be done."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.texts.people_texts import duty_boxes, person_row, person_state
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people import administer_people
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.people.people import Person

TITLE: Final = ("人员", "People")
STATES: Final = (("", "全部", "all"), ("active", "有效", "active"), ("revoked", "已停用", "revoked"))
COLUMNS: Final = [
    "person_id",
    "name",
    "organisation",
    "email",
    "duties",
    "state",
    "created_at",
    "last_seen_at",
    "revoked_at",
]


def page(visit: Visit) -> Reply:
    """The people of an organisation: 1 read unit, and half of one for each, 500 at most."""
    organisation, state = asked_organisation(visit), visit.query("state", ("active", "revoked"))
    listed = [person for person in _people(visit, organisation) if state in ("", person.state)]
    return console_frame.page(
        visit,
        "accounts/people.html",
        TITLE,
        rows=[person_row(visit, person) for person in listed],
        state=state,
        states=[
            ("", visit.t("全部", "all")),
            ("active", visit.t("有效", "active")),
            ("revoked", visit.t("已停用", "revoked")),
        ],
        csv=f"{visit.root}people.csv?{urlencode({'organisation': organisation})}",
        **frame_of(visit, organisation, "people"),
    )


def export(visit: Visit) -> Reply:
    """The people of an organisation as CSV; the audit log knows them by the same ids."""

    lines = [
        [
            *(person.person_id, person.name, person.organisation, person.email),
            " ".join(duty for duty in Duty if duty in person.duties),
            *(person.state, person.created_at, person.last_seen_at, person.revoked_at),
        ]
        for person in _people(visit, asked_organisation(visit))
    ]
    return console_frame.csv_table([COLUMNS, *lines], "people.csv")


def person(visit: Visit, person_id: str) -> Reply:
    """A person, its duties as boxes, and the ways to end its sessions or its access."""
    return draw_person(visit, administer_people.find(wiring.exchange(), visit.caller, person_id))


def draw_person(visit: Visit, shown: "Person", wrong: str = "") -> Reply:
    """The page of a person; `wrong` says what was wrong with the duties that were sent."""
    return console_frame.page(
        visit,
        "accounts/person.html",
        (shown.name, shown.name),
        400 if wrong else 200,
        person=person_row(visit, shown),
        state=person_state(visit, shown),
        boxes=duty_boxes(visit, visit.form.get("duties", shown.duty_names)),
        wrong=wrong,
        back=people_path(shown.organisation),
    )


def asked_organisation(visit: Visit) -> str:
    """The organisation whose accounts the page shows: the person's own, unless an operator asks for another."""
    own = visit.caller.platform_id
    return (visit.query("organisation") or own) if visit.caller.role == Role.OPERATOR else own


def frame_of(visit: Visit, organisation: str, tab: str) -> Json:
    """What the tabs of these screens need: whose accounts they show, and for an operator whose else there are."""
    is_operator = visit.caller.role == Role.OPERATOR
    chosen = sorted(organisations.names().items(), key=lambda pair: pair[1]) if is_operator else []
    return {
        "tab": tab,
        "organisation": organisation,
        "organisation_name": organisations.name_of(organisation),
        "organisations": [{"value": value, "text": text} for value, text in chosen],
        "is_operator": is_operator,
        "sees_decisions": bool(visit.session.person.duties & {Duty.DECIDE, Duty.ADMINISTER}),
        "sees_accounts": Duty.ADMINISTER in visit.session.person.duties,
        "of": f"?organisation={organisation}" if is_operator else "",
    }


def people_path(organisation: str) -> str:
    """The address of an organisation's people from /console/ on."""
    return f"people?{urlencode({'organisation': organisation})}"


def _people(visit: Visit, organisation: str) -> "list[Person]":
    return administer_people.list_people(wiring.exchange(), visit.caller, organisation)
