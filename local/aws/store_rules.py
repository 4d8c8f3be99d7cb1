"""The one hook that lets moto's DynamoDB refuse what DynamoDB refuses: in every test, and in the local stack.

It also lets one operation run at a time. DynamoDB does the writes to an item one after the other; moto changes items in
place, so an operation in another thread would read half a change, or hold a condition against what is gone already.
"""

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
    for method, operation in OPERATIONS.items():
        original = getattr(DynamoHandler, method)
        if not hasattr(original, "follows_rules"):
            setattr(DynamoHandler, method, _checked(original, operation))


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
