"""An exchange with something of every kind in it, served by the gateway of the local stack in this process.

What it holds is the recorded state of `tests/recorded`: participants with their keys, listings, tasks, disputes,
licences, displays. Every answer is held against the description of its route, whatever was sent.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote

import app
from chalicelib import wiring
from chalicelib.handlers.routing import DECLARED, Route
from local.aws.gateway import Gateway
from tests.recorded import state
from tests.support import described_api
from tests.world import World

# How many inputs each test tries in each place; `make fuzz` sets many, and other ones each time.
EXAMPLES = int(os.environ.get("FUZZ", "0"))
IS_WIDE = EXAMPLES > 0
ACTORS = {"": "", "platform": "alpha", "regulator": "bureau", "operator": "ops", "session": "merchant-1"}
ROUTES = {route.operation: route for route in DECLARED}
# Ids are found in answers and paths under other names, too.
_ALSO = {"receipt": "receipt_id", "name": "list_name", "lookup_id": "receipt_id"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answers: status, headers by name in lower case, and body."""

    status: int
    headers: dict[str, str]
    content: bytes


class Exchange:
    """The recorded exchange, and everything that can be asked of it."""

    def __init__(self, world: World) -> None:
        state.load(world, recorded("state"))
        self._world = world
        self._gateway = Gateway(app.app, {})
        self._asked = 0

    def ask(
        self, route: Route, url: str, key: str = "", body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """One request, with `url` as it goes over the wire; fails for an answer that the route does not describe."""
        sent = {**(headers or {}), **({"Authorization": f"Bearer {key}"} if key else {})}
        self._asked += 1
        if self._asked % 300 == 0:
            wiring.reset(keep_clients=True)  # no limit is reached, for the clock stands still
        answer = self._called(route.method, url, body, sent)
        text = answer.content.decode("utf-8-sig" if "csv" in answer.headers["content-type"] else "utf-8")
        kind = answer.headers["content-type"]
        decoded = json.loads(text) if "json" in kind and text else text
        place = f"{route.method} {url[:300]} {body[:300]!r} {sent}: {answer.status} {text[:300]}"
        assert answer.status < 500, place
        if route.method == "HEAD":
            return answer
        try:
            described_api.hold(route.method, route.path, answer.status, kind, decoded)
        except (AssertionError, ValueError) as error:
            raise AssertionError(place) from error
        return answer

    def settle(self) -> None:
        """Deliver all that waits; fails for what a worker cannot take."""
        self._world.settle()

    def unfinished(self) -> list[str]:
        """The reports and rosters that nothing goes on with."""
        pages = self._world.dynamodb.get_paginator("scan").paginate(TableName=os.environ["EXCHANGE_TABLE"])
        items = [item for page in pages for item in page["Items"]]
        kinds = ("report#", "roster#")
        waiting = ("processing",)
        return [
            item["id"]["S"]
            for item in items
            if item["id"]["S"].startswith(kinds) and item.get("status", {}).get("S") in waiting
        ]

    def _called(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        environ = {"REQUEST_METHOD": method, "REQUEST_URI": url, "PATH_INFO": url, "wsgi.input": BytesIO(body)}
        environ |= {"CONTENT_LENGTH": str(len(body))} if body else {}
        for name, value in headers.items():
            upper = name.upper().replace("-", "_")
            environ[upper if upper == "CONTENT_TYPE" else f"HTTP_{upper}"] = value
        got: list[Any] = []
        content = b"".join(self._gateway(environ, lambda status, sent: got.extend((status, sent))))
        return Answer(int(got[0].partition(" ")[0]), {name.lower(): value for name, value in got[1]}, content)


def key_for(route: Route) -> str:
    """A key, or a session, with which the route is entered; '' of a public one."""
    actor = "session" if route.session else str(route.roles[0]) if route.roles else ""
    return str(recorded("answers")["keys"][ACTORS[actor]])


def keys(route: Route) -> tuple[str, ...]:
    """The credentials with which a route is tried: the one that enters it; the wide form tries all."""
    every = (recorded("answers")["keys"][name] for name in ACTORS.values())
    return tuple(dict.fromkeys((key_for(route), *every))) if IS_WIDE else (key_for(route),)


@cache
def recorded(name: str) -> Any:
    """A file of `tests/recorded`."""
    return state.read(name)


@cache
def known_ids() -> dict[str, list[str]]:
    """Ids of things that there are, by the name of the parameter or field that takes them."""
    ids: dict[str, dict[str, None]] = {}
    for step, answer in [*recorded("answers")["reads"], *recorded("answers")["going_on"]]:
        for name, value in _texts(answer):
            ids.setdefault(name, {})[value] = None
        route = described_api.route_of(step["method"], step["path"]) if "method" in step else None
        if route:
            for element, part in zip(route.path.split("/"), step["path"].partition("?")[0].split("/"), strict=True):
                if element.startswith("{"):
                    ids.setdefault(element[1:-1], {})[part] = None
    names = {name for route in DECLARED for name in route.path.split("{")[1:]}
    wanted = {name.partition("}")[0] for name in names} | {"subject_id", "key_id", "notice_ids"}
    return {name: [*ids.get(name, ()), *ids.get(_ALSO.get(name, ""), ())][:40] for name in wanted}


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    parts = (
        value.items()
        if isinstance(value, dict)
        else ((name, part) for part in value)
        if isinstance(value, list)
        else ()
    )
    for inner, part in parts:
        yield from _texts(part, inner)


def path_of(route: Route, values: dict[str, str]) -> str:
    """The route's path with these values in its places, as they are; a place without a value takes a known id."""
    parts = []
    for part in route.path.split("/"):
        name = part[1:-1]
        parts.append((values.get(name) or quote((known_ids()[name] or ["x"])[0])) if part.startswith("{") else part)
    return "/".join(parts)
