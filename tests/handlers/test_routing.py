"""Who may enter which door: missing, unknown, revoked and wrong-role keys on every route, and the two public ones."""

import pytest

import app
from chalicelib import wiring
from chalicelib.accounts import api_keys
from chalicelib.handlers import routing
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
PUBLIC |= RECORD | BY_LICENCE
ROLES = {f"{entry.method} {entry.path}": entry.roles for entry in routing.DECLARED}
GUARDED = sorted(set(ROLES) - PUBLIC)


def place(door: str) -> tuple[str, str]:
    """Method and a path with something in each place."""
    method, path = door.split(" ")
    return method, "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def knock(world: World, door: str, key: str) -> tuple[int, str]:
    method, path = place(door)
    content = "text/csv" if path.endswith("/files") else "application/json"
    status, body, headers = world.call(method, path, key, b"{}", Content_Type=content, X_File_Name="a.csv")
    assert headers["X-Request-Id"]
    return status, body["error"]["code"] if status >= 400 and isinstance(body, dict) else ""


def test_every_route_is_a_door_and_only_the_named_ones_are_public() -> None:
    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert routes == set(ROLES)
    assert {door for door, roles in ROLES.items() if not roles} == PUBLIC


@pytest.mark.parametrize("door", GUARDED)
def test_without_a_good_key_nobody_enters(world: World, door: str) -> None:
    assert knock(world, door, "") == (401, "missing_key")
    assert knock(world, door, "lf_000000000000_" + "0" * 48) == (401, "unknown_key")
    assert knock(world, door, "nonsense") == (401, "unknown_key")
    role = ROLES[door][0]
    key = world.admit("alpha", role)
    wrong_secret = key[:-1] + ("0" if key[-1] != "0" else "1")
    assert knock(world, door, wrong_secret) == (401, "unknown_key")
    api_keys.revoke_key(wiring.exchange(), "alpha", key.split("_")[1], wiring.now())
    assert knock(world, door, key) == (401, "revoked_key")


@pytest.mark.parametrize("door", GUARDED)
def test_only_the_roles_of_a_door_enter(world: World, door: str) -> None:
    for role in ("platform", "regulator", "operator"):
        status, code = knock(world, door, world.admit(f"some-{role}", role))
        if role in ROLES[door]:
            assert status not in (401, 403), (role, code)
        else:
            assert (status, code) == (403, "wrong_role"), role


@pytest.mark.parametrize("door", sorted(BY_LICENCE))
def test_only_the_session_of_a_licence_opens_a_record(world: World, door: str) -> None:
    for key in ("", world.admit("alpha"), world.admit("bureau", "regulator"), "rs_" + "0" * 32 + "_" + "0" * 64):
        assert knock(world, door, key) == (401, "no_session")


@pytest.mark.parametrize("door", sorted(PUBLIC - BY_LICENCE))
def test_the_public_doors_need_no_key(world: World, door: str) -> None:
    assert knock(world, door, "")[0] not in (401, 403)
