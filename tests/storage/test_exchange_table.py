"""Sets in items of the exchange table: up to a cap, each member once, gone when empty."""

import pytest

from chalicelib import wiring
from tests.world import World

pytestmark = pytest.mark.invented_items


def test_a_set_takes_members_up_to_its_cap_and_those_it_has_again(world: World) -> None:
    exchange = wiring.exchange()
    assert [exchange.add_capped("k", "on:beta", entry, 2) for entry in ("a", "b", "c", "a")] == [
        True,
        True,
        False,
        True,
    ]
    assert (exchange.get("k") or {})["on:beta"] == ["a", "b"]
    assert exchange.add_capped("k", "on:gamma", "c", 2), "each field has a cap of its own"
    assert world


def test_a_set_that_loses_its_last_member_is_gone(world: World) -> None:
    exchange = wiring.exchange()
    exchange.take_from_set("k", "on:beta", {"a"})
    assert exchange.get("k") is None, "nothing is made by taking"
    exchange.add_capped("k", "on:beta", "a", 2)
    exchange.take_from_set("k", "on:beta", {"a", "never"})
    assert exchange.get("k") == {"id": "k"}
    assert world


def test_a_field_is_forgotten_only_while_it_has_that_value(world: World) -> None:
    exchange = wiring.exchange()
    exchange.put({"id": "k", "in:S1": {"at": "1", "m": {"id": "S1"}}})
    assert not exchange.forget_field("k", "in:S1", {"at": "0"})
    assert exchange.forget_field("k", "in:S1", {"at": "1", "m": {"id": "S1"}})
    assert not exchange.forget_field("k", "in:S1", {"at": "1", "m": {"id": "S1"}})
    assert exchange.get("k") == {"id": "k"}
    assert world
