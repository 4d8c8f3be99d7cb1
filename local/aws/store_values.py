"""What DynamoDB refuses of attribute values and keys, in its own words.

Limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from local.aws.item_size import text_bytes

INVALID: Final = "One or more parameter values were invalid: "
TOO_DEEP: Final = "Nesting Levels have exceeded supported limits"
MOST_KEY_BYTES: Final = 2_048
MOST_DIGITS: Final = 38
MOST_LEVELS: Final = 32
_GREATEST, _SMALLEST = 125, -130
_EMPTY_SETS: Final[Mapping[str, str]] = {
    "SS": "An string set  may not be empty",
    "NS": "An number set  may not be empty",
    "BS": "Binary sets should not be empty",
}


def value_fault(value: Mapping[str, Any], level: int = 1) -> str:
    """Why DynamoDB would not take the value, '' when it would."""
    ((kind, held),) = value.items()
    if kind == "N":
        return _number_fault(held)
    if kind in _EMPTY_SETS:
        return _set_fault(kind, held)
    if kind not in ("M", "L"):
        return ""
    if level > MOST_LEVELS:
        return f"{TOO_DEEP}: Attributes in the item have nested levels beyond supported limit"
    members = held.values() if kind == "M" else held
    return next((fault for member in members if (fault := value_fault(member, level + 1))), "")


def key_fault(key: Mapping[str, Any], name: str) -> str:
    """Why DynamoDB would not take the value of the key attribute `name`, '' when it would."""
    text = key.get(name, {}).get("S")
    if text == "":
        return (
            "One or more parameter values are not valid. "
            f"The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}"
        )
    if text is not None and text_bytes(text) > MOST_KEY_BYTES:
        # The missing space is DynamoDB's.
        return f"{INVALID}Size of hashkey has exceeded the maximum size limit of{MOST_KEY_BYTES} bytes"
    return ""


def faults(values: Mapping[str, Any]) -> Iterator[str]:
    """Why DynamoDB would not take each of the values that it would not."""
    return (fault for value in values.values() if (fault := value_fault(value)))


def _set_fault(kind: str, members: Any) -> str:
    if not members:
        return INVALID + _EMPTY_SETS[kind]
    if len(set(members)) < len(members):
        listed = f"[{', '.join(map(str, members))}]"
        return f"{INVALID}Input collection {listed} contains duplicates."
    return next((fault for member in members if (fault := _number_fault(member))), "") if kind == "NS" else ""


def _number_fault(number: str) -> str:
    if len(number) <= MOST_DIGITS and number.removeprefix("-").isdecimal():
        return ""
    try:
        parts = Decimal(number).as_tuple()
    except InvalidOperation:
        return f"The parameter cannot be converted to a numeric value: {number}"
    if not isinstance(parts.exponent, int):
        return f"The parameter cannot be converted to a numeric value: {number}"
    digits = "".join(map(str, parts.digits)).lstrip("0")
    magnitude = parts.exponent + len(digits) - 1
    if digits and magnitude > _GREATEST:
        return "Number overflow. Attempting to store a number with magnitude larger than supported range"
    if digits and magnitude < _SMALLEST:
        return "Number underflow. Attempting to store a number with magnitude smaller than supported range"
    if len(digits.rstrip("0")) > MOST_DIGITS:
        return f"Attempting to store more than {MOST_DIGITS} significant digits in a Number"
    return ""
