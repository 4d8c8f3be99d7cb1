"""A DynamoDB client that keeps its items in memory and prices every call as DynamoDB does.

A read unit is 4 KB strongly consistent, half a unit when eventually so, also for absent items; a write unit is 1 KB of
the item, failed conditions included. It has the calls of the adapters and no others. Prices:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-unit-calculations.html
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.values.records import Json
from local.aws.item_size import item_bytes

Item = Json


def _refused(item: Item | None) -> ClientError:
    answer: Any = {"Error": {"Code": "ConditionalCheckFailedException"}, **({"Item": item} if item else {})}
    return ClientError(answer, "write")


class PricedStore:
    """Tables by name, items by key; `calls` counts calls, `reads` and `writes` are the units they cost."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._key_names = dict(keys)
        self.tables: dict[str, dict[str, Item]] = {table: {} for table in keys}
        self.forget()

    def forget(self) -> None:
        """Start counting anew."""
        self.calls: Counter[str] = Counter()
        self.reads = 0.0
        self.writes = 0.0

    def batch_get_item(self, RequestItems: Json) -> Item:  # noqa: N803
        """Up to 100 items of several tables."""
        self.calls["BatchGetItem"] += 1
        items_by_table: dict[str, list[Item]] = {}
        for table, entry in RequestItems.items():
            for key in entry["Keys"]:
                item = self._read(table, key, entry["ConsistentRead"])
                if item is not None:
                    items_by_table.setdefault(table, []).append(item)
        return {"Responses": items_by_table}

    def get_item(self, TableName: str, Key: Item, ConsistentRead: bool) -> Item:  # noqa: N803
        """Read an item."""
        self.calls["GetItem"] += 1
        item = self._read(TableName, Key, ConsistentRead)
        return {} if item is None else {"Item": item}

    def put_item(
        self,
        TableName: str,  # noqa: N803
        Item: Item,  # noqa: N803
        ConditionExpression: str = "",  # noqa: N803
        **more: Any,
    ) -> Item:
        """Write a whole item, on a condition of the adapters."""
        self.calls["PutItem"] += 1
        key = Item[self._key_names[TableName]]["S"]
        before = self.tables[TableName].get(key)
        self._pay(Item, before)
        values = more.get("ExpressionAttributeValues", {})
        holds: dict[str, Callable[[], bool]] = {
            "": lambda: True,
            "attribute_not_exists(subject_id)": lambda: before is None,
            "attribute_not_exists(id)": lambda: before is None,
            "#v = :v": lambda: before is not None and before["version"] == values[":v"],
            "n >= :cap": lambda: before is not None and int(before["n"]["N"]) >= int(values[":cap"]["N"]),
        }
        if not holds[ConditionExpression]():
            raise _refused(before)
        self.tables[TableName][key] = Item
        return {}

    def update_item(
        self,
        TableName: str,  # noqa: N803
        Key: Item,  # noqa: N803
        UpdateExpression: str,  # noqa: N803
        ExpressionAttributeValues: Item,  # noqa: N803
        ExpressionAttributeNames: Mapping[str, str],  # noqa: N803
        **_: Any,
    ) -> Item:
        """Add a posting or remove it: the only updates of the registry."""
        self.calls["UpdateItem"] += 1
        key = Key["key"]["S"]
        item = self.tables[TableName].get(key)
        subject, values = ExpressionAttributeNames["#s"], ExpressionAttributeValues
        count = int(item["n"]["N"]) if item and "n" in item else 0
        if UpdateExpression.startswith("SET #s = :p ADD n"):
            allowed = item is None or (
                subject not in item and "common" not in item and count < int(values[":cap"]["N"])
            )
            count += 1
        else:
            allowed = item is not None and subject in item
        if UpdateExpression.startswith("REMOVE"):
            after = {name: value for name, value in (item or Key).items() if name != subject} | {
                "n": {"N": str(count - 1)}
            }
        else:
            after = {**(item or Key), subject: values[":p"], "n": {"N": str(count)}}
        self._pay(after, item)
        if not allowed:
            raise _refused(item)
        self.tables[TableName][key] = after
        return {}

    def _read(self, table: str, key: Item, consistent: bool) -> Item | None:
        item = self.tables[table].get(key[self._key_names[table]]["S"])
        blocks = max(1, -(-item_bytes(item or {}) // 4096))
        self.reads += blocks if consistent else blocks / 2
        return item

    def _pay(self, after: Item, before: Item | None) -> None:
        self.writes += max(1, -(-max(item_bytes(after), item_bytes(before or {})) // 1024))
