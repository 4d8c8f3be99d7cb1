"""What DynamoDB refuses of a request to items, in its own words; moto alone lets most of it pass.

Its words for a batch of more than 16 MB and a transaction of more than 4 MB are not recorded; those here are ours.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from local.aws.item_size import item_bytes
from local.aws.store_expressions import expression_fault
from local.aws.store_values import faults, key_fault

MOST_READS: Final = 100
MOST_WRITES: Final = 25
MOST_IN_TRANSACTION: Final = 100
MOST_REQUEST_BYTES: Final = 16 * 1024 * 1024
MOST_TRANSACTION_BYTES: Final = 4 * 1024 * 1024
DUPLICATES: Final = "Provided list of item keys contains duplicates"
Request = Mapping[str, Any]
# The name of the key of a table, '' of a table that is not there.
KeyOf = Callable[[str], str]


def request_fault(operation: str, request: Request, key_of: KeyOf) -> str:
    """Why DynamoDB would not take a request, '' when it would as far as these rules go."""
    if operation == "BatchGetItem":
        return next(_batch_get_faults(request, key_of), "")
    if operation == "BatchWriteItem":
        return next(_batch_write_faults(request, key_of), "")
    if operation in ("TransactWriteItems", "TransactGetItems"):
        return next(_transaction_faults(request, key_of), "")
    return next(_faults(request, key_of), "")


def _faults(request: Request, key_of: KeyOf) -> Iterator[str]:
    """The faults of a request about one item, or of a scan or a query."""
    yield from faults(request.get("Item", request.get("Key", {})))
    if fault := expression_fault(request):
        yield fault
    if fault := key_fault(request.get("Item", request.get("Key", {})), key_of(request["TableName"])):
        yield fault


def _batch_get_faults(request: Request, key_of: KeyOf) -> Iterator[str]:
    tables = request["RequestItems"]
    for table, asked in tables.items():
        if len(asked["Keys"]) > MOST_READS:
            yield (
                f"1 validation error detected: Value at 'requestItems.{table}.member.keys' failed to satisfy "
                f"constraint: Member must have length less than or equal to {MOST_READS}"
            )
        if fault := expression_fault(asked):
            yield fault
        yield from _key_faults(asked["Keys"], key_of(table))
    if sum(len(asked["Keys"]) for asked in tables.values()) > MOST_READS:
        yield "Too many items requested for the BatchGetItem call"


def _batch_write_faults(request: Request, key_of: KeyOf) -> Iterator[str]:
    tables = request["RequestItems"]
    if sum(map(len, tables.values())) > MOST_WRITES:
        yield (
            "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: "
            f"Map value must satisfy constraint: [Member must have length less than or equal to {MOST_WRITES}, "
            "Member must have length greater than or equal to 1]"
        )
    for table, writes in tables.items():
        key = key_of(table)
        items = [write.get("PutRequest", {}).get("Item") or write["DeleteRequest"]["Key"] for write in writes]
        for item in items:
            yield from faults(item)
        yield from _key_faults([{key: item[key]} for item in items if key in item], key)
    text = json.dumps(request, ensure_ascii=False, default=_base64)
    if len(text.encode("utf-8", "surrogatepass")) > MOST_REQUEST_BYTES:
        yield f"Request size exceeded the maximum of {MOST_REQUEST_BYTES} bytes"


def _base64(value: bytes) -> str:
    """Bytes as they stand in a request."""
    return base64.b64encode(value).decode()


def _key_faults(keys: Iterable[Request], name: str) -> Iterator[str]:
    """The faults of the keys of one table in one batch."""
    seen: set[str] = set()
    for key in keys:
        yield from faults(key)
        if fault := key_fault(key, name):
            yield fault
        spelling = json.dumps(key, sort_keys=True)
        if spelling in seen:
            yield DUPLICATES
        seen.add(spelling)


def _transaction_faults(request: Request, key_of: KeyOf) -> Iterator[str]:
    actions = [(kind, action) for entry in request["TransactItems"] for kind, action in entry.items()]
    if len(actions) > MOST_IN_TRANSACTION:
        yield (
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MOST_IN_TRANSACTION}"
        )
    seen: set[tuple[str, str]] = set()
    for _, action in actions:
        yield from _faults(action, key_of)
        name = key_of(action["TableName"])
        spelling = json.dumps(action.get("Item", action.get("Key", {})).get(name), sort_keys=True)
        if (action["TableName"], spelling) in seen:
            yield "Transaction request cannot include multiple operations on one item"
        seen.add((action["TableName"], spelling))
    if sum(item_bytes(action.get("Item", {})) for _, action in actions) > MOST_TRANSACTION_BYTES:
        yield f"Transaction request size exceeded the maximum of {MOST_TRANSACTION_BYTES} bytes"
