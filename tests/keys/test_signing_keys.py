"""The keys of statements rotate: the current one signs, all that the secret holds are published and verify."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.key_document import KeyDocument
from chalicelib.merchant_record.adapters.signing_keys import SigningKeys

NOW = datetime(2026, 11, 27, tzinfo=UTC)
SEEDS = {"k1": "a" * 64, "k2": "b" * 64}
AWAY = ClientError({"Error": {"Code": "InternalServiceError", "Message": "away"}}, "GetSecretValue")


class Secret:
    """Secrets Manager with one secret; `error` is raised instead of an answer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.error: Exception | None = None

    def get_secret_value(self, **asked: str) -> dict[str, Any]:
        if self.error:
            raise self.error
        if asked["VersionStage"] == "AWSPREVIOUS":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "GetSecretValue")
        return {"SecretString": self.text}


def document(current: str, following: str = "") -> str:
    return KeyDocument(current, SEEDS, following, NOW.isoformat()).text()


def kids(keys: SigningKeys, minutes: int) -> list[str]:
    """The published keys, the one that signs first."""
    return [key["kid"] for key in keys.ring(NOW + timedelta(minutes=minutes)).jwks()["keys"]]


def test_a_key_is_published_before_it_signs_and_verifies_after_it_has_signed() -> None:
    secret = Secret(SEEDS["k1"])
    keys = SigningKeys(secret, "s")
    (first,) = kids(keys, 0)
    secret.text = document("k1", "k2")
    assert kids(keys, 5)[0] == first, "the next key signs nothing yet"
    (_, second) = kids(keys, 5)
    signed = keys.ring(NOW + timedelta(minutes=5)).sign({"iat": 1})
    secret.text = document("k2")
    assert kids(keys, 10) == [second, first]
    assert keys.ring(NOW + timedelta(minutes=10)).check(signed, NOW).problem != "statement_unknown_key"
    secret.text = KeyDocument("k2", {"k2": SEEDS["k2"]}, "", NOW.isoformat()).text()
    assert kids(keys, 15) == [second]
    assert keys.ring(NOW + timedelta(minutes=15)).check(signed, NOW).problem == "statement_unknown_key"


@pytest.mark.parametrize("wrong", ["away", "{}", "no hexadecimal digits"])
def test_while_the_secret_cannot_be_read_the_keys_of_before_go_on(wrong: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(SEEDS["k1"])
    keys = SigningKeys(secret, "s")
    before = kids(keys, 0)
    secret.text, secret.error = wrong, AWAY if wrong == "away" else None
    with caplog.at_level(logging.ERROR):
        assert kids(keys, 5) == before
    assert [record.message for record in caplog.records] == ["secret_not_read"]
    assert SEEDS["k1"] not in caplog.text


def test_without_any_keys_the_failure_is_raised() -> None:
    secret = Secret("{}")
    with pytest.raises(ValueError, match="no document"):
        SigningKeys(secret, "s").ring(NOW)
