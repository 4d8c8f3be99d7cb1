"""The provider as it answers, and each way in which it does not: every call fails within its time, with a code."""

import time
from collections.abc import Iterator

import pytest

from chalicelib.errors import Unauthorised, Unavailable
from chalicelib.sign_in.adapters.identity_provider import Client, IdentityProvider
from tests.sign_in.fake_provider import CLIENT_ID, CLIENT_SECRET, KEY, OTHER_KEY, FakeProvider, jwk
from tests.support.slow_server import SlowServer

DISCOVERY, KEYS, TOKEN = "/.well-known/openid-configuration", "/keys", "/token"


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def provider_of(fake: FakeProvider, clock: Clock | None = None, secret: str = CLIENT_SECRET) -> IdentityProvider:
    client = Client(fake.origin, CLIENT_ID, lambda: secret)
    return IdentityProvider(client, let_loopback=True, sleep=lambda _: None, clock=clock or Clock())


def code_of(fake: FakeProvider, provider: IdentityProvider) -> str:
    challenge = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    asked = {"response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256", "nonce": "n"}
    address = provider.authorization_url({**asked, "redirect_uri": "https://a.example/console/signed-in", "state": "s"})
    return fake.sign_in(address)["code"]


def test_a_code_becomes_a_token_once_and_the_client_proves_itself(fake: FakeProvider) -> None:
    provider = provider_of(fake)
    code = code_of(fake, provider)
    assert provider.id_token(code, "", "https://a.example/console/signed-in").count(".") == 2
    # client_id and secret percent-encoded before they are joined (RFC 6749, 2.3.1)
    assert fake.authorizations == ["Basic bGlhbmZhbmc6czNjcmV0JTJGd2l0aCUzQWNvbG9u"]
    with pytest.raises(Unauthorised):
        provider.id_token(code, "", "https://a.example/console/signed-in")


def test_a_provider_that_takes_the_secret_in_the_form_alone_gets_it_there(fake: FakeProvider) -> None:
    fake.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    provider = provider_of(fake)
    assert provider.id_token(code_of(fake, provider), "", "https://a.example/console/signed-in")
    assert fake.authorizations == [""]


def test_what_a_provider_says_of_itself_is_asked_for_once_an_hour(fake: FakeProvider) -> None:
    clock = Clock()
    provider = provider_of(fake, clock)
    for _ in range(3):
        provider.authorization_url({})
        provider.keys("k1")
    assert fake.asked == [DISCOVERY, KEYS]
    clock.now += 3_601
    provider.keys("k1")
    assert fake.asked == [DISCOVERY, KEYS, DISCOVERY, KEYS]


def test_a_key_that_is_not_there_is_asked_for_at_most_once_a_minute(fake: FakeProvider) -> None:
    clock = Clock()
    provider = provider_of(fake, clock)
    for _ in range(5):
        assert [key["kid"] for key in provider.keys("k2")] == ["k1"]
    assert fake.asked.count(KEYS) == 1
    fake.keys = [jwk(KEY, "k1"), jwk(OTHER_KEY, "k2")]
    clock.now += 61
    assert [key["kid"] for key in provider.keys("k2")] == ["k1", "k2"]
    assert fake.asked.count(KEYS) == 2


@pytest.mark.parametrize("path", [DISCOVERY, KEYS, TOKEN])
@pytest.mark.parametrize(
    "answer",
    [(500, b""), (503, b"{}"), (404, b"{}"), (302, b""), (200, b"<html>"), (200, b"[]"), (200, b"{" + b" " * 300_000)],
)
def test_an_answer_that_is_none_is_unavailable(fake: FakeProvider, path: str, answer: tuple[int, bytes]) -> None:
    provider = provider_of(fake)
    code = code_of(fake, provider) if path == TOKEN else ""
    fake.instead[path] = answer
    with pytest.raises(Unavailable):
        provider.id_token(code, "", "https://a.example/console/signed-in") if path == TOKEN else provider.keys("k1")
    assert fake.asked.count(path) == (2 if answer[0] >= 500 else 1)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
def test_a_description_that_leads_elsewhere_is_refused(fake: FakeProvider, said: dict[str, object]) -> None:
    fake.discovery = said
    with pytest.raises(Unavailable):
        provider_of(fake).authorization_url({})


@pytest.mark.parametrize("keys", [[], "x", [{}] * 51])
def test_a_list_of_keys_that_is_none_or_endless_is_refused(fake: FakeProvider, keys: object) -> None:
    fake.keys = keys  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        provider_of(fake).keys("k1")


def test_an_issuer_that_leads_inside_is_never_asked() -> None:
    for issuer in ("http://id.example", "https://10.0.0.1", "https://localhost", "ftp://id.example"):
        client = Client(issuer, CLIENT_ID, lambda: "")
        provider = IdentityProvider(client, sleep=lambda _: None, resolved=lambda host, _: ["127.0.0.1"])
        with pytest.raises(Unavailable):
            provider.authorization_url({})


def test_nobody_listens_there(fake: FakeProvider) -> None:
    client = Client("http://127.0.0.1:9", CLIENT_ID, lambda: "")
    with pytest.raises(Unavailable):
        IdentityProvider(client, let_loopback=True, sleep=lambda _: None).authorization_url({})


@pytest.mark.parametrize("stage", ["headers", "body"])
def test_a_provider_that_sends_a_byte_at_a_time_is_cut_off(stage: str) -> None:
    with SlowServer(stage) as slow:  # type: ignore[arg-type]
        client = Client(slow.origin, CLIENT_ID, lambda: "")
        provider = IdentityProvider(client, let_loopback=True, sleep=lambda _: None, most_seconds=0.3)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            provider.authorization_url({})
        assert time.monotonic() - began < 5
