"""An item past half of the bound of its kind is told of when it is written, without a further call."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.storage import item_growth
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.storage.item_kind import EXCHANGE, KEYS, SUBJECTS, ItemKind
from chalicelib.storage.item_kinds import ITEM_KINDS
from tests.storage.test_item_kinds import key_of

TABLES = {"subjects-x": SUBJECTS, "keys-x": KEYS, "exchange-x": EXCHANGE}


def a_client() -> Any:
    """A client of a session of its own: the default one belongs to moto."""
    session = boto3.session.Session("x", "x", region_name="cn-north-1")
    return session.client("dynamodb")


class Store:
    """A client whose writes are answered with the units that a test gives."""

    def __init__(self) -> None:
        self.client = a_client()
        self.now = 0.0
        item_growth.watch(self.client, TABLES, lambda: self.now)
        self.stub = Stubber(self.client)
        self.stub.activate()
        self.table = ExchangeTable(self.client, "exchange-x")

    def add(self, item_id: str, units: float, table: str = "exchange-x") -> None:
        """Add a member to a set of the item, which then takes so many units."""
        answer = {
            "ConsumedCapacity": {"CapacityUnits": units, "TableName": table},
            "Attributes": to_item({"id": item_id}),
        }
        self.stub.add_response("update_item", answer)
        ExchangeTable(self.client, table).add_to_set(item_id, "members", {"x"})


@pytest.fixture(scope="module")
def made() -> Store:
    return Store()


@pytest.fixture
def store(made: Store) -> Iterator[Store]:
    yield made
    made.now += 1_000_000
    made.stub.assert_no_pending_responses()


def told(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, float]]:
    """Kind, metric and value of each metric that was published."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]
    return [
        (line.get("Kind", ""), metric["Name"], line[metric["Name"]][0])
        for line in lines
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    ]


@pytest.mark.parametrize("kind", ITEM_KINDS, ids=lambda kind: kind.template)
def test_the_share_of_a_bound_is_that_of_the_items_own_kind(kind: ItemKind) -> None:
    half = kind.most_bytes // 2 // 1024
    bound, share = item_growth.share_of_bound(kind.table, key_of(kind), half + 2) or pytest.fail("no bound")
    assert (bound.kind, bound.most_bytes, bound.goes_on) == (kind.name, kind.most_bytes, kind.goes_on)
    assert share > item_growth.SHARE
    _, less = item_growth.share_of_bound(kind.table, key_of(kind), max(half, 1)) or pytest.fail("no bound")
    assert less <= item_growth.SHARE


def test_past_half_of_its_bound_an_item_is_told_of_by_kind_and_once_for_the_alarm(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    [platforms] = [kind for kind in ITEM_KINDS if kind.template == "platforms"]
    half = platforms.most_bytes // 2 // 1024
    store.add("platforms", half)
    assert told(capsys) == [], "half and no more"
    store.add("platforms", half + 2)
    assert [(kind, name) for kind, name, _ in told(capsys)] == [
        ("platforms", "ItemShareOfBound"),
        ("", "AnyItemShareOfBound"),
    ]
    store.add("platforms", half + 3)
    assert told(capsys) == [], "not with every write"
    store.now += item_growth.TOLD_AGAIN_SECONDS
    store.add("platforms", half + 4)
    assert told(capsys)[1][2] == pytest.approx((half + 3) * 1024 / platforms.most_bytes)


def test_a_chain_that_goes_on_in_a_further_item_rings_no_alarm(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add("apart#uscc:91330106MA2GT00116", 80)
    assert [name for _, name, _ in told(capsys)] == ["ItemShareOfBound"]


@pytest.mark.parametrize(
    ("item_id", "units", "table"),
    [("platforms", 1, "exchange-x"), ("no#such#kind", 300, "exchange-x"), ("platforms", 300, "another-table")],
)
def test_small_items_and_those_of_no_kind_are_passed_over(
    store: Store, capsys: pytest.CaptureFixture[str], item_id: str, units: int, table: str
) -> None:
    store.add(item_id, units, table)
    assert told(capsys) == []


def test_a_write_is_done_though_it_cannot_be_measured(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    def no_clock() -> float:
        raise OSError

    client = a_client()
    item_growth.watch(client, TABLES, no_clock)
    with Stubber(client) as stub:
        stub.add_response("put_item", {"ConsumedCapacity": {"CapacityUnits": 40.0}})
        ExchangeTable(client, "exchange-x").put({"id": "platforms", "members": {"x"}})
    assert told(capsys) == []
    assert store


def test_each_write_asks_what_it_took_and_makes_no_call_more(store: Store) -> None:
    calls: list[tuple[str, str]] = []
    # Not before the call, of which the stub alone hears, for it answers.
    store.client.meta.events.register(
        "before-parameter-build.dynamodb",
        lambda model, params, **_: calls.append((model.name, params["ReturnConsumedCapacity"])),
    )
    store.stub.add_response("put_item", {"ConsumedCapacity": {"CapacityUnits": 1.0}})
    store.table.put({"id": "platforms", "members": {"x"}})
    store.add("platforms", 40)
    assert calls == [("PutItem", "TOTAL"), ("UpdateItem", "TOTAL")]
