"""Every answer that a test gets, held against what the API says of itself.

A status, a type, a field or an error code that the declaration of the route does not name fails the test that saw it.
"""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

import app
from chalicelib.handlers.openapi import schemas
from chalicelib.handlers.openapi.operations import operation, shared_responses
from chalicelib.handlers.routing import DECLARED, Route

# The pages of the console share the routes of the gateway.
CONSOLE_ROUTES = {
    f"{method} {path}" for path, methods in app.app.routes.items() for method in methods if "{part_1}" in path
} | {"GET /console", "POST /console", "GET /console/assets/{name}"}
TEXTS = {"summary": {"zh": "", "en": ""}, "description": {"zh": "", "en": ""}}


def hold(method: str, path: str, status: int, content_type: str, body: Any) -> None:
    """Fail for an answer that is not described; `body` is decoded where it is JSON."""
    route = route_of(method, path)
    if route is None and path.startswith("/console"):
        return  # pages of people, which the description of the API leaves out
    if route is None:
        error().validate_python(body)
        return
    place = f"{method} {route.path} {status}"
    answer = answers_of(route).get(str(status))
    assert answer is not None, f"{place} is not described"
    kind = content_type.partition(";")[0]
    if body == "" and "content" not in answer:
        return
    assert kind in answer.get("content", {}), f"{place} is not described as {kind}"
    if kind == "application/json":
        _hold_json(route, status, body)


def hold_success(method: str, path: str, body: Any) -> None:
    """Fail for the body of a successful JSON answer that is not described; where a client hides the status."""
    route = route_of(method, path)
    assert route is not None, f"{method} {path} is no route"
    adapter(route.returns, *(model for model in route.also.values() if ":" in model)).validate_python(body)


def _hold_json(route: Route, status: int, body: Any) -> None:
    model = route.returns if status == route.status else route.also.get(status, "")
    if ":" in model:
        adapter(model).validate_python(body)
        return
    result = error().validate_python(body)
    existing = answers_of(route)[str(status)]["content"]["application/json"]["examples"]
    code = result.error.code
    assert code in existing, f"{route.method} {route.path} does not describe {code} ({status})"


def route_of(method: str, path: str) -> Route | None:
    """The route that serves the path, None where none does."""
    parts = path.partition("?")[0].strip("/").split("/")
    result = [route for route in DECLARED if route.method == method and _fits(route.path.strip("/").split("/"), parts)]
    # A word stands before a placeholder: /v1/platforms/me is no platform.
    return min(result, key=lambda route: route.path.count("{"), default=None)


def _fits(template: list[str], parts: list[str]) -> bool:
    return len(template) == len(parts) and all(
        bool(part) if element.startswith("{") else element == part
        for element, part in zip(template, parts, strict=True)
    )


@cache
def _answers(place: int) -> dict[str, Any]:
    described: dict[str, Any] = operation(DECLARED[place], TEXTS, {})["responses"]
    shared = shared_responses()
    return {
        status: shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        for status, answer in described.items()
    }


def answers_of(route: Route) -> dict[str, Any]:
    """The described answers of a route, by status."""
    return _answers(DECLARED.index(route))


@cache
def adapter(*references: str) -> TypeAdapter[Any]:
    """What holds an answer against the model, or one of several, that these references name."""
    models = [model for reference in references for model in schemas.answers(reference)]
    union: Any = models[0]
    for other in models[1:]:
        union = union | other
    return TypeAdapter(union)


@cache
def error() -> TypeAdapter[Any]:
    """What holds an error against its model."""
    from chalicelib.handlers.responses.shared import Error

    return TypeAdapter(Error)
