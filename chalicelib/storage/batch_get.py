"""BatchGetItem that really returns everything: in calls of 100 keys, asking again for what was throttled."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.errors import Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.storage.dynamodb_values import from_item, to_item

MOST_KEYS: Final = 100
TRIES: Final = 5
Asked = Mapping[str, tuple[Sequence[Mapping[str, str]], bool]]


def batch_get(
    client: Any, asked: Asked, sleep: Callable[[float], None] = time.sleep
) -> dict[str, list[dict[str, Any]]]:
    """The items of `asked` (table -> keys, strongly consistent or not) that exist, by table.

    100 keys or fewer are one call. Raises `Unavailable` when the store still throttles after five tries.
    """
    items_of: dict[str, list[dict[str, Any]]] = {table: [] for table in asked}
    todo = [(table, key) for table, (keys, _) in asked.items() for key in keys]
    for start in range(0, len(todo), MOST_KEYS):
        request: dict[str, Any] = {}
        for table, key in todo[start : start + MOST_KEYS]:
            entry = request.setdefault(table, {"Keys": [], "ConsistentRead": asked[table][1]})
            entry["Keys"].append(to_item(key))
        for attempt in range(TRIES):
            answer = client.batch_get_item(RequestItems=request)
            for table, items in answer["Responses"].items():
                items_of[table].extend(from_item(item) for item in items)
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                break
            sleep(0.05 * 2**attempt)
        else:
            raise Unavailable(ErrorCode.STORE_UNAVAILABLE)
    return items_of
