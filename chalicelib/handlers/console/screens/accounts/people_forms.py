"""What is done to people: each act is previewed, and is then done by the use case that the API calls."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, previews
from chalicelib.handlers.console.screens.accounts.people import draw_person, frame_of, people_path
from chalicelib.handlers.console.screens.accounts.people_previews import adding, changing, ending, revoking
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.texts.people_texts import duty_boxes
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people import administer_people
from chalicelib.people.duties import duties_named

if TYPE_CHECKING:
    from chalicelib.people.people import NewPerson

ADDING: Final = ("添加人员", "Add a person")
CHANGING: Final = ("更改职责", "Change duties")
ENDING: Final = ("结束登录", "End sessions")
REVOKING: Final = ("停用人员", "Revoke a person")
NO_DUTY: Final = (
    "请至少勾选一项职责；要停止其全部权限，请停用。",
    "Tick at least one duty; to end all access, revoke.",
)
ACTS: Final = ("duties", "sessions", "revocation")


def new(visit: Visit) -> Reply:
    """The form by which a person is added."""
    return _draw_new(visit)


def preview_new(visit: Visit) -> Reply:
    """What adding a person will do."""
    try:
        person = _new_person(visit)
    except errors.BadRequest as error:
        return _draw_new(visit, visit.says(error.code), str(error.details.get("field", "")))
    return previews.draw(visit, ADDING, adding(visit, person))


def add(visit: Visit) -> Reply:
    """Add a person, and go on to its page."""
    try:
        new = _new_person(visit)
        person = administer_people.add(wiring.exchange(), wiring.digest(), visit.caller, new, wiring.now())
    except (errors.BadRequest, errors.Conflict, errors.NotFound) as error:
        field = "email" if error.code == ErrorCode.EMAIL_TAKEN else str(error.details.get("field", ""))
        return _draw_new(visit, visit.says(error.code), field)
    visit.request.noted.object_name = f"person:{person.person_id}"
    logs.note("person_added", person=person.person_id, organisation=person.organisation, by=visit.caller.signature)
    return console_frame.go_to(visit, f"people/{person.person_id}")


def preview(visit: Visit, person_id: str) -> Reply:
    """What a change of duties, the end of sessions or of all access will do."""
    person = administer_people.find(wiring.exchange(), visit.caller, person_id)
    act = visit.field("act")
    if act not in ACTS:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="act", expected=list(ACTS))
    if act == "sessions":
        return previews.draw(visit, ENDING, ending(visit, person))
    if act == "revocation":
        return previews.draw(visit, REVOKING, revoking(visit, person))
    duties = duties_named(visit.fields("duties"))
    if not duties:
        return draw_person(
            visit,
            person,
            visit.t(
                "请至少勾选一项职责；要停止其全部权限，请停用。", "Tick at least one duty; to end all access, revoke."
            ),
        )
    return previews.draw(visit, CHANGING, changing(visit, person, duties))


def change_duties(visit: Visit, person_id: str) -> Reply:
    """Give a person these duties and no others."""
    duties = duties_named(visit.fields("duties"))
    if not duties:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="duties", expected="at least one duty")
    before, after = administer_people.change_duties(wiring.exchange(), visit.caller, person_id, duties)
    visit.request.noted.changes({"duties": before.duty_names}, {"duties": after.duty_names})
    logs.note("duties_changed", person=person_id, duties=list(after.duty_names), by=visit.caller.signature)
    return console_frame.go_to(visit, f"people/{person_id}")


def revoke(visit: Visit, person_id: str) -> Reply:
    """Take a person's access away at once and for good."""
    revoked = administer_people.revoke(wiring.exchange(), visit.caller, person_id, wiring.now())
    visit.request.noted.changes({}, {"state": revoked.state, "organisation": revoked.organisation})
    logs.note("person_revoked", person=person_id, by=visit.caller.signature)
    return console_frame.go_to(visit, f"people/{person_id}")


def end_sessions(visit: Visit, person_id: str) -> Reply:
    """End every session of a person; of the own ones this one too."""
    administer_people.end_sessions(wiring.exchange(), visit.caller, person_id, wiring.now())
    logs.note("sessions_ended", person=person_id, by=visit.caller.signature)
    return console_frame.go_to(visit, f"people/{person_id}")


def _new_person(visit: Visit) -> "NewPerson":
    """The person of the form; `BadRequest` with the field that does not fit."""
    from pydantic import ValidationError

    from chalicelib.handlers.requests.people.people import NewPerson as Model
    from chalicelib.people.people import NewPerson

    own = visit.caller.platform_id
    sent = {
        "organisation": (visit.field("organisation") or own) if visit.caller.role == Role.OPERATOR else own,
        "name": visit.field("name"),
        "email": visit.field("email"),
        "duties": visit.fields("duties"),
    }
    try:
        body = Model.model_validate(sent)
    except ValidationError as error:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=str(error.errors()[0]["loc"][0])) from error
    return NewPerson(body.organisation, body.name, duties_named(body.duties), body.email)


def _draw_new(visit: Visit, wrong: str = "", field: str = "") -> Reply:
    """The form by which a person is added, with what was typed and what is wrong with it."""
    own = visit.caller.platform_id
    asked = visit.field("organisation") or visit.query("organisation") or own
    organisation = asked if visit.caller.role == Role.OPERATOR else own
    return console_frame.page(
        visit,
        "accounts/new_person.html",
        ADDING,
        400 if wrong else 200,
        boxes=duty_boxes(visit, visit.form.get("duties", ["read"])),
        typed={"name": visit.field("name", 4_000), "email": visit.field("email", 4_000)},
        wrong=Fields({field or "form": wrong} if wrong else {}),
        back=people_path(organisation),
        **frame_of(visit, organisation, "people"),
    )
