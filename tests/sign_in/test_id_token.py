"""ID tokens: which are taken, and each way in which one must not be."""

import json
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.sign_in.rules.id_token import Expected, SignedIn, TokenRefused, key_id, verify
from tests.sign_in.fake_provider import KEY, OTHER_KEY, jwk

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
EXPECTED = Expected("https://id.example", "lianfang", "n-1")
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example", "aud": "lianfang", "sub": "u-1", "nonce": "n-1", "iat": AT - 5, "exp": AT + 300,
}  # fmt: skip
KEYS = [jwk(KEY, "k1"), jwk(OTHER_KEY, "k2")]
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(changes: dict[str, Any] | None = None, key: Any = KEY, algorithm: str = "ES256", **header: str) -> str:
    claims = {name: value for name, value in {**CLAIMS, **(changes or {})}.items() if value is not None}
    return jwt.encode(claims, key, algorithm, {"kid": "k1", **header})


def rsa_jwk() -> dict[str, Any]:
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "k1"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["lianfang"]},
        {"aud": ["lianfang", "other"], "azp": "lianfang"},
        {"exp": AT - 59},
        {"iat": AT + 59},
    ],
)
def test_a_token_that_is_as_it_must_be_is_taken(changes: dict[str, Any]) -> None:
    assert verify(signed(changes), KEYS, EXPECTED, NOW) == SignedIn("u-1")


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_other_public_key_algorithms_are_taken(algorithm: str) -> None:
    assert verify(signed({}, RSA, algorithm), [rsa_jwk()], EXPECTED, NOW).subject == "u-1"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://id.example.evil"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "other"}, "for another client"),
        ({"aud": None}, "for another client"),
        ({"aud": ["lianfang", "other"]}, "for another client"),
        ({"aud": ["lianfang", "other"], "azp": "other"}, "for another client"),
        ({"azp": "other"}, "for another client"),
        ({"nonce": "n-2"}, "for another sign-in"),
        ({"nonce": None}, "for another sign-in"),
        ({"exp": AT - 60}, "over"),
        ({"exp": None}, "over"),
        ({"exp": str(AT + 300)}, "over"),
        ({"iat": AT - 601}, "made at another time"),
        ({"iat": AT + 601}, "made at another time"),
        ({"iat": None}, "made at another time"),
        ({"sub": None}, "without a subject"),
        ({"sub": ""}, "without a subject"),
        ({"sub": "u" * 256}, "without a subject"),
    ],
)
def test_a_token_that_says_anything_else_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(TokenRefused, match=why):
        verify(signed(changes), KEYS, EXPECTED, NOW)


def test_a_sign_in_without_a_nonce_takes_no_token() -> None:
    with pytest.raises(TokenRefused):
        verify(signed({"nonce": ""}), KEYS, Expected("https://id.example", "lianfang", ""), NOW)


@pytest.mark.parametrize(
    "token",
    [
        # Signed by nobody, by an HMAC whose key is the public key, by a key of the provider that it does not name.
        lambda: jwt.encode(CLAIMS, None, "none", {"kid": "k1"}),
        lambda: jwt.encode(CLAIMS, "0" * 64, "HS256", {"kid": "k1"}),
        lambda: signed({}, OTHER_KEY),
        lambda: signed({}, KEY, kid="k2"),
        lambda: signed({}, KEY, kid="k3"),
        lambda: signed({}, RSA, "RS256"),
        lambda: signed()[:-4] + "AAAA",
        lambda: ".".join([signed().split(".")[0], signed({"sub": "u-2"}).split(".")[1], signed().split(".")[2]]),
        lambda: "x",
        lambda: "",
        lambda: "a" * 20_000,
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(token: Any) -> None:
    with pytest.raises(TokenRefused):
        verify(token(), KEYS, EXPECTED, NOW)


def test_a_key_that_is_not_for_signing_or_of_another_kind_is_none() -> None:
    for key in (
        {**jwk(KEY, "k1"), "use": "enc"},
        {**rsa_jwk()},
        {"kid": "k1", "kty": "oct", "k": "AAAA"},
        {"kid": "k1"},
    ):
        with pytest.raises(TokenRefused):
            verify(signed(), [key], EXPECTED, NOW)


def test_a_token_without_a_key_id_is_taken_where_there_is_one_key() -> None:
    token = jwt.encode(CLAIMS, KEY, "ES256")
    assert key_id(token) == ""
    assert verify(token, KEYS[:1], EXPECTED, NOW).subject == "u-1"
    with pytest.raises(TokenRefused):
        verify(token, KEYS, EXPECTED, NOW)


@pytest.mark.parametrize(
    ("email", "verified", "kept"),
    [
        ("Wang@Example.com", True, "wang@example.com"),
        ("wang@example.com", "true", "wang@example.com"),
        ("wang@example.com", False, ""),
        ("wang@example.com", None, ""),
        ("wang@example.com", "yes", ""),
        (["wang@example.com"], True, ""),
        (None, True, ""),
    ],
)
def test_an_address_counts_where_the_provider_has_verified_it(email: object, verified: object, kept: str) -> None:
    token = signed({"email": email, "email_verified": verified})
    assert verify(token, KEYS, EXPECTED, NOW).email == kept


def test_claims_that_are_no_object_are_refused() -> None:
    token = jwt.api_jws.encode(json.dumps(["u-1"]).encode(), KEY, "ES256", {"kid": "k1"})
    with pytest.raises(TokenRefused):
        verify(token, KEYS, EXPECTED, NOW)
