"""Who may enter which door: every route with every kind of credential."""

from collections.abc import Callable

import pytest

import app
from chalicelib import wiring
from chalicelib.accounts import api_keys
from chalicelib.handlers import routing
from tests.support.described_api import CONSOLE_ROUTES
from tests.world import World

# What the public sees of a licence; everything else needs a key, but for how the exchange is and what it does.
PAGES = (
    "/licences/{display_id}",
    *(f"/licences/{{display_id}}/{entry}" for entry in ("mark.svg", "qr.svg", "data.json")),
)
WALLETS = "POST /v1/licence-checks/{check_id}/response"
PUBLIC = {"GET /health", "HEAD /health", "GET /ready", "GET /openapi.json", WALLETS, *(f"GET {path}" for path in PAGES)}
# What a merchant comes in by: its licence, by way of a check that anyone may start and a session that only it gets.
BY_LICENCE = {
    "GET /v1/my-record",
    "POST /v1/my-record/statement",
    "POST /v1/my-record/disputes",
    "DELETE /v1/my-record/sessions",
}
RECORD = {
    "GET /my-record",
    "POST /my-record/checks",
    "GET /my-record/check",
    "POST /my-record/statement",
    "POST /my-record/disputes",
    "POST /my-record/end",
    "POST /v1/my-record/checks",
    "POST /v1/my-record/sessions",
    "GET /.well-known/jwks.json",
}
# What a person comes in by: a session of the console, which no key opens.
# Of each door what it answers whom it does not let in, whatever key was sent.
CONSOLE = {
    "GET /console/sign-in": (200,),
    "GET /console/enter": (401, 404),
    "POST /console/sign-out": (303, 415),
    "GET /console/sign-in/provider": (404,),
    "GET /console/signed-in": (404,),
}
PUBLIC |= RECORD | BY_LICENCE | CONSOLE.keys()
ROLES = {f"{entry.method} {entry.path}": entry.roles for entry in routing.DECLARED}
GUARDED = sorted(set(ROLES) - PUBLIC)


def place(door: str) -> tuple[str, str]:
    """Method and a path with something in each place."""
    method, path = door.split(" ")
    return method, "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def knock(world: World, door: str, **sent: str) -> tuple[int, str]:
    method, path = place(door)
    content = "text/csv" if path.endswith("/files") else "application/json"
    status, body, headers = world.call(method, path, "", b"{}", Content_Type=content, X_File_Name="a.csv", **sent)
    assert headers["X-Request-Id"]
    return status, body["error"]["code"] if status >= 400 and isinstance(body, dict) else ""


def test_every_route_is_a_door_and_only_the_named_ones_are_public() -> None:
    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    # Pages of the console ask for a person's session, not for a key; tests/handlers/console holds who may open which.
    assert routes == set(ROLES) | CONSOLE_ROUTES
    assert {door for door, roles in ROLES.items() if not roles} == PUBLIC


Header = Callable[[World], str | None]


def bearer(role: str) -> Header:
    """The key of somebody of that role."""
    return lambda world: "Bearer " + world.admit(f"some-{role}", role)


def made_of_a_key(change: Callable[[str, str], str]) -> Header:
    """What is made of the keys of two platforms, neither of which it is."""
    return lambda world: change(world.admit("alpha"), world.admit("beta"))


def revoked(world: World) -> str:
    key = world.admit("alpha")
    api_keys.revoke_key(wiring.exchange(), "alpha", key.split("_")[1], wiring.now())
    return "Bearer " + key


MISSING, UNKNOWN = "missing_key", "unknown_key"
# Each credential: the header that it makes, and the code with which a guarded door refuses it; a role is admitted.
CREDENTIALS: dict[str, tuple[Header, str]] = {
    "none": (lambda _world: None, MISSING),
    "empty": (lambda _world: "", MISSING),
    "no token": (lambda _world: "Bearer ", MISSING),
    "garbage": (lambda _world: "Bearer garbage", UNKNOWN),
    "another scheme": (made_of_a_key(lambda key, _: "Basic " + key), MISSING),
    "key without a scheme": (made_of_a_key(lambda key, _: key), MISSING),
    "nobody's": (lambda _world: "Bearer lf_000000000000_" + "0" * 48, UNKNOWN),
    "wrong secret": (made_of_a_key(lambda key, _: f"Bearer {key[:-1]}{'1' if key[-1] == '0' else '0'}"), UNKNOWN),
    "upper case": (made_of_a_key(lambda key, _: "Bearer " + key.upper()), UNKNOWN),
    "two keys mixed": (made_of_a_key(lambda key, other: "Bearer " + key[:16] + other[16:]), UNKNOWN),
    "id alone": (made_of_a_key(lambda key, _: "Bearer " + key[:15]), UNKNOWN),
    "id and half the secret": (made_of_a_key(lambda key, _: "Bearer " + key[:40]), UNKNOWN),
    "two keys": (made_of_a_key(lambda key, other: f"Bearer {key}, Bearer {other}"), UNKNOWN),
    "no session": (lambda _world: "Bearer rs_" + "0" * 32 + "_" + "0" * 64, UNKNOWN),
    "revoked": (revoked, "revoked_key"),
    "platform": (bearer("platform"), ""),
    "regulator": (bearer("regulator"), ""),
    "operator": (bearer("operator"), ""),
}


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_every_door_admits_whom_it_is_declared_for_and_nobody_else(world: World, credential: str) -> None:
    header, refusal = CREDENTIALS[credential][0](world), CREDENTIALS[credential][1]
    world.dead_queues()
    wrong = {}
    for door, roles in ROLES.items():
        status, code = knock(world, door, **({} if header is None else {"Authorization": header}))
        if door in BY_LICENCE:
            admitted = (status, code) == (401, "no_session")
        elif door in CONSOLE:
            admitted = status in CONSOLE[door]
        elif door in PUBLIC or credential in roles:
            admitted = status not in (401, 403) and status < 500
        else:
            admitted = (status, code) == ((401, refusal) if refusal else (403, "wrong_role"))
        if not admitted:
            wrong[door] = (status, code)
    assert wrong == {}
