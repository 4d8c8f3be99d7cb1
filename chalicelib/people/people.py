"""People: who may sign in for an organisation, with which duties; added, changed and revoked by an administrator.

An e-mail address is personal: it is stored masked, and as a keyed digest by which a sign-in finds its person
(个人信息保护法 6, 51).
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty, duties_named
from chalicelib.storage.item_keys.people import person_keys
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# The list of an organisation's people is one item.
MOST_PEOPLE: Final = 500
ACTIVE, REVOKED = "active", "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """A person of an organisation.

    `organisation` is the id of an account and `role` that account's. `email` is masked, '' where the person signs in
    by a link alone. `last_seen_at` is the last sign-in; every session that began until `sessions_ended_at` is over.
    `visited_at` is when Today was last opened, `visited_before` the end of the visit before that.
    """

    id: str = stored("")
    person_id: str = stored()
    name: str = stored()
    organisation: str = stored()
    role: Role = stored()
    duty_names: tuple[str, ...] = stored((), name="duties", many="values")
    state: str = stored(ACTIVE, always=True)
    created_at: str = stored()
    created_by: str = stored("")
    revoked_at: str = stored("")
    last_seen_at: str = stored("")
    sessions_ended_at: str = stored("")
    visited_at: str = stored("")
    visited_before: str = stored("")
    email: str = stored("")
    email_digest: str = stored("")
    subject_digest: str = stored("")

    def __post_init__(self) -> None:
        """Turn the stored name of the role into the role."""
        object.__setattr__(self, "role", Role(self.role))

    @property
    def duties(self) -> frozenset[Duty]:
        """What the person may do."""
        return duties_named(self.duty_names)

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.state == ACTIVE

    @property
    def caller(self) -> Caller:
        """The person as the sender of a request; what it asks counts against a quota of its own, as that of a key."""
        return Caller(self.organisation, self.role, self.person_id, self.person_id)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added; `email` is '' where no identity provider is to know it."""

    organisation: str
    name: str
    duties: frozenset[Duty]
    email: str = ""


def add(exchange: "ExchangeTable", digest: Digest, new: NewPerson, by: str, now: datetime) -> Person:
    """Add a person to an organisation; `by` is the actor that does it.

    Raises `NotFound` without such an organisation, `Conflict` where the address is another person's already or the
    organisation has as many people as it may. A call that was interrupted is finished by the same call again.
    """
    account = platforms.get(exchange, new.organisation)
    person_id = f"p_{secrets.token_hex(8)}"
    email = new.email.strip().lower()
    person = Person(
        id=person_keys.person(person_id),
        person_id=person_id,
        name=new.name,
        organisation=new.organisation,
        role=account.role,
        duty_names=tuple(sorted(new.duties)),
        created_at=iso(now),
        created_by=by,
        email=masked_email(email),
        email_digest=digest("email", email) if email else "",
    )
    if email:
        _claim_email(exchange, person)
    if not exchange.add_capped(person_keys.people(new.organisation), "people", person_id, MOST_PEOPLE):
        raise Conflict(ErrorCode.TOO_MANY_PEOPLE, most=MOST_PEOPLE)
    exchange.put(person.to_item())
    return person


def find(exchange: "ExchangeTable", person_id: str) -> Person | None:
    """The person of that id; None when there is none."""
    item = exchange.get(person_keys.person(person_id))
    return Person.from_item(item) if item else None


def list_people(exchange: "ExchangeTable", organisation: str) -> list[Person]:
    """The people of an organisation in the order in which they were added; 1 read unit and half of one for each."""
    item = exchange.get(person_keys.people(organisation)) or {}
    items = exchange.get_many(person_keys.person(person_id) for person_id in item.get("people", ()))
    people = [Person.from_item(item) for item in items.values()]
    return sorted(people, key=lambda person: (person.created_at, person.person_id))


def names_of(exchange: "ExchangeTable", person_ids: Iterable[str]) -> dict[str, str]:
    """The name of each of these people by its id; half a read unit for each."""
    items = exchange.get_many(person_keys.person(person_id) for person_id in person_ids)
    return {item["person_id"]: item["name"] for item in items.values()}


def change_duties(exchange: "ExchangeTable", person: Person, duties: Iterable[Duty]) -> Person:
    """Give the person these duties and no others; its open sessions have them from the next request on."""
    changed = person.replace(duty_names=tuple(sorted(duties)))
    exchange.set_fields(person_keys.person(person.person_id), {"duties": list(changed.duty_names)})
    return changed


def revoke(exchange: "ExchangeTable", person: Person, now: datetime) -> Person:
    """Take the person's access away at once and for good; a second call changes nothing."""
    if not person.is_active:
        return person
    revoked = person.replace(state=REVOKED, revoked_at=iso(now), sessions_ended_at=iso(now))
    exchange.set_fields(person_keys.person(person.person_id), revoked.changes_since(person))
    return revoked


def masked_email(email: str) -> str:
    """An e-mail address of which the first letter and the domain are left, as w***@example.com; '' of ''."""
    mailbox, at, domain = email.rpartition("@")
    return f"{mailbox[:1]}***@{domain}" if at else ""


def _claim_email(exchange: "ExchangeTable", person: Person) -> None:
    """Make the address this person's, unless a person that is stored has it."""
    item_id = person_keys.invited_email(person.email_digest)
    taken = exchange.put_new({"id": item_id, "person_id": person.person_id})
    if taken is None:
        return
    holder = find(exchange, taken["person_id"])
    # A revoked person's address may be invited anew; that of a call which died before it stored the person as well.
    if holder is not None and holder.is_active:
        raise Conflict(ErrorCode.EMAIL_TAKEN, email=person.email)
    if not exchange.set_fields(item_id, {"person_id": person.person_id}, only_if={"person_id": taken["person_id"]}):
        raise Conflict(ErrorCode.EMAIL_TAKEN, email=person.email)
