"""The size of an item in bytes as DynamoDB counts it for the limit of 400 KB and for capacity.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html says it of all types but
sets, whose members count without overhead in the capacity that AWS answers.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

# A list or map has so many bytes, and one more for each member.
_NESTED: Final = 3


def item_bytes(attributes: Mapping[str, Any]) -> int:
    """The bytes of names and values. Values are AWS's, as `{"S": "…"}`, or moto's own objects."""
    return sum(text_bytes(name) + value_bytes(value) for name, value in attributes.items())


def value_bytes(value: Any) -> int:
    """The size of one attribute value, with everything nested in it."""
    if isinstance(value, dict):
        ((kind, held),) = value.items()
    else:
        kind, held = value.type, value.value
    if kind == "S":
        return text_bytes(held)
    if kind == "N":
        return _number_bytes(str(held))
    if kind == "M":
        return _NESTED + len(held) + item_bytes(held)
    if kind == "L":
        return _NESTED + len(held) + sum(map(value_bytes, held))
    if kind == "SS":
        return sum(map(text_bytes, held))
    if kind == "NS":
        return sum(_number_bytes(str(member)) for member in held)
    # Binary values, which the exchange does not store, are counted as they travel: a third too large.
    if kind == "BS":
        return sum(map(len, held))
    return len(held) if kind == "B" else 1


def text_bytes(text: str) -> int:
    """The bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _number_bytes(number: str) -> int:
    """A byte for each pair of significant digits, counted from the decimal point, and one more; a sign has one too."""
    parts = Decimal(number).as_tuple()
    digits = "".join(map(str, parts.digits)).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return 1
    last = int(parts.exponent) + len(digits) - len(significant)
    return 1 + (last + len(significant) + 1) // 2 - last // 2 + parts.sign
