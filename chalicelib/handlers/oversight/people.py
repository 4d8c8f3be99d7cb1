"""People and their duties: /v1/people."""

from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.handlers.parameters import Parameter
from chalicelib.handlers.routing import OPERATOR, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.handlers.requests.people.people import NewDuties, NewPerson

routes = Routes(__name__, "people")
ADMINISTRATORS: Final = (OPERATOR, REGULATOR)
ORGANISATION: Final = Parameter(
    "organisation", "参与方编号，缺省为本方", "the id of the organisation; by default the caller's own", most=40
)


@routes.route(
    "/v1/people",
    "POST",
    "addPerson",
    roles=ADMINISTRATORS,
    body="people.people:NewPerson",
    returns="people.people:Person",
    status=201,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.NOT_YOUR_PEOPLE, ErrorCode.EMAIL_TAKEN, ErrorCode.TOO_MANY_PEOPLE),
)
def add(request: Request, body: "NewPerson") -> Json:
    """Add a person to an organisation, with its duties; it signs in by the address that is given."""
    from chalicelib.people import administer_people
    from chalicelib.people.duties import duties_named
    from chalicelib.people.people import NewPerson

    new = NewPerson(body.organisation, body.name, duties_named(body.duties), body.email)
    person = administer_people.add(wiring.exchange(), wiring.digest(), request.caller, new, wiring.now())
    request.noted.object_name = f"person:{person.person_id}"
    logs.note("person_added", person=person.person_id, organisation=person.organisation, by=request.caller.signature)
    return administer_people.view(person)


@routes.route(
    "/v1/people",
    "GET",
    "listPeople",
    roles=ADMINISTRATORS,
    query=(ORGANISATION,),
    returns="people.people:People",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.NOT_YOUR_PEOPLE),
)
def list_people(request: Request) -> Json:
    """The people of an organisation, those whose access was revoked included."""
    from chalicelib.people import administer_people

    organisation = request.text("organisation") or request.caller.platform_id
    listed = administer_people.list_people(wiring.exchange(), request.caller, organisation)
    return {"people": [administer_people.view(person) for person in listed]}


@routes.route(
    "/v1/people/{person_id}/duties",
    "PUT",
    "changeDuties",
    roles=ADMINISTRATORS,
    body="people.people:NewDuties",
    returns="people.people:Person",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.PERSON_REVOKED, ErrorCode.OWN_ACCESS),
)
def change_duties(request: Request, body: "NewDuties", person_id: str) -> Json:
    """Give a person these duties and no others; its open sessions have them from the next request on."""
    from chalicelib.people import administer_people
    from chalicelib.people.duties import duties_named

    before, after = administer_people.change_duties(
        wiring.exchange(), request.caller, person_id, duties_named(body.duties)
    )
    request.noted.changes({"duties": before.duty_names}, {"duties": after.duty_names})
    logs.note("duties_changed", person=person_id, duties=list(after.duty_names), by=request.caller.signature)
    return administer_people.view(after)


@routes.route(
    "/v1/people/{person_id}",
    "DELETE",
    "revokePerson",
    roles=ADMINISTRATORS,
    returns="people.people:Person",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.OWN_ACCESS),
)
def revoke(request: Request, person_id: str) -> Json:
    """Take a person's access away at once and for good, its open sessions included."""
    from chalicelib.people import administer_people

    revoked = administer_people.revoke(wiring.exchange(), request.caller, person_id, wiring.now())
    request.noted.changes({}, {"state": revoked.state, "organisation": revoked.organisation})
    logs.note("person_revoked", person=person_id, by=request.caller.signature)
    return administer_people.view(revoked)


@routes.route(
    "/v1/people/{person_id}/sessions",
    "DELETE",
    "endSessionsOfPerson",
    roles=ADMINISTRATORS,
    returns="people.people:SessionsEnded",
    errors=(ErrorCode.NOT_FOUND,),
)
def end_sessions(request: Request, person_id: str) -> Json:
    """End every session of a person at once; it may sign in again."""
    from chalicelib.people import administer_people

    now = wiring.now()
    administer_people.end_sessions(wiring.exchange(), request.caller, person_id, now)
    logs.note("sessions_ended", person=person_id, by=request.caller.signature)
    return {"person_id": person_id, "ended_at": iso(now)}
