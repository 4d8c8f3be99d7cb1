"""Which person an account of an identity provider is: bound to it at the first sign-in, by a verified address."""

from typing import TYPE_CHECKING

from chalicelib.people import people
from chalicelib.people.people import Person
from chalicelib.storage.item_keys.people import person_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def find_person(exchange: "ExchangeTable", subject: str, email: str) -> Person | None:
    """The active person that an account is; `subject` and `email` are keyed digests, '' for an unverified address.

    An account that is nobody's yet becomes the person that was invited by its address, unless that one has an account
    already: a second account with the same address is another's.
    """
    bound = exchange.get(person_keys.sign_in_subject(subject))
    person = people.find(exchange, bound["person_id"]) if bound else None
    if person and person.is_active and person.subject_digest == subject:
        return person
    # Nobody's yet, or a revoked person's, who may have been invited anew.
    return _bind(exchange, subject, email) if email else None


def _bind(exchange: "ExchangeTable", subject: str, email: str) -> Person | None:
    invited = exchange.get(person_keys.invited_email(email))
    person = people.find(exchange, invited["person_id"]) if invited else None
    if person is None or not person.is_active or person.email_digest != email:
        return None
    # The person first: a sign-in that dies between the two writes is finished by the next one.
    exchange.add_field(person_keys.person(person.person_id), "subject_digest", subject)
    person = people.find(exchange, person.person_id)
    if person is None or person.subject_digest != subject:
        return None
    exchange.put({"id": person_keys.sign_in_subject(subject), "person_id": person.person_id})
    return person
