"""Who may enter which door: missing, unknown, revoked and wrong-role keys on every route, and the two public ones."""

import pytest

import app
from chalicelib import wiring
from chalicelib.handlers import (
    about,
    feeds,
    licences,
    listings,
    lookups,
    notices,
    platforms,
    reports,
    subscriptions,
    tasks,
)
from chalicelib.services import admitting
from tests.world import World

PUBLIC = {"GET /health", "GET /openapi.json"}
ROLES = {
    door: roles
    for module in (about, platforms, reports, lookups, listings, tasks, notices, subscriptions, licences, feeds)
    for door, roles in module.doors.roles.items()
}
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
    return status, body["error"]["code"] if status >= 400 else ""


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
    admitting.revoke_key(wiring.exchange(), "alpha", key.split("_")[1], wiring.now())
    assert knock(world, door, key) == (401, "revoked_key")


@pytest.mark.parametrize("door", GUARDED)
def test_only_the_roles_of_a_door_enter(world: World, door: str) -> None:
    for role in ("platform", "regulator", "operator"):
        status, code = knock(world, door, world.admit(f"some-{role}", role))
        if role in ROLES[door]:
            assert status not in (401, 403), (role, code)
        else:
            assert (status, code) == (403, "wrong_role"), role


@pytest.mark.parametrize("door", sorted(PUBLIC))
def test_the_public_doors_need_no_key(world: World, door: str) -> None:
    assert knock(world, door, "")[0] == 200
