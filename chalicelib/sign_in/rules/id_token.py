"""The ID token of an identity provider: who signed in, where everything about it is as it must be.

Source: OpenID Connect Core 1.0, 3.1.3.7 (validation of the ID token); RFC 8725 (JWT best practices).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.values.records import Json

# Public-key signatures alone: with `none` or an HMAC anybody who knows the client could sign.
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
# How far the clocks of two hosts may differ.
LEEWAY_SECONDS: Final = 60
# A token is made while its reader waits; an older one is somebody's copy.
MOST_AGE_SECONDS: Final = 600
LONGEST_TOKEN: Final = 16_384
LONGEST_SUBJECT: Final = 255


class TokenRefused(Exception):
    """An ID token that does not prove who signed in; the message says why, without a value of it."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: the provider's name of the account, and its e-mail address where the provider has verified it."""

    subject: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: by whom, for whom, for which sign-in."""

    issuer: str
    client_id: str
    nonce: str


def key_id(token: str) -> str:
    """The id of the key that a token says it is signed with; `TokenRefused` for another algorithm than those above."""
    import jwt

    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("too long")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise TokenRefused("no token") from error
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused("the algorithm is none of those that are taken")
    return str(header.get("kid", ""))


def verify(token: str, keys: Sequence[Json], expected: Expected, now: datetime) -> SignedIn:
    """Who signed in, by a token that one of the provider's keys (JWK, RFC 7517) has signed. Raises `TokenRefused`."""
    claims = _claims(token, _key(token, keys))
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    # Of a token for several clients `azp` says for which it was made; without it that is its only client.
    made_for = claims.get("azp", audiences[0] if len(audiences) == 1 else "")
    moment = now.timestamp()
    problems = {
        "another issuer": claims.get("iss") != expected.issuer,
        "for another client": expected.client_id not in audiences or made_for != expected.client_id,
        "for another sign-in": not expected.nonce or claims.get("nonce") != expected.nonce,
        "over": not _is_number(claims.get("exp")) or claims["exp"] + LEEWAY_SECONDS <= moment,
        "made at another time": not _is_number(claims.get("iat")) or abs(moment - claims["iat"]) > MOST_AGE_SECONDS,
        "without a subject": not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT,
    }
    for problem, is_so in problems.items():
        if is_so:
            raise TokenRefused(problem)
    return SignedIn(claims["sub"], _verified_email(claims))


def _key(token: str, keys: Sequence[Json]) -> Json:
    wanted = key_id(token)
    fitting = [key for key in keys if key.get("use", "sig") == "sig" and (not wanted or key.get("kid") == wanted)]
    # A token without a key's id is taken where the provider has one key alone.
    if len(fitting) != 1:
        raise TokenRefused("signed with a key that the provider does not have")
    return fitting[0]


def _claims(token: str, key: Json) -> Json:
    import jwt

    try:
        algorithm = str(jwt.get_unverified_header(token)["alg"])
        signer = jwt.PyJWK(key, algorithm=algorithm)
        # What time it is, and what is expected, is compared above, so that each has a test.
        claims: Json = jwt.decode(
            token,
            signer,
            algorithms=[algorithm],
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused("the signature does not hold") from error
    return claims


def _verified_email(claims: Json) -> str:
    """The address, where the provider says that it has verified it; Cognito says so as a text."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") in (True, "true")
    return email.strip().lower() if isinstance(email, str) and is_verified and len(email) <= LONGEST_SUBJECT else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
