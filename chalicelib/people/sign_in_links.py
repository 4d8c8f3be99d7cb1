"""Links by which a person signs in once, within fifteen minutes: on a developer's machine, where no provider is."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.secret_tokens import digest_of
from chalicelib.errors import Unauthorised
from chalicelib.messages import ErrorCode
from chalicelib.people import people
from chalicelib.people.people import Person
from chalicelib.storage.item_keys.people import person_keys
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

LASTS: Final = person_keys.SIGN_IN_LINK_KEPT
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink(Record):
    """A link as it is stored: who signs in by it, and when it was used ('' not yet)."""

    id: str = stored("")
    person_id: str = stored()
    made_at: str = stored()
    used_at: str = stored("", always=True)
    expires_at: int = stored()


def make_link(exchange: "ExchangeTable", person_id: str, now: datetime) -> str:
    """The secret of a new link for the person."""
    secret = secrets.token_urlsafe(32)
    link = SignInLink(
        id=person_keys.sign_in_link(digest_of(secret)),
        person_id=person_id,
        made_at=iso(now),
        expires_at=int((now + LASTS).timestamp()),
    )
    exchange.put(link.to_item())
    return secret


def use_link(exchange: "ExchangeTable", secret: str, now: datetime) -> Person:
    """The person who signs in by a link, which is used up; `Unauthorised` for one that is unknown, used or too old."""
    item_id = person_keys.sign_in_link(digest_of(secret)) if SECRET.fullmatch(secret) else ""
    item = exchange.get(item_id) if item_id else None
    link = SignInLink.from_item(item) if item else None
    if link is None or link.expires_at <= now.timestamp():
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    # The condition lets one of two uses at the same moment through.
    if not exchange.set_fields(item_id, {"used_at": iso(now)}, only_if={"used_at": ""}):
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    person = people.find(exchange, link.person_id)
    if person is None or not person.is_active:
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    return person
