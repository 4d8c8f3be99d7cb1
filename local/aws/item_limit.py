"""moto with the limit of DynamoDB on every write: an item of more than 400 KB is refused, by updates too.

moto checks PutItem alone. Without this a set that grows by updates breaks on AWS first.
"""

import copy
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from chalicelib.storage.item_kind import MOST_ITEM_BYTES

# Documented by AWS, "DynamoDB item sizes and formats": a list or map has 3 bytes, and 1 more for each member.
_NESTED: Final = 3
# So much is left out of account before an item is measured exactly.
_CLOSE: Final = MOST_ITEM_BYTES // 2


def install() -> None:
    """Let every backend of moto in this process refuse items that are too large. Safe to repeat."""
    from moto.dynamodb.models import DynamoDBBackend

    backend: Any = DynamoDBBackend
    if not hasattr(backend.update_item, "__wrapped__"):
        backend.update_item = _limited(backend.update_item)


def item_bytes(attributes: Mapping[str, Any]) -> int:
    """The size of an item as DynamoDB counts it: the bytes of names and values. Values are moto's or AWS's own."""
    return sum(_text_bytes(name) + value_bytes(value) for name, value in attributes.items())


def value_bytes(value: Any) -> int:
    """The size of one attribute value, with everything nested in it."""
    if isinstance(value, dict):
        kind, held = next(iter(value.items()))
    else:
        kind, held = value.type, value.value
    if kind == "S":
        return _text_bytes(held)
    if kind == "N":
        return len(str(held)) // 2 + 2
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        return _NESTED + len(held) + item_bytes(held)
    if kind == "L":
        return _NESTED + len(held) + sum(map(value_bytes, held))
    return _NESTED + len(held) + (len(held) if kind == "B" else sum(_text_bytes(str(member)) for member in held))


def _text_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _limited(original: Callable[..., Any]) -> Callable[..., Any]:
    """`update_item` of moto's backend that leaves the item as it was when it would be too large."""

    @wraps(original)
    def update_item(backend: Any, table_name: str, key: Any, *arguments: Any, **named: Any) -> Any:
        from moto.dynamodb.exceptions import ItemSizeToUpdateTooLarge
        from moto.dynamodb.models.dynamo_type import DynamoType

        table = backend.get_table(table_name)
        before = table.get_item(DynamoType(key[table.hash_key_attr]))
        given = named.get("expression_attribute_values") or {}
        held = item_bytes(before.attrs) if before is not None else 0
        # moto changes the item in place; only what is large already, or is given much, can become too large.
        risky = held + item_bytes(given) > _CLOSE
        kept = copy.deepcopy(before.attrs) if risky and before is not None else None
        records = len(table.stream_shard.items) if table.stream_shard is not None else 0
        try:
            item = original(backend, table_name, key, *arguments, **named)
            if not risky or item_bytes(item.attrs) <= MOST_ITEM_BYTES:
                return item
        except ItemSizeToUpdateTooLarge:
            item = table.get_item(DynamoType(key[table.hash_key_attr]))
        if kept is not None:
            item.attrs = kept
        elif before is None:
            table.delete_item(item.hash_key, item.range_key)
        if table.stream_shard is not None:
            del table.stream_shard.items[records:]
        raise ItemSizeToUpdateTooLarge

    return update_item
