"""Items of the exchange table: sets up to a cap, counters, fields on a condition; and an outage is raised."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.storage.dynamodb_values import from_item
from chalicelib.storage.exchange_table import ExchangeTable
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


@pytest.mark.dynalite_differs("it finds no two maps equal; DynamoDB compares lists and maps")
def test_a_field_is_forgotten_only_while_it_has_that_value(world: World) -> None:
    exchange = wiring.exchange()
    exchange.put({"id": "k", "in:S1": {"at": "1", "m": {"id": "S1"}}})
    assert not exchange.forget_field("k", "in:S1", {"at": "0"})
    assert exchange.forget_field("k", "in:S1", {"at": "1", "m": {"id": "S1"}})
    assert not exchange.forget_field("k", "in:S1", {"at": "1", "m": {"id": "S1"}})
    assert exchange.get("k") == {"id": "k"}
    assert world


def test_counters_are_raised_each_by_its_own_and_forgotten_when_it_is_said(world: World) -> None:
    exchange = wiring.exchange()
    assert exchange.add("k", {"lookups": 2, "matches": 1})["lookups"] == 2
    assert exchange.add("k", {"lookups": 1, "matches": 0}, expires_at=77)["lookups"] == 3
    assert exchange.get("k") == {"id": "k", "lookups": 3, "matches": 1, "expires_at": 77}
    assert [exchange.count("c", 99) for _ in range(3)] == [1, 2, 3]
    assert exchange.get("c") == {"id": "c", "n": 3, "expires_at": 99}
    assert [exchange.increment("i", "n") for _ in range(2)] == [1, 2]
    assert world


def test_what_was_counted_under_a_mark_counts_once_and_up_to_a_number_of_marks(world: World) -> None:
    exchange = wiring.exchange()
    for _ in range(2):
        item = exchange.count_once("k", {"upheld": 1}, "d_1", expires_at=5, most=1)
    assert item == {"id": "k", "upheld": 1, "marks": ["d_1"], "expires_at": 5}
    assert exchange.count_once("k", {"upheld": 1}, "d_2", most=1) == item, "it has not this mark"
    assert exchange.count_once("k", {"upheld": 1}, "d_2")["upheld"] == 2
    assert world


def test_fields_are_set_taken_off_and_added_once(world: World) -> None:
    exchange = wiring.exchange()
    assert not exchange.set_fields("k", {"a": 1}), "nothing is made by setting"
    assert exchange.put_new({"id": "k", "a": 1, "b": 2}) is None
    assert exchange.put_new({"id": "k", "a": 9}) == {"id": "k", "a": 1, "b": 2}
    assert not exchange.set_fields("k", {"a": 3}, only_if={"b": 1})
    assert exchange.set_fields("k", {"a": 3}, only_if={"b": 2})
    exchange.upsert("k", {"c": 4}, remove=["b"])
    assert exchange.get("k") == {"id": "k", "a": 3, "c": 4}
    assert (exchange.add_field("k", "d", "x"), exchange.add_field("k", "d", "y")) == (True, False)
    exchange.remove_field("k", "c")
    exchange.remove_field("k", "c")
    assert exchange.get("k") == {"id": "k", "a": 3, "d": "x"}
    exchange.add_where_there_is("none", "s", {"a"})
    assert exchange.get_many(["k", "none"]).keys() == {"k"}
    assert world


@pytest.mark.parametrize(
    "write",
    [
        lambda exchange: exchange.put_new({"id": "k"}),
        lambda exchange: exchange.set_fields("k", {"a": 1}),
        lambda exchange: exchange.add_capped("k", "s", "a", 2),
        lambda exchange: exchange.forget_field("k", "a", 1),
        lambda exchange: exchange.count_once("k", {"a": 1}, "m"),
        lambda exchange: exchange.add("k", {"a": 1}),
    ],
)
def test_an_outage_is_no_condition_that_did_not_hold(write: Callable[[ExchangeTable], Any]) -> None:
    class Throttled:
        """A client of DynamoDB that is unavailable."""

        def __getattr__(self, name: str) -> Any:
            def refuse(**_: Any) -> Any:
                raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": ""}}, name)

            return refuse

    with pytest.raises(ClientError):
        write(ExchangeTable(Throttled(), "exchange"))


def test_numbers_come_back_as_they_were_stored() -> None:
    stored = {"a": {"N": "7"}, "b": {"N": "1.5"}, "c": {"N": "1E+2"}, "d": {"L": [{"N": "3"}]}, "e": {"NULL": True}}
    assert from_item(stored) == {"a": 7, "b": 1.5, "c": 100.0, "d": [3], "e": None}
