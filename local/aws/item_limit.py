"""moto with the limit of DynamoDB on every write: an item of more than 400 KB is refused, by updates too.

moto measures by rules of its own, and on updates not at all what grows within a set or map. Without this a set that
grows by updates breaks on AWS first.
"""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from chalicelib.storage.item_kind import MOST_ITEM_BYTES
from local.aws.item_size import item_bytes

# So much is left out of account before an item is measured exactly.
_CLOSE: Final = MOST_ITEM_BYTES // 2


def install() -> None:
    """Let every backend of moto in this process refuse items that are too large. Safe to repeat."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import LimitedSizeDict

    backend: Any = DynamoDBBackend
    if not hasattr(backend.update_item, "__wrapped__"):
        backend.update_item = _limited_update(backend.update_item)
        backend.put_item = _limited_put(backend.put_item)
        # moto's own measure is taken anew with each attribute, which is slow, and is not DynamoDB's.
        limited: Any = LimitedSizeDict
        limited.__setitem__ = dict.__setitem__


def _limited_put(original: Callable[..., Any]) -> Callable[..., Any]:
    """`put_item` of moto's backend that refuses an item that is too large."""

    @wraps(original)
    def put_item(backend: Any, table_name: str, item_attrs: Any, *arguments: Any, **named: Any) -> Any:
        from moto.dynamodb.exceptions import ItemSizeTooLarge

        if item_bytes(item_attrs) > MOST_ITEM_BYTES:
            raise ItemSizeTooLarge
        return original(backend, table_name, item_attrs, *arguments, **named)

    return put_item


def _limited_update(original: Callable[..., Any]) -> Callable[..., Any]:
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
        item = original(backend, table_name, key, *arguments, **named)
        if not risky or item_bytes(item.attrs) <= MOST_ITEM_BYTES:
            return item
        if kept is not None:
            item.attrs = kept
        else:
            table.delete_item(item.hash_key, item.range_key)
        if table.stream_shard is not None:
            del table.stream_shard.items[records:]
        raise ItemSizeToUpdateTooLarge

    return update_item
