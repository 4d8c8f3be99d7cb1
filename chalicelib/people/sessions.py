"""Sessions of people at the console: a random cookie, of which only the digest is stored.

A request reads the session and its person in one BatchGetItem, so that a person whose access was revoked, or whose
duties were changed, is met by it at once. A session ends half an hour after its last request and twelve hours after
the sign-in (OWASP ASVS 5.0, 7.3); each sign-in makes a new one, so that a cookie planted before it opens nothing.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.secret_tokens import digest_of, form_key
from chalicelib.errors import Unauthorised
from chalicelib.messages import ErrorCode
from chalicelib.people.people import ACTIVE, Person
from chalicelib.storage.item_keys.people import person_keys
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

IDLE: Final = timedelta(minutes=30)
LASTS: Final = person_keys.PERSON_SESSION_KEPT
# The end of an idle session is moved on at most so often.
SEEN_EVERY: Final = timedelta(minutes=1)
COOKIE: Final = re.compile(r"(p_[0-9a-f]{16})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession(Record):
    """A session as it is stored: whose it is, and when it began, was last used and ends (ISO, UTC)."""

    id: str = stored("")
    person_id: str = stored()
    started_at: str = stored()
    seen_at: str = stored()
    ends_at: str = stored()
    expires_at: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session: its person, that person as a caller, and the key that its forms carry."""

    person: Person
    caller: Caller
    csrf_key: str
    started_at: str
    idle_ends_at: str
    ends_at: str
    session_id: str


def start_session(exchange: "ExchangeTable", person: Person, now: datetime) -> tuple[str, Session]:
    """A new session of a person, and the value of its cookie; `Unauthorised` for one whose access was revoked."""
    if not exchange.set_fields(person_keys.person(person.person_id), {"last_seen_at": iso(now)}, {"state": ACTIVE}):
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    secret = secrets.token_urlsafe(32)
    session = StoredSession(
        id=person_keys.person_session(digest_of(secret)),
        person_id=person.person_id,
        started_at=iso(now),
        seen_at=iso(now),
        ends_at=iso(now + LASTS),
        expires_at=int((now + LASTS).timestamp()),
    )
    exchange.put(session.to_item())
    return f"{person.person_id}.{secret}", _session(session, person, secret)


def read_session(exchange: "ExchangeTable", cookie: str, now: datetime) -> Session | None:
    """The open session of a cookie's value; None for one that is unknown, over, ended, or of a revoked person.

    One BatchGetItem of two items; a write at most once a minute.
    """
    parts = COOKIE.fullmatch(cookie)
    if parts is None:
        return None
    person_id, secret = parts[1], parts[2]
    session_item_id, person_item_id = person_keys.person_session(digest_of(secret)), person_keys.person(person_id)
    items = exchange.get_many([session_item_id, person_item_id])
    if len(items) < 2:
        return None
    session, person = StoredSession.from_item(items[session_item_id]), Person.from_item(items[person_item_id])
    if session.person_id != person_id or not _is_open(session, person, now):
        return None
    if datetime.fromisoformat(session.seen_at) + SEEN_EVERY <= now:
        exchange.set_fields(session_item_id, {"seen_at": iso(now)})
        session = session.replace(seen_at=iso(now))
    return _session(session, person, secret)


def end_session(exchange: "ExchangeTable", session: Session, now: datetime) -> None:
    """End the session; its cookie opens nothing any more."""
    exchange.set_fields(session.session_id, {"ends_at": iso(now)})


def end_sessions_of(exchange: "ExchangeTable", person: Person, now: datetime) -> None:
    """End every session of a person at once."""
    exchange.set_fields(person_keys.person(person.person_id), {"sessions_ended_at": iso(now)})


def _is_open(session: StoredSession, person: Person, now: datetime) -> bool:
    if not person.is_active or session.started_at <= person.sessions_ended_at:
        return False
    return iso(now) < session.ends_at and now < datetime.fromisoformat(session.seen_at) + IDLE


def _session(session: StoredSession, person: Person, secret: str) -> Session:
    return Session(
        person=person,
        caller=person.caller,
        csrf_key=form_key(secret),
        started_at=session.started_at,
        idle_ends_at=min(iso(datetime.fromisoformat(session.seen_at) + IDLE), session.ends_at),
        ends_at=session.ends_at,
        session_id=session.id,
    )
