"""The one hook that lets moto's DynamoDB refuse what DynamoDB refuses: in every test, and in the local stack.

It also lets one operation run at a time. DynamoDB does the writes to an item one after the other; moto changes items in
place, so an operation in another thread would read half a change, or hold a condition against what is gone already.

And it lets items go into answers as they are kept. moto looks for each part of each value under nine names that it may
have, which took three quarters of the time of a read.
"""

import base64
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from local.aws import item_limit
from local.aws.store_requests import request_fault

# moto's method of each operation on items.
OPERATIONS: Final = {
    "get_item": "GetItem",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "delete_item": "DeleteItem",
    "scan": "Scan",
    "query": "Query",
    "batch_get_item": "BatchGetItem",
    "batch_write_item": "BatchWriteItem",
    "transact_get_items": "TransactGetItems",
    "transact_write_items": "TransactWriteItems",
}
_ONE_AT_A_TIME: Final = threading.RLock()


class _Operation(threading.local):
    """What is to be called when the operation of this thread is over; `None` outside of one."""

    calls: list[Callable[[], object]] | None = None


_OPERATION: Final = _Operation()


def install() -> None:
    """Let every table of moto in this process refuse what DynamoDB refuses. Safe to repeat."""
    from moto.dynamodb.responses import DynamoHandler

    item_limit.install()
    _install_values()
    for method, operation in OPERATIONS.items():
        original = getattr(DynamoHandler, method)
        if not hasattr(original, "follows_rules"):
            setattr(DynamoHandler, method, _checked(original, operation))


def _install_values() -> None:
    from moto.core.serialize import BaseJSONSerializer

    serializer: Any = BaseJSONSerializer
    original = serializer._serialize_type_structure
    if hasattr(original, "__wrapped__"):
        return

    @wraps(original)
    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if key and shape.name == "AttributeValue" and type(value) is dict:
            serialized[self.get_serialized_name(shape, key)] = _as_sent(value)
        else:
            original(self, serialized, value, shape, key)

    serializer._serialize_type_structure = serialize


def _as_sent(value: dict[str, Any]) -> dict[str, Any]:
    """An attribute value as it is sent: binary values in base64, all else as moto keeps it."""
    ((kind, held),) = value.items()
    if kind == "M":
        return {kind: {name: _as_sent(member) for name, member in held.items()}}
    if kind == "L":
        return {kind: [_as_sent(member) for member in held]}
    if kind == "B":
        return {kind: _in_base64(held)}
    return {kind: [_in_base64(member) for member in held]} if kind == "BS" else value


def _in_base64(held: bytes | str) -> str:
    return base64.b64encode(held.encode() if isinstance(held, str) else held).decode("ascii")


def call_after_operation(call: Callable[[], object]) -> None:
    """Call when the operation of this thread has succeeded, and at once outside of one.

    A function that a stream triggers reads and writes by itself: it would wait for the operation, and the operation
    for it.
    """
    if _OPERATION.calls is None:
        call()
    else:
        _OPERATION.calls.append(call)


def _checked(original: Callable[[Any], Any], operation: str) -> Callable[[Any], Any]:
    """A method of moto's that raises DynamoDB's `ValidationException` for a request that DynamoDB would not take."""

    @wraps(original)
    def method(handler: Any) -> Any:
        from moto.dynamodb.exceptions import MockValidationException

        tables = handler.dynamodb_backend.tables

        def key_of(table: str) -> str:
            return str(tables[table].hash_key_attr) if table in tables else ""

        if fault := request_fault(operation, handler.body, key_of):
            raise MockValidationException(fault)
        with _ONE_AT_A_TIME:
            calls: list[Callable[[], object]] = []
            _OPERATION.calls = calls
            try:
                answer = original(handler)
            finally:
                _OPERATION.calls = None
        for call in calls:
            call()
        return answer

    method.follows_rules = True  # type: ignore[attr-defined]
    return method
