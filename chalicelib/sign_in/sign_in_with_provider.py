"""Signing in with an identity provider: code flow with PKCE, bound to the browser that began it, once.

The browser keeps a random secret in a cookie for ten minutes. State, nonce and the verifier of PKCE are derived from
it, so that none of them is stored, and what another browser began is worth nothing in this one (RFC 9700, 4.7).
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.accounts.secret_tokens import digest_of, is_equal
from chalicelib.errors import Unauthorised
from chalicelib.messages import ErrorCode
from chalicelib.people import sign_in_subjects
from chalicelib.people.people import Person
from chalicelib.sign_in.rules import id_token
from chalicelib.sign_in.rules.id_token import Expected, TokenRefused
from chalicelib.storage.item_keys.people import person_keys
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.records import Json, Record, stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.storage.exchange_table import ExchangeTable

LASTS: Final = person_keys.SIGN_IN_ATTEMPT_KEPT
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
SCOPE: Final = "openid email"
# No code of a provider is longer.
LONGEST_CODE: Final = 4_096


class Provider(Protocol):
    """An identity provider."""

    issuer: str
    client_id: str

    def authorization_url(self, parameters: "Mapping[str, str]") -> str:
        """Where a browser signs in."""

    def keys(self, wanted: str) -> "Sequence[Json]":
        """The provider's public keys."""

    def id_token(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The ID token for a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Record):
    """A sign-in that was begun: the page that it goes on to, and when its answer came ('' not yet)."""

    id: str = stored("")
    wanted: str = stored("", always=True)
    answered_at: str = stored("", always=True)
    expires_at: int = stored()


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: the browser's secret, and state, code and issuer ('' where it is not said) of the provider."""

    secret: str
    state: str
    code: str
    issuer: str = ""


def begin(
    exchange: "ExchangeTable", provider: Provider, redirect_uri: str, wanted: str, now: datetime
) -> tuple[str, str]:
    """The address at which the browser signs in, and the secret that it keeps meanwhile."""
    secret = secrets.token_urlsafe(32)
    attempt = Attempt(
        id=person_keys.sign_in_attempt(digest_of(secret)), wanted=wanted, expires_at=int((now + LASTS).timestamp())
    )
    challenge = base64.urlsafe_b64encode(hashlib.sha256(_derived(secret, "verifier").encode()).digest())
    address = provider.authorization_url(
        {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": _derived(secret, "state"),
            "nonce": _derived(secret, "nonce"),
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
    )
    exchange.put(attempt.to_item())
    return address, secret


def complete(
    exchange: "ExchangeTable", digest: Digest, provider: Provider, redirect_uri: str, answer: Answer, now: datetime
) -> tuple[Person, str]:
    """The person who signed in, and the page to go on to.

    Raises `Unauthorised` for an answer to another browser's attempt, a second time, too late, or with a token that does
    not hold, and for an account that is nobody's here; `Unavailable` where the provider does not answer.
    """
    attempt = _taken(exchange, provider, answer, now)
    token = provider.id_token(answer.code, _derived(answer.secret, "verifier"), redirect_uri)
    expected = Expected(provider.issuer, provider.client_id, _derived(answer.secret, "nonce"))
    try:
        signed_in = id_token.verify(token, provider.keys(id_token.key_id(token)), expected, now)
    except TokenRefused as error:
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED) from error
    subject = digest("sign-in", f"{provider.issuer}|{signed_in.subject}")
    email = digest("email", signed_in.email) if signed_in.email else ""
    person = sign_in_subjects.find_person(exchange, subject, email)
    if person is None:
        raise Unauthorised(ErrorCode.NOBODY_HERE)
    return person, attempt.wanted


def _taken(exchange: "ExchangeTable", provider: Provider, answer: Answer, now: datetime) -> Attempt:
    """The attempt that is answered, which no further answer can take. Raises `Unauthorised`."""
    is_whole = SECRET.fullmatch(answer.secret) and 0 < len(answer.code) <= LONGEST_CODE
    is_other_issuer = answer.issuer not in ("", provider.issuer)
    if not is_whole or is_other_issuer or not is_equal(answer.state, _derived(answer.secret, "state")):
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    item_id = person_keys.sign_in_attempt(digest_of(answer.secret))
    item = exchange.get(item_id)
    attempt = Attempt.from_item(item) if item else None
    if attempt is None or attempt.expires_at <= now.timestamp():
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    if not exchange.set_fields(item_id, {"answered_at": now.isoformat()}, only_if={"answered_at": ""}):
        raise Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    return attempt


def _derived(secret: str, purpose: str) -> str:
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
