"""The store of the tests refuses what DynamoDB refuses: more than 400 KB after a write, by updates too."""

from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.errors import NotSaved
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.item_kind import MOST_ITEM_BYTES
from local.aws.item_size import item_bytes
from tests.world import World

pytestmark = pytest.mark.invented_items
CODES = [f"9111010{number:011d}" for number in range(23_000)]


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ({"id": "abc"}, 5),
        ({"id": "联防"}, 8),
        ({"n": 7}, 3),
        ({"yes": True}, 4),
        ({"n": 12}, 1 + 2),
        ({"n": 120}, 1 + 3),
        ({"n": 1200}, 1 + 2),
        ({"n": -Decimal("0.05")}, 1 + 3),
        ({"n": 0}, 1 + 1),
        ({"s": {"ab", "cd"}}, 1 + 4),
        ({"s": {12, 3}}, 1 + 2 + 2),
        ({"m": {"a": "b"}}, 1 + 3 + 1 + 2),
        ({"l": ["a", ["b"]]}, 1 + 3 + 2 + 1 + 3 + 1 + 1),
    ],
)
def test_an_item_is_measured_as_dynamodb_does(attributes: dict[str, object], size: int) -> None:
    assert item_bytes(to_item(attributes)) == size


def refused(call: object, *arguments: object) -> str:
    assert callable(call)
    with pytest.raises(NotSaved) as error:
        call(*arguments)
    assert error.value.finding == "item_too_large"
    cause = error.value.__cause__
    assert isinstance(cause, ClientError)
    assert cause.response["Error"]["Code"] == "ValidationException"
    return str(cause.response["Error"]["Message"])


def test_an_update_that_makes_a_set_too_large_is_refused_and_changes_nothing(world: World) -> None:
    exchange = wiring.exchange()
    fits = (MOST_ITEM_BYTES - 30) // 18
    exchange.add_to_set("full", "usccs", set(CODES[: fits - 5]))
    said = refused(exchange.add_to_set, "full", "usccs", set(CODES[fits - 5 : fits + 20]))
    assert said == "Item size to update has exceeded the maximum allowed size"
    assert exchange.get("full") == {"id": "full", "usccs": CODES[: fits - 5]}
    exchange.add_to_set("full", "usccs", {CODES[fits - 5]})
    exchange.take_from_set("full", "usccs", set(CODES[:100]))
    exchange.add_to_set("full", "usccs", set(CODES[fits : fits + 20]))
    assert world


def test_one_update_of_more_than_400_kb_leaves_a_small_item_or_none(world: World) -> None:
    exchange = wiring.exchange()
    exchange.put({"id": "small", "n": 1})
    for item_id in ("small", "none"):
        refused(exchange.upsert, item_id, {"text": "x" * (MOST_ITEM_BYTES + 1)})
    assert exchange.get("small") == {"id": "small", "n": 1}
    assert exchange.get("none") is None
    assert world


def test_fields_that_are_set_one_after_the_other_are_refused_together(world: World) -> None:
    exchange = wiring.exchange()
    for field in "abc":
        exchange.upsert("fields", {field: "x" * 130_000})
    refused(exchange.upsert, "fields", {"d": "x" * 20_000})
    assert set(exchange.get("fields") or {}) == {"id", "a", "b", "c"}
    assert world
