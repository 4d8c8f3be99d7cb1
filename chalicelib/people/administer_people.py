"""Administering people: by an administrator of their own organisation, by operators, and by regulators' keys."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role, organisation_of
from chalicelib.errors import Conflict, Forbidden, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.people import people, sessions
from chalicelib.people.duties import Duty
from chalicelib.people.people import NewPerson, Person
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def may_administer(caller: Caller, organisation: str, role: Role) -> bool:
    """Whether the caller may administer the people of an organisation.

    Operators may everywhere, so that an organisation gets its first administrator; regulators' keys everywhere but with
    operators; a person in its own organisation, where the page asks for the duty `administer`. A platform's key may
    not: it lies in programs, and whoever takes it must not make itself a person.
    """
    if caller.role == Role.OPERATOR:
        return True
    if caller.person_id:
        return caller.platform_id == organisation
    return caller.role == Role.REGULATOR and role != Role.OPERATOR


def add(exchange: "ExchangeTable", digest: Digest, caller: Caller, new: NewPerson, now: datetime) -> Person:
    """Add a person; `Forbidden` for an organisation that the caller may not administer. See `people.add`."""
    _check(caller, new.organisation, platforms.get(exchange, new.organisation).role)
    return people.add(exchange, digest, new, caller.signature, now)


def list_people(exchange: "ExchangeTable", caller: Caller, organisation: str) -> list[Person]:
    """The people of an organisation; `Forbidden` where the caller may not administer it."""
    _check(caller, organisation, platforms.get(exchange, organisation).role)
    return people.list_people(exchange, organisation)


def find(exchange: "ExchangeTable", caller: Caller, person_id: str) -> Person:
    """The person, for a caller that may administer it; `NotFound` for any other, who learns nothing of it."""
    person = people.find(exchange, person_id)
    if person is None or not may_administer(caller, person.organisation, person.role):
        raise NotFound(ErrorCode.NOT_FOUND, person_id=person_id)
    return person


def change_duties(
    exchange: "ExchangeTable", caller: Caller, person_id: str, duties: Iterable[Duty]
) -> tuple[Person, Person]:
    """The person before and after its duties were changed; `Conflict` for one's own, which another person changes."""
    person = find(exchange, caller, person_id)
    if person.person_id == caller.person_id:
        raise Conflict(ErrorCode.OWN_ACCESS)
    if not person.is_active:
        raise Conflict(ErrorCode.PERSON_REVOKED)
    return person, people.change_duties(exchange, person, duties)


def revoke(exchange: "ExchangeTable", caller: Caller, person_id: str, now: datetime) -> Person:
    """Take a person's access away at once and for good; `Conflict` for one's own."""
    person = find(exchange, caller, person_id)
    if person.person_id == caller.person_id:
        raise Conflict(ErrorCode.OWN_ACCESS)
    return people.revoke(exchange, person, now)


def end_sessions(exchange: "ExchangeTable", caller: Caller, person_id: str, now: datetime) -> Person:
    """End every session of a person, one's own as well."""
    person = find(exchange, caller, person_id)
    sessions.end_sessions_of(exchange, person, now)
    return person


def view(person: Person) -> Json:
    """The person as the API shows it; empty fields are left out."""
    fields: Json = {
        "person_id": person.person_id,
        "name": person.name,
        "organisation": person.organisation,
        "role": str(person.role),
        "duties": [str(duty) for duty in Duty if duty in person.duties],
        "state": person.state,
        "email": person.email,
        "created_at": person.created_at,
        "created_by": organisation_of(person.created_by),
        "last_seen_at": person.last_seen_at,
        "revoked_at": person.revoked_at,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _check(caller: Caller, organisation: str, role: Role) -> None:
    if not may_administer(caller, organisation, role):
        raise Forbidden(ErrorCode.NOT_YOUR_PEOPLE, organisation=organisation)
