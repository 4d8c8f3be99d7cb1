"""Signing in with a provider as a browser goes through it: bound to that browser, once, in time, for one person."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chalicelib import wiring
from chalicelib.handlers.console.provider_sign_in import ATTEMPT
from chalicelib.handlers.console.session_cookie import COOKIE
from chalicelib.people import people, sessions
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person
from tests.sign_in.fake_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider
from tests.world import World

EMAIL = "wang@example.com"


@pytest.fixture
def provider(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProvider]:
    with FakeProvider() as fake:
        monkeypatch.setenv("OIDC_ISSUER", fake.origin)
        monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT_ID)
        world.clients["secretsmanager"].create_secret(Name="lianfang/test/oidc-client", SecretString=CLIENT_SECRET)
        wiring.reset(keep_clients=True)
        wiring.settings()
        yield fake


def begun(world: World, wanted: str = "") -> tuple[Visitor, str]:
    """A browser that was sent to the provider, and where."""
    visitor = Visitor(world)
    status, _ = visitor.get(
        "/console/sign-in/provider" + (f"?next={wanted}" if wanted else ""), Host="lianfang.example"
    )
    assert status == 303
    return visitor, visitor.headers["Location"]


def back(visitor: Visitor, answer: dict[str, str]) -> tuple[int, str]:
    return visitor.get("/console/signed-in?" + urlencode(answer), Host="lianfang.example")


def person_of(visitor: Visitor) -> str:
    session = sessions.read_session(wiring.exchange(), visitor.cookies.get(COOKIE, ""), wiring.now())
    return session.person.person_id if session else ""


def test_an_invited_person_signs_in_and_is_known_by_its_account_from_then_on(
    world: World, provider: FakeProvider
) -> None:
    person = add_person(world, "alpha", Duty.READ, email=EMAIL)
    assert "用单位账号登录" in Visitor(world).get("/console/sign-in")[1]
    visitor, address = begun(world, "console/tasks")
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == ["http://lianfang.example/console/signed-in"]
    assert asked["client_id"] == [CLIENT_ID]
    assert "SameSite=Lax" in visitor.headers["Set-Cookie"]
    assert back(visitor, provider.sign_in(address))[0] == 303
    assert visitor.headers["Location"] == "../console/tasks"
    assert person_of(visitor) == person.person_id
    # The address changes with a marriage or a new domain; the account stays.
    provider.claims |= {"email": "other@example.com"}
    visitor, address = begun(world)
    back(visitor, provider.sign_in(address))
    assert person_of(visitor) == person.person_id
    stored = world.everything_stored()
    for secret in ("wang@", "u-1", visitor.cookies[ATTEMPT], parse_qs(urlsplit(address).query)["nonce"][0]):
        assert secret not in stored


def test_an_answer_is_taken_from_the_browser_that_began_and_once(world: World, provider: FakeProvider) -> None:
    person = add_person(world, "alpha", Duty.READ, email=EMAIL)
    visitor, address = begun(world)
    answer = provider.sign_in(address)
    stranger = Visitor(world)
    other, _ = begun(world)
    for browser in (stranger, other):
        assert back(browser, answer)[0] == 401
        assert person_of(browser) == ""
    for change in ({"state": answer["state"][:-1] + "x"}, {"state": ""}, {"code": ""}, {"iss": "https://evil.example"}):
        assert back(visitor, answer | change)[0] == 401
    assert back(visitor, {"error": "access_denied", "state": answer["state"]})[0] == 401
    assert back(visitor, answer | {"iss": provider.origin})[0] == 303
    assert person_of(visitor) == person.person_id
    again = Visitor(world)
    again.cookies[ATTEMPT] = visitor.cookies[ATTEMPT]
    assert back(again, answer)[0] == 401
    assert back(again, provider.sign_in(address))[0] == 401
    assert person_of(again) == ""


def test_an_answer_that_comes_too_late_is_refused(world: World, provider: FakeProvider) -> None:
    add_person(world, "alpha", Duty.READ, email=EMAIL)
    visitor, address = begun(world)
    items = world.dynamodb.scan(TableName=wiring.settings().exchange_table)["Items"]
    (attempt,) = [item["id"]["S"] for item in items if item["id"]["S"].startswith("sign-in-attempt#")]
    wiring.exchange().set_fields(attempt, {"expires_at": int(wiring.now().timestamp())})
    assert back(visitor, provider.sign_in(address))[0] == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email": "stranger@example.com"},
        {"email": None},
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"exp": 1},
    ],
)
def test_whom_the_token_does_not_prove_does_not_come_in(
    world: World, provider: FakeProvider, claims: dict[str, object]
) -> None:
    add_person(world, "alpha", Duty.READ, email=EMAIL)
    provider.claims |= claims
    visitor, address = begun(world)
    status, page = back(visitor, provider.sign_in(address))
    assert (status, person_of(visitor)) == (401, "")
    assert "重新登录" in page


def test_a_second_account_with_the_same_address_is_somebody_else(world: World, provider: FakeProvider) -> None:
    add_person(world, "alpha", Duty.READ, email=EMAIL)
    visitor, address = begun(world)
    assert back(visitor, provider.sign_in(address))[0] == 303
    provider.claims |= {"sub": "u-2"}
    visitor, address = begun(world)
    status, page = back(visitor, provider.sign_in(address))
    assert (status, "尚未由本单位登记" in page) == (401, True)


def test_a_revoked_person_does_not_come_in_until_it_is_added_anew(world: World, provider: FakeProvider) -> None:
    person = add_person(world, "alpha", Duty.READ, email=EMAIL)
    visitor, address = begun(world)
    assert back(visitor, provider.sign_in(address))[0] == 303
    people.revoke(wiring.exchange(), person, wiring.now())
    visitor, address = begun(world)
    assert back(visitor, provider.sign_in(address))[0] == 401
    again = add_person(world, "beta", Duty.READ, email=EMAIL)
    visitor, address = begun(world)
    assert back(visitor, provider.sign_in(address))[0] == 303
    assert person_of(visitor) == again.person_id


def test_while_the_provider_is_away_the_page_says_so(world: World, provider: FakeProvider) -> None:
    add_person(world, "alpha", Duty.READ, email=EMAIL)
    visitor, address = begun(world)
    answer = provider.sign_in(address)
    provider.instead["/token"] = (503, b"")
    status, page = back(visitor, answer)
    assert (status, "身份提供方暂无应答" in page) == (503, True)


def test_without_a_provider_nobody_is_sent_to_one(world: World) -> None:
    for path in ("/console/sign-in/provider", "/console/signed-in?code=x&state=y"):
        assert Visitor(world).get(path)[0] == 404
