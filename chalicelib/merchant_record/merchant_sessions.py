"""How a merchant proves who it is and comes in: a licence check of our own, then a session that is bound to it.

Whoever starts a check gets a claim, a secret that is in no QR code; only with it does the verified check become a
session. So a picture of the code is worth nothing, nor is a check that a platform started. Of claims and sessions only
digests are kept.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import Conflict, TooMany, Unauthorised
from chalicelib.licences import decide_check, licence_checks
from chalicelib.licences.rules import licence_check
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

PURPOSE: Final = "my_record"
# The name under which our own checks are made; ids of platforms have no capital letter.
DOOR: Final = "MY-RECORD"
LASTS: Final = timedelta(minutes=15)
# So many checks may be started from one address within a window.
WINDOW_SECONDS: Final = 600
MOST_STARTS: Final = 20
TOKEN: Final = re.compile(r"rs_([0-9a-f]{32})_([0-9a-f]{64})")
CLAIM: Final = re.compile(r"k_([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Session:
    """A merchant that has proved who it is; `secret` is what its forms are signed with."""

    uscc: str
    name: str
    holder_role: str
    receipt_id: str
    verified_at: str
    ends_at: str
    ident: str
    secret: str


def start(context: decide_check.Context, uscc: str, origin: str, answer_base: str, now: datetime) -> dict[str, Any]:
    """Open a licence check for one's own record; the challenge, with the `claim` of whoever started it.

    `origin` is a digest of where the request came from; raises `TooMany`, `BadRequest`, `Unavailable`.
    """
    window = int(now.timestamp()) // WINDOW_SECONDS
    count = context.exchange.count(f"starts#{origin}#{window}", (window + 2) * WINDOW_SECONDS)
    if count > MOST_STARTS:
        raise TooMany("too_many_requests", most=MOST_STARTS, seconds=WINDOW_SECONDS)
    made = licence_checks.start(context, licence_checks.Asked(uscc, PURPOSE), DOOR, answer_base, now)
    secret = secrets.token_urlsafe(32)
    expires_at = int((now + LASTS).timestamp())
    shown = {"qr_text": made["qr_text"], "deep_link": made["deep_link"]}
    claim = {"id": f"claim#{made['check_id']}", "digest": _digest(secret), "shown": shown, "expires_at": expires_at}
    context.exchange.put(claim)
    return {**made, "claim": f"{made['check_id']}.{secret}"}


def look(context: decide_check.Context, claim: str, now: datetime) -> dict[str, Any]:
    """How the claimed check stands (pending, verified, failed, expired, unknown), and what there is to scan."""
    check_id, _, shown = _claimed(context.exchange, claim, now)
    return {**licence_checks.look(context, licence_checks.find(context.exchange, check_id), now), **shown}


def enter(exchange: "ExchangeTable", claim: str, now: datetime) -> tuple[str, Session]:
    """The token of the session that a verified check opens, the same one however often it is asked for.

    Raises `Conflict` while the check has proved nothing, or when it did so too long ago or for a licence that is no
    longer; `Unauthorised` for a wrong claim and after the session was ended.
    """
    check_id, secret, _ = _claimed(exchange, claim, now)
    proved = licence_checks.verified(exchange, check_id, PURPOSE, now)
    if proved is None:
        raise Conflict("record_not_proved", check_id=check_id)
    # From the claim, so that whoever did not hear the first answer gets the same session and not a second one.
    own = hashlib.sha256(f"session|{secret}".encode()).hexdigest()
    ident = check_id.removeprefix("k_")
    made = {
        "id": f"session#{ident}",
        "digest": _digest(own),
        "uscc": proved.uscc,
        "name": proved.name,
        "holder_role": proved.holder_role,
        "receipt_id": proved.receipt_id,
        "verified_at": proved.verified_at,
        "ends_at": iso(now + LASTS),
        "expires_at": int((now + LASTS).timestamp()),
    }
    known = exchange.put_new(made)
    return f"rs_{ident}_{own}", _session(known or made, ident, own, now)


def identify(exchange: "ExchangeTable", token: str, now: datetime) -> Session:
    """The session of a token; `Unauthorised` for one that is unknown, over, or ended."""
    parts = TOKEN.fullmatch(token)
    known = exchange.get(f"session#{parts[1]}") if parts else None
    if parts is None or known is None or not hmac.compare_digest(known["digest"], _digest(parts[2])):
        raise Unauthorised("no_session")
    return _session(known, parts[1], parts[2], now)


def end(exchange: "ExchangeTable", session: Session, now: datetime) -> None:
    """End the session; its token and its claim open nothing any more."""
    exchange.set_fields(f"session#{session.ident}", {"ends_at": iso(now)})


def form_key(session: Session) -> str:
    """What a form of this session carries, so that no other page can post in its name."""
    return hashlib.sha256(f"form|{session.secret}".encode()).hexdigest()[:32]


def is_form_key(session: Session, given: str) -> bool:
    """Whether a form carries the key of this session."""
    return hmac.compare_digest(form_key(session).encode(), given.encode())


def _claimed(exchange: "ExchangeTable", claim: str, now: datetime) -> tuple[str, str, dict[str, str]]:
    parts = CLAIM.fullmatch(claim)
    known = exchange.get(f"claim#k_{parts[1]}") if parts else None
    if parts is None or known is None or known["expires_at"] <= now.timestamp():
        raise Unauthorised("no_session")
    if not hmac.compare_digest(known["digest"], _digest(parts[2])):
        raise Unauthorised("no_session")
    return f"k_{parts[1]}", parts[2], known["shown"]


def _session(known: Mapping[str, Any], ident: str, secret: str, now: datetime) -> Session:
    if known["ends_at"] <= iso(now):
        raise Unauthorised("session_over")
    return Session(
        known["uscc"],
        known["name"],
        known["holder_role"],
        known["receipt_id"],
        known["verified_at"],
        known["ends_at"],
        ident,
        secret,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_waiting(state: str) -> bool:
    """Whether a check may still be answered."""
    return state in (licence_check.PENDING, licence_check.UNKNOWN)
