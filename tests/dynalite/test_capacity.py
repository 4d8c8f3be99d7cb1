"""The figures of `benchmarks.priced_store` against the capacity that dynalite answers, call by call.

dynalite counts a text by its UTF-16 units, AWS by its bytes in UTF-8 (developer guide, "DynamoDB item sizes and
formats"). Each text travels to it as so many characters of one unit as it has bytes, so that both count the same.
What a refused condition costs is compared with nothing: neither AWS's error nor dynalite's names its capacity.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from benchmarks.priced_store import PricedStore
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups import look_up_applicant
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.storage.dynamodb_values import to_item
from tests.dynalite import server
from tests.dynalite.world import WAIT
from tests.support.builders import AT, listed, uscc

TABLES = {"subjects": "subject_id", "keys": "key", "exchange": "id"}
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
BETA = Caller("beta", Role.PLATFORM, "k")
NAME = "苏州霁昱商贸有限公司"
pytestmark = pytest.mark.skipif(not server.REQUIRED, reason="make dynalite runs it")


def spelt(value: Any, spell: Callable[[str], str]) -> Any:
    """The value with every text and every name in it spelt anew."""
    if isinstance(value, str):
        return spell(value)
    if isinstance(value, dict):
        return {spell(name): spelt(member, spell) for name, member in value.items()}
    return [spelt(member, spell) for member in value] if isinstance(value, list) else value


def byte_by_byte(text: str) -> str:
    return text.encode().decode("latin-1")


def as_text(spelling: str) -> str:
    return spelling.encode("latin-1").decode()


@dataclass(slots=True)
class Call:
    """One call of the store: its units by both, and which of them refused it."""

    operation: str
    priced: float
    answered: float
    refused: tuple[bool, bool]


class BothStores:
    """Does every call on the priced store and on dynalite, and keeps what it cost on both."""

    def __init__(self, client: Any) -> None:
        self._client, self.priced = client, PricedStore(TABLES)
        self.calls: list[Call] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            before = self.priced.reads + self.priced.writes
            answer, refusal = attempt(getattr(self.priced, operation), request)
            units = self.priced.reads + self.priced.writes - before
            sent = {**spelt(request, byte_by_byte), "ReturnConsumedCapacity": "TOTAL"}
            other, other_refusal = attempt(getattr(self._client, operation), sent)
            self.calls.append(Call(operation, units, capacity(other), (refusal is not None, other_refusal is not None)))
            for kind in ("Item", "Responses"):
                assert in_order(answer.get(kind, {})) == in_order(spelt(other.get(kind, {}), as_text))
            if refusal is not None:
                raise refusal
            return answer

        return call


def attempt(call: Callable[..., Any], request: dict[str, Any]) -> tuple[dict[str, Any], ClientError | None]:
    try:
        return call(**request), None
    except ClientError as error:
        return {}, error


def capacity(answer: dict[str, Any]) -> float:
    """The units of a call, of all its tables."""
    consumed = answer.get("ConsumedCapacity", [])
    return float(sum(each["CapacityUnits"] for each in (consumed if isinstance(consumed, list) else [consumed])))


def in_order(answer: Any) -> Any:
    """An answer without the order of its items, which no store promises, and without tables that have none."""
    if isinstance(answer, dict):
        return {name: in_order(member) for name, member in answer.items() if member != []}
    return sorted(answer, key=str) if isinstance(answer, list) else answer


@pytest.fixture
def stores(dynalite_reader: Any) -> Iterator[BothStores]:
    for table, key in TABLES.items():
        dynalite_reader.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        dynalite_reader.get_waiter("table_exists").wait(TableName=table, WaiterConfig=WAIT)
    yield BothStores(dynalite_reader)
    for table in TABLES:
        dynalite_reader.delete_table(TableName=table)


def cost_the_same(calls: list[Call]) -> bool:
    """Whether both stores took and refused the same calls, and those taken cost the same."""
    assert [call for call in calls if call.refused[0] != call.refused[1]] == []
    assert [call for call in calls if not call.refused[0] and call.priced != call.answered] == []
    return bool(calls)


def filed(registry: RegistryTable, before: Subject | None, after: Subject | None) -> None:
    assert after is not None
    update_posting_lists(registry, [(before, after)])


def test_reports_and_lookups_cost_what_dynalite_says(stores: BothStores) -> None:
    registry = RegistryTable(stores, "subjects", "keys", "exchange")
    first = None
    for number in range(12):
        long = "销售假冒注册商标商品，附件说明" * 11 * number
        before = first
        first = registry.save(listed(platform=f"p{number}", reason_text=long[:480]))
        filed(registry, before, first)
        filed(registry, None, registry.save(listed(identity={"uscc": uscc(number + 1), "name": NAME})))
    assert first is not None
    (listing,) = list(first.listings.values())[:1]
    ended = registry.save(Ended(first.subject_id, listing.listing_id, AT, "withdrawn", "p0"))
    filed(registry, first, ended)
    reports = len(stores.calls)
    assert cost_the_same(stores.calls)
    assert max(call.priced for call in stores.calls if call.operation == "put_item") >= 8, "items of several KB"
    context = look_up_applicant.Context(registry, [])
    for asked in ({"uscc": uscc(3), "uscc_as_given": uscc(3)}, {"name": NAME}, {"name": "武汉朔序医疗器械有限公司"}):
        look_up_applicant.look_up(context, BETA, Applicant(**asked), NOW)
    lookups = stores.calls[reports:]
    assert cost_the_same(lookups)
    assert {call.operation for call in lookups} == {"batch_get_item"}


def test_absent_items_and_either_consistency_cost_the_same(stores: BothStores) -> None:
    for size in (10, 4_000, 4_090, 4_200, 9_000):
        stores.put_item(TableName="exchange", Item=to_item({"id": f"k{size}", "text": "联" * (size // 3), "n": size}))
        for consistent in (True, False):
            stores.get_item(TableName="exchange", Key=to_item({"id": f"k{size}"}), ConsistentRead=consistent)
    for consistent in (True, False):
        stores.get_item(TableName="exchange", Key=to_item({"id": "none"}), ConsistentRead=consistent)
        keys = [to_item({"id": key}) for key in ("none", "k10", "k9000")]
        stores.batch_get_item(RequestItems={"exchange": {"Keys": keys, "ConsistentRead": consistent}})
    assert cost_the_same(stores.calls)
    assert [call.priced for call in stores.calls[-4:]] == [1, 1 + 1 + 3, 0.5, 0.5 + 0.5 + 1.5]


@pytest.mark.dynalite_differs("it counts UTF-16 units; DynamoDB counts the bytes of UTF-8")
def test_a_chinese_text_is_priced_by_its_bytes(stores: BothStores, dynalite_reader: Any) -> None:
    item = to_item({"id": "k", "text": "联" * 1_000})
    stores.priced.put_item(TableName="exchange", Item=item)
    assert stores.priced.writes == 3
    answer = dynalite_reader.put_item(TableName="exchange", Item=item, ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"]["CapacityUnits"] == stores.priced.writes
