"""A signed statement of standing (JWS, RFC 7515): what the exchange says of a merchant, to be carried to anyone.

Ed25519 (EdDSA, RFC 8037). Its keys are published as a JWK set (RFC 7517) under their thumbprints (RFC 7638), so that a
statement can be checked without asking the exchange. A statement says how the merchant stood when it was made; whether
that is still so, only the exchange can say.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.merchant_record.rules.standing import Standing
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TYPE: Final = "standing+jwt"
ALGORITHM: Final = "EdDSA"
GOOD_FOR: Final = timedelta(hours=24)
# How far clocks may be apart.
LEEWAY: Final = timedelta(seconds=60)
LONGEST: Final = 16_384


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a statement is genuine: `problem` is a code of messages.py, '' where it is genuine and in time."""

    problem: str
    claims: Json


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says of a merchant: how it stands, by which sources, and how it proved who it is."""

    uscc: str
    name: str
    standing: Standing
    sources: Sequence[SourceState]
    as_of: str
    receipt_id: str
    verified_at: str


class Keyring:
    """The exchange's signing keys: the first signs, all verify. A key is 32 bytes, written as 64 hex digits."""

    def __init__(self, seeds: Sequence[str]) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        keys = [Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)) for seed in seeds]
        self._keys: dict[str, Ed25519PrivateKey] = {_thumbprint(_x(key)): key for key in keys}

    def jwks(self) -> Json:
        """The public halves, as a JWK set."""
        return {
            "keys": [
                {"kty": "OKP", "crv": "Ed25519", "x": _x(key), "kid": kid, "use": "sig", "alg": ALGORITHM}
                for kid, key in self._keys.items()
            ]
        }

    def sign(self, claims: Json) -> str:
        """The claims as a compact JWS, by the first key."""
        import jwt

        kid, key = next(iter(self._keys.items()))
        return jwt.encode(dict(claims), key, algorithm=ALGORITHM, headers={"kid": kid, "typ": TYPE})

    def check(self, text: str, now: datetime) -> Checked:
        """Whether the statement is genuine and in time, and what it says ({} where it is not genuine)."""
        import jwt

        if len(text) > LONGEST:
            return Checked("statement_malformed", {})
        try:
            header = jwt.get_unverified_header(text)
        except (jwt.InvalidTokenError, ValueError):
            return Checked("statement_malformed", {})
        if header.get("alg") != ALGORITHM or header.get("typ") != TYPE:
            return Checked("statement_malformed", {})
        key = self._keys.get(str(header.get("kid", "")))
        if key is None:
            return Checked("statement_unknown_key", {})
        try:
            # Times are checked below, against the caller's clock.
            claims = jwt.decode(
                text,
                key.public_key(),
                algorithms=[ALGORITHM],
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "require": ["exp", "uscc"]},
            )
        except jwt.InvalidTokenError:
            return Checked("statement_bad_signature", {})
        if now > datetime.fromtimestamp(claims["exp"], now.tzinfo) + LEEWAY:
            return Checked("statement_expired", claims)
        return Checked("", claims)


def claims(issuer: str, statement_id: str, statement: Statement, now: datetime) -> Json:
    """The registered claims (RFC 7519) with what is said of the merchant."""
    made = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": f"uscc:{statement.uscc}",
        "jti": statement_id,
        "iat": made,
        "exp": made + int(GOOD_FOR.total_seconds()),
        "uscc": statement.uscc,
        "name": statement.name,
        "standing": statement.standing.as_json(),
        "sources": [source.view() for source in statement.sources],
        "as_of": statement.as_of,
        "licence": {"receipt_id": statement.receipt_id, "verified_at": statement.verified_at},
    }


def _x(key: "Ed25519PrivateKey") -> str:
    return _base64(key.public_key().public_bytes_raw())


def _thumbprint(x: str) -> str:
    """RFC 7638: the SHA-256 of the required members in order, without spaces."""
    plain = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"))
    return _base64(hashlib.sha256(plain.encode()).digest())


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
