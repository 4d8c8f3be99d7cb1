"""How a merchant proves who it is and opens a session: a licence check of our own, and a session bound to it.

The caller that starts a check gets a claim, a secret that is in no QR code; only with it does the verified check become
a session. So a picture of the code is worth nothing, nor is a check that a platform started. Of claims and sessions
only digests are kept.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import secret_tokens
from chalicelib.accounts.secret_tokens import digest_of
from chalicelib.errors import Conflict, TooMany, Unauthorised
from chalicelib.licences import decide_licence_check, licence_checks
from chalicelib.licences.rules import licence_check
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

PURPOSE: Final = "my_record"
# The name under which our own checks are made; ids of platforms have no capital letter.
CHECKED_FOR: Final = "MY-RECORD"
LASTS: Final = account_keys.SESSION_KEPT
# So many checks may be started from one address within a window.
WINDOW_SECONDS: Final = 600
MOST_STARTS: Final = 20
TOKEN: Final = re.compile(r"rs_([0-9a-f]{32})_([0-9a-f]{64})")
CLAIM: Final = re.compile(r"k_([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """The secret, as a digest, with which a caller claims its check; `shown` is what its page shows to scan."""

    digest: str = stored()
    shown: Mapping[str, str] = stored(factory=dict, always=True)
    expires_at: int = stored()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession(Record):
    """A session as it is stored: the merchant and its holder, and until when (ISO, UTC)."""

    digest: str = stored()
    uscc: str = stored()
    name: str = stored("", always=True)
    holder_role: str = stored("", always=True)
    receipt_id: str = stored("", always=True)
    verified_at: str = stored("", always=True)
    ends_at: str = stored()
    expires_at: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A merchant that has proved who it is; `secret` signs its forms."""

    uscc: str
    name: str
    holder_role: str
    receipt_id: str
    verified_at: str
    ends_at: str
    session_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Claimed:
    check_id: str
    secret: str
    challenge: Mapping[str, str]


def start(context: decide_licence_check.Context, uscc: str, origin: str, answer_base: str, now: datetime) -> Json:
    """Open a licence check for the caller's own record; the challenge, with the `claim` of the caller.

    `origin` is a digest of where the request came from; raises `TooMany`, `BadRequest`, `Unavailable`.
    """
    window = int(now.timestamp()) // WINDOW_SECONDS
    count = context.exchange.count(account_keys.check_starts(origin, window), (window + 2) * WINDOW_SECONDS)
    if count > MOST_STARTS:
        raise TooMany(ErrorCode.TOO_MANY_REQUESTS, most=MOST_STARTS, seconds=WINDOW_SECONDS)
    request = licence_checks.CheckRequest(uscc, PURPOSE)
    made = licence_checks.start(context, request, CHECKED_FOR, answer_base, now)
    secret = secrets.token_urlsafe(32)
    claim = Claim(
        digest=digest_of(secret),
        shown={"qr_text": made["qr_text"], "deep_link": made["deep_link"]},
        expires_at=int((now + LASTS).timestamp()),
    )
    context.exchange.put({"id": account_keys.claim(made["check_id"]), **claim.to_item()})
    return {**made, "claim": f"{made['check_id']}.{secret}"}


def claimed_check(context: decide_licence_check.Context, claim: str, now: datetime) -> Json:
    """The claimed check with its state (pending, verified, failed, expired, unknown), and what there is to scan."""
    claimed = _claimed(context.exchange, claim, now)
    check = licence_checks.find(context.exchange, claimed.check_id)
    return {**licence_checks.refresh(context, check, now), **claimed.challenge}


def open_session(exchange: "ExchangeTable", claim: str, now: datetime) -> tuple[str, Session]:
    """The token of the session that a verified check opens, and the session; each call with a claim gives the same.

    Raises `Conflict` while the check has proved nothing, or when it did so too long ago or for a licence that is no
    longer; `Unauthorised` for a wrong claim and after the session was ended.
    """
    claimed = _claimed(exchange, claim, now)
    holder = licence_checks.find_holder(exchange, claimed.check_id, PURPOSE, now)
    if holder is None:
        raise Conflict(ErrorCode.RECORD_NOT_PROVED, check_id=claimed.check_id)
    # From the claim, so that a caller that did not receive the first answer gets the same session and not a second.
    secret = hashlib.sha256(f"session|{claimed.secret}".encode()).hexdigest()
    session_id = claimed.check_id.removeprefix("k_")
    session = StoredSession(
        digest=digest_of(secret),
        uscc=holder.uscc,
        name=holder.name,
        holder_role=holder.holder_role,
        receipt_id=holder.receipt_id,
        verified_at=holder.verified_at,
        ends_at=iso(now + LASTS),
        expires_at=int((now + LASTS).timestamp()),
    )
    taken = exchange.put_new({"id": account_keys.session(session_id), **session.to_item()})
    before = StoredSession.from_item(taken) if taken else session
    return f"rs_{session_id}_{secret}", _session(before, session_id, secret, now)


def identify(exchange: "ExchangeTable", token: str, now: datetime) -> Session:
    """The session of a token; `Unauthorised` for one that is unknown, over, or ended."""
    parts = TOKEN.fullmatch(token)
    item = exchange.get(account_keys.session(parts[1])) if parts else None
    session = StoredSession.from_item(item) if item else None
    if parts is None or session is None or not hmac.compare_digest(session.digest, digest_of(parts[2])):
        raise Unauthorised(ErrorCode.NO_SESSION)
    return _session(session, parts[1], parts[2], now)


def end(exchange: "ExchangeTable", session: Session, now: datetime) -> None:
    """End the session; its token and its claim open nothing any more."""
    exchange.set_fields(account_keys.session(session.session_id), {"ends_at": iso(now)})


def form_key(session: Session) -> str:
    """What a form of this session carries, so that no other page can post in its name."""
    return secret_tokens.form_key(session.secret)


def is_waiting(state: str) -> bool:
    """Whether a check may still be answered."""
    return state in (licence_check.PENDING, licence_check.UNKNOWN)


def _claimed(exchange: "ExchangeTable", claim: str, now: datetime) -> _Claimed:
    parts = CLAIM.fullmatch(claim)
    item = exchange.get(account_keys.claim(f"k_{parts[1]}")) if parts else None
    stored_claim = Claim.from_item(item) if item else None
    if parts is None or stored_claim is None or stored_claim.expires_at <= now.timestamp():
        raise Unauthorised(ErrorCode.NO_SESSION)
    if not hmac.compare_digest(stored_claim.digest, digest_of(parts[2])):
        raise Unauthorised(ErrorCode.NO_SESSION)
    return _Claimed(f"k_{parts[1]}", parts[2], stored_claim.shown)


def _session(session: StoredSession, session_id: str, secret: str, now: datetime) -> Session:
    if session.ends_at <= iso(now):
        raise Unauthorised(ErrorCode.SESSION_OVER)
    return Session(
        uscc=session.uscc,
        name=session.name,
        holder_role=session.holder_role,
        receipt_id=session.receipt_id,
        verified_at=session.verified_at,
        ends_at=session.ends_at,
        session_id=session_id,
        secret=secret,
    )
