"""How many bytes a value takes in the store, as DynamoDB counts them: UTF-8 of names and texts, and what nesting adds.

Source: AWS, "DynamoDB item sizes and formats".
"""

from typing import Any, Final

# A list, map or set has 3 bytes, and 1 more for each member.
NESTED: Final = 3


def stored_bytes(value: Any) -> int:
    """The bytes of a plain value that is stored: text, number, truth, None, list, set or map."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, dict):
        return NESTED + len(value) + sum(stored_bytes(name) + stored_bytes(held) for name, held in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return NESTED + len(value) + sum(map(stored_bytes, value))
    return len(str(value)) // 2 + 2
