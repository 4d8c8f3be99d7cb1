"""The description of the API says what the API does."""

from openapi_spec_validator import validate

import app
from tests.handlers.test_routing import PUBLIC
from tests.world import World


def test_it_is_valid_and_its_paths_are_the_routes(world: World) -> None:
    status, described, headers = world.call("GET", "/openapi.json")
    assert (status, described["openapi"]) == (200, "3.1.0")
    assert headers["Content-Type"].startswith("application/json")
    validate(described)
    paths = {f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods}
    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert paths == routes


def test_public_operations_are_the_ones_without_a_role(world: World) -> None:
    described = world.call("GET", "/openapi.json")[1]
    public = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if {"key": []} not in operation["security"]
    }
    assert public == PUBLIC


def test_a_body_that_the_description_allows_is_taken(world: World) -> None:
    schemas = world.call("GET", "/openapi.json")[1]["components"]["schemas"]
    assert schemas["Lookup"]["additionalProperties"] is False
    assert set(schemas["Lookup"]["required"]) == {"purpose"}
