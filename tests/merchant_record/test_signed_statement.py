"""A signed statement can be checked by anyone who has the published keys, and by nothing that was changed."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.merchant_record.rules import signed_statement
from chalicelib.merchant_record.rules.signed_statement import Keyring, Statement, claims
from chalicelib.merchant_record.rules.standing import summary

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
OLD, NEW = "0123456789abcdef" * 4, "fedcba9876543210" * 4
RING = Keyring([OLD])
SAID = Statement(
    uscc="91110105MA0000017N",
    name="苏州霁昱商贸有限公司",
    standing=summary([], "operating", "current", []),
    sources=(),
    as_of="2026-03-01T08:00:00.000Z",
    receipt_id="r_1",
    verified_at="2026-03-01T07:59:00.000Z",
)


def signed(ring: Keyring = RING, at: datetime = NOW) -> str:
    return ring.sign(claims("https://exchange.example", "s_1", SAID, at))


def header(text: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(text.split(".", maxsplit=1)[0] + "==")))


def test_anyone_with_the_published_keys_can_check_it_offline() -> None:
    text = signed()
    keys = jwt.PyJWKSet.from_dict(RING.jwks())
    key = keys[jwt.get_unverified_header(text)["kid"]]
    claimed = jwt.decode(text, key, algorithms=["EdDSA"], options={"verify_exp": False})
    assert claimed["uscc"] == "91110105MA0000017N"
    assert claimed["exp"] - claimed["iat"] == 24 * 3600
    assert header(text) == {"alg": "EdDSA", "kid": RING.jwks()["keys"][0]["kid"], "typ": "standing+jwt"}
    assert set(RING.jwks()["keys"][0]) == {"kty", "crv", "x", "kid", "use", "alg"}, "no private part is published"


def test_the_thumbprint_is_that_of_rfc_7638_by_the_example_of_rfc_8037() -> None:
    # RFC 8037, appendix A.1 to A.3.
    seed = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").hex()
    (key,) = Keyring([seed]).jwks()["keys"]
    assert key["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert key["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_it_is_good_for_a_day_and_a_minute_of_clocks() -> None:
    for after, problem in (
        (timedelta(0), ""),
        (timedelta(hours=24, seconds=60), ""),
        (timedelta(hours=24, seconds=61), "statement_expired"),
    ):
        checked = RING.check(signed(), NOW + after)
        assert (checked.problem, checked.claims["jti"]) == (problem, "s_1")


def test_after_a_rotation_both_keys_verify_and_the_new_one_signs() -> None:
    before, both, after = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    assert both.check(signed(before), NOW).problem == ""
    assert before.check(signed(both), NOW).problem == "statement_unknown_key"
    assert after.check(signed(both), NOW).problem == ""
    assert after.check(signed(before), NOW).problem == "statement_unknown_key"


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=63))
def test_no_changed_character_passes(place: int, by: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = signed()
    head, body, seal = text.split(".")
    where = place % (len(head) + 1 + len(body))
    if text[where] == ".":
        where += 1
    other = alphabet[(alphabet.index(text[where]) + by) % 64]
    changed = text[:where] + other + text[where + 1 :]
    checked = RING.check(changed, NOW)
    assert checked.problem
    assert checked.claims == {}
    assert seal == changed.split(".")[2]


def unsigned(alg: str) -> str:
    parts = (
        {"alg": alg, "typ": signed_statement.TYPE, "kid": RING.jwks()["keys"][0]["kid"]},
        {"uscc": "x", "exp": 9e9},
    )
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join((*texts, ""))


def by_the_public_key_as_a_secret() -> str:
    """The old trick: HMAC with what is published."""
    key = base64.urlsafe_b64decode(RING.jwks()["keys"][0]["x"] + "=")
    head = {"kid": RING.jwks()["keys"][0]["kid"], "typ": signed_statement.TYPE}
    return jwt.encode({"uscc": "x", "exp": 9_000_000_000}, key, algorithm="HS256", headers=head)


@pytest.mark.parametrize(
    "text",
    [
        "", "a.b.c", "....", "\x00", "x" * 20_000, unsigned("none"), unsigned("EdDSA"), by_the_public_key_as_a_secret(),
    ],
)  # fmt: skip
def test_whatever_is_no_statement_of_ours_says_nothing(text: str) -> None:
    checked = RING.check(text, NOW)
    assert checked.problem in ("statement_malformed", "statement_bad_signature")
    assert checked.claims == {}


def test_a_licence_check_or_another_token_is_no_statement() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(OLD))
    kid = RING.jwks()["keys"][0]["kid"]
    other = jwt.encode({"uscc": "x", "exp": 9e9}, key, algorithm="EdDSA", headers={"kid": kid, "typ": "JWT"})
    assert RING.check(other, NOW).problem == "statement_malformed"
    bare = jwt.encode({"sub": "x"}, key, algorithm="EdDSA", headers={"kid": kid, "typ": signed_statement.TYPE})
    assert RING.check(bare, NOW).problem == "statement_bad_signature"
