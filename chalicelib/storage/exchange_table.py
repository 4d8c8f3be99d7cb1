"""The `exchange` table: platforms, credentials, reports, lookups made, the state of feeds. One key, `id`, and no scans.

Every id is `<kind>#<name>`. Items with `expires_at` (epoch seconds) are swept by the store some time after; a reader
checks it.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.errors import NotSaved
from chalicelib.messages import FindingCode
from chalicelib.storage.batch_get import batch_get
from chalicelib.storage.dynamodb_values import from_item, to_item
from chalicelib.storage.store_refusals import CHANGED_MEANWHILE, finding_of

Item = dict[str, Any]


class ExchangeTable:
    """Items by id, written whole on a condition or field by field; `epoch` counts the restores of the exchange."""

    def __init__(self, client: Any, table: str, epoch: int = 0, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table
        self.epoch = epoch
        self._sleep = sleep

    def get(self, item_id: str) -> Item | None:
        """The item, strongly consistent; None when there is none."""
        answer = self._client.get_item(TableName=self._table, Key=to_item({"id": item_id}), ConsistentRead=True)
        return from_item(answer["Item"]) if "Item" in answer else None

    def get_many(self, item_ids: Iterable[str]) -> dict[str, Item]:
        """Those of the items that exist, strongly consistent, by id."""
        keys = [{"id": item_id} for item_id in dict.fromkeys(item_ids)]
        items = batch_get(self._client, {self._table: (keys, True)}, self._sleep)[self._table]
        return {item["id"]: item for item in items}

    def put(self, item: Mapping[str, Any]) -> None:
        """Write the item whole, whatever was there."""
        self._write("put_item", Item=to_item(item))

    def put_new(self, item: Mapping[str, Any]) -> Item | None:
        """Write the item unless its id is taken; None when written, else the item that was there first."""
        try:
            self._write(
                "put_item",
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CHANGED_MEANWHILE:
                raise
            return from_item(error.response["Item"])
        return None

    def set_fields(self, item_id: str, fields: Mapping[str, Any], only_if: Mapping[str, Any] | None = None) -> bool:
        """Set the fields of an item that exists and still has the values of `only_if`; whether it was so."""
        only_if = only_if or {}
        names = {f"#{field}": field for field in (*fields, *only_if)}
        values = {f":{field}": value for field, value in fields.items()}
        checks = ["attribute_exists(id)"]
        for field, value in only_if.items():
            checks.append(f"#{field} = :was_{field}")
            values[f":was_{field}"] = value
        try:
            self._write(
                "update_item",
                Key=to_item({"id": item_id}),
                UpdateExpression="SET " + ", ".join(f"#{field} = :{field}" for field in fields),
                ConditionExpression=" AND ".join(checks),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=to_item(values),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CHANGED_MEANWHILE:
                raise
            return False
        return True

    def upsert(self, item_id: str, fields: Mapping[str, Any], remove: Iterable[str] = ()) -> None:
        """Set some fields of an item, which is made when there is none, and remove others, in one write."""
        self._set_and_remove(item_id, dict(fields), remove)

    def change(self, item_id: str, fields: Item, remove: Iterable[str] = ()) -> Item:
        """The same; the whole item afterwards."""
        return from_item(self._set_and_remove(item_id, fields, remove, ReturnValues="ALL_NEW")["Attributes"])

    def add(
        self, item_id: str, counts: Mapping[str, int], expires_at: int = 0, remove: Iterable[str] | None = None
    ) -> Item:
        """Raise counters of an item (made when absent); the fields then. Done twice it counts twice.

        `expires_at` is when the store may forget the item, 0 for never. With `remove` other fields are taken out in the
        same write, and the whole item is returned.
        """
        gone = {f"#r{place}": field for place, field in enumerate(remove or ())}
        names = {f"#c{place}": field for place, field in enumerate(counts)}
        values = {f":c{place}": count for place, count in enumerate(counts.values())}
        until = " SET expires_at = :until" if expires_at else ""
        answer = self._write(
            "update_item",
            Key=to_item({"id": item_id}),
            UpdateExpression="ADD "
            + ", ".join(f"{name} :{name[1:]}" for name in names)
            + until
            + (" REMOVE " + ", ".join(gone) if gone else ""),
            ExpressionAttributeNames=names | gone,
            ExpressionAttributeValues=to_item({**values, **({":until": expires_at} if expires_at else {})}),
            ReturnValues="UPDATED_NEW" if remove is None else "ALL_NEW",
        )
        return from_item(answer.get("Attributes", {}))

    def count(self, item_id: str, expires_at: int) -> int:
        """Count one more; how many there are now. `expires_at` is when the store may forget the count."""
        return int(self.add(item_id, {"n": 1}, expires_at)["n"])

    def add_to_set(self, item_id: str, field: str, members: set[str] | set[int]) -> Item:
        """Add members to a set field (made when absent); the whole item afterwards. Adding twice changes nothing."""
        answer = self._write(
            "update_item",
            Key=to_item({"id": item_id}),
            UpdateExpression="ADD #f :m",
            ExpressionAttributeNames={"#f": field},
            ExpressionAttributeValues=to_item({":m": members}),
            ReturnValues="ALL_NEW",
        )
        return from_item(answer["Attributes"])

    def add_where_there_is(self, item_id: str, field: str, members: set[str]) -> None:
        """Add members to a set field of an item that exists; nothing is made where there is none."""
        self._change(item_id, "ADD #f :m", "attribute_exists(id)", {":m": members}, field)

    def add_capped(self, item_id: str, field: str, member: str, most: int) -> bool:
        """Add one member to a set field unless it holds `most` others already; whether it is in the set now."""
        condition = "attribute_not_exists(#f) OR size(#f) < :most OR contains(#f, :one)"
        return self._change(item_id, "ADD #f :m", condition, {":m": {member}, ":most": most, ":one": member}, field)

    def add_counted(self, item_id: str, field: str, member: str, most: int, most_in_all: int) -> bool:
        """Add one member as `add_capped` does, while all such fields hold less than `most_in_all` (`n`)."""
        condition = (
            "NOT contains(#f, :one) AND (attribute_not_exists(#f) OR size(#f) < :most)"
            " AND (attribute_not_exists(n) OR n < :all)"
        )
        values = {":m": {member}, ":one": member, ":most": most, ":all": most_in_all, ":up": 1}
        if self._change(item_id, "ADD #f :m, n :up", condition, values, field):
            return True
        return member in (self.get(item_id) or {}).get(field, ())

    def take_counted(self, item_id: str, field: str, member: str) -> None:
        """Take one member out of a set field that `add_counted` fills."""
        values = {":m": {member}, ":one": member, ":down": -1}
        self._change(item_id, "DELETE #f :m ADD n :down", "contains(#f, :one)", values, field)

    def take_from_set(self, item_id: str, field: str, members: set[str] | set[int]) -> None:
        """Take members out of a set field; an empty set is no field any more."""
        self._change(item_id, "DELETE #f :m", "attribute_exists(id)", {":m": members}, field)

    def forget_field(self, item_id: str, field: str, was: Any) -> bool:
        """Remove a field that still has this value; whether it had."""
        return self._change(item_id, "REMOVE #f", "#f = :was", {":was": was}, field)

    def add_field(self, item_id: str, field: str, value: Any) -> bool:
        """Set a field of an item (made when absent) that has it not; whether it was so."""
        return self._change(item_id, "SET #f = :v", "attribute_not_exists(#f)", {":v": value}, field)

    def remove_field(self, item_id: str, field: str) -> None:
        """Take a field off an item; fine when it is not there."""
        self._change(item_id, "REMOVE #f", "attribute_exists(#f)", {}, field)

    def count_once(
        self, item_id: str, amounts: Mapping[str, int], mark: str, expires_at: int = 0, most: int = 0
    ) -> Item:
        """Add to number fields of an item (made when absent) unless `marks` holds the mark already; the item then.

        The mark is written with the amounts, so that a worker that counts the same again changes nothing. Where there
        are `most` marks, nothing is counted: then the item has not this one.
        """
        names = {f"#a{place}": field for place, field in enumerate(amounts)}
        values: dict[str, Any] = {f":a{place}": amount for place, amount in enumerate(amounts.values())}
        adds = ", ".join(f"#a{place} :a{place}" for place in range(len(amounts)))
        until = " SET expires_at = :until" if expires_at else ""
        values |= {":mark": {mark}, ":one": mark, **({":until": expires_at} if expires_at else {})}
        values |= {":most": most} if most else {}
        try:
            answer = self._write(
                "update_item",
                Key=to_item({"id": item_id}),
                UpdateExpression=f"ADD {adds}, marks :mark{until}",
                ConditionExpression="NOT contains(marks, :one)"
                + (" AND (attribute_not_exists(marks) OR size(marks) < :most)" if most else ""),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=to_item(values),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CHANGED_MEANWHILE:
                raise
            return from_item(error.response["Item"])
        return from_item(answer["Attributes"])

    def increment(self, item_id: str, field: str) -> int:
        """Raise a number field of an item (made when absent) by one; the number then."""
        return int(self.add(item_id, {field: 1})[field])

    def _set_and_remove(self, item_id: str, fields: Item, remove: Iterable[str], **more: Any) -> Any:
        names = {f"#f{place}": field for place, field in enumerate(fields)}
        gone = {f"#r{place}": field for place, field in enumerate(remove)}
        sets = "SET " + ", ".join(f"#f{place} = :f{place}" for place in range(len(names))) if names else ""
        values = to_item({f":f{place}": value for place, value in enumerate(fields.values())})
        return self._write(
            "update_item",
            Key=to_item({"id": item_id}),
            UpdateExpression=sets + (" REMOVE " + ", ".join(gone) if gone else ""),
            ExpressionAttributeNames=names | gone,
            **({"ExpressionAttributeValues": values} if values else {}),
            **more,
        )

    def _write(self, call: str, **request: Any) -> Any:
        """The answer to one write; `NotSaved` where the store would refuse it each time, as an item over 400 KB."""
        try:
            return getattr(self._client, call)(TableName=self._table, **request)
        except (ClientError, ParamValidationError) as error:
            finding = finding_of(error)
            if finding in ("", CHANGED_MEANWHILE):
                raise
            raise NotSaved(FindingCode(finding)) from error

    def _change(self, item_id: str, change: str, condition: str, values: Mapping[str, Any], field: str) -> bool:
        try:
            self._write(
                "update_item",
                Key=to_item({"id": item_id}),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#f": field},
                **({"ExpressionAttributeValues": to_item(values)} if values else {}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CHANGED_MEANWHILE:
                raise
            return False
        return True
