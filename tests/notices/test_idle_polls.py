"""A reader that has read everything asks for little: an idle poll of a feed costs at most five read units."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.world import World

MOST_UNITS = 5


@contextmanager
def counted_keys(world: World) -> Iterator[list[str]]:
    """The ids of the items that are read meanwhile; each absent or small one costs one read unit at most."""
    ids: list[str] = []

    def count(params: dict[str, Any], **_: Any) -> None:
        for asked in params.get("RequestItems", {}).values():
            ids.extend(str(key) for key in asked["Keys"])
        if "Key" in params:
            ids.append(str(params["Key"]))

    events = world.dynamodb.meta.events
    for operation in ("GetItem", "BatchGetItem", "Query"):
        events.register(f"provide-client-params.dynamodb.{operation}", count, unique_id=f"count-{operation}")
    try:
        yield ids
    finally:
        for operation in ("GetItem", "BatchGetItem", "Query"):
            events.unregister(f"provide-client-params.dynamodb.{operation}", unique_id=f"count-{operation}")


@pytest.mark.parametrize("path", ["/v1/notices", "/v1/changes", "/v1/tasks"])
def test_an_idle_poll_costs_at_most_five_read_units(world: World, path: str) -> None:
    key = world.admit("beta")
    world.call("GET", path, key)  # this container knows the key now
    with counted_keys(world) as ids:
        status, *_ = world.call("GET", path, key)
    assert status == 200
    assert len(ids) <= MOST_UNITS, ids
