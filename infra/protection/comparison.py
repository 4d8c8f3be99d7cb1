"""Compares settings read back from AWS with the settings that were applied.

AWS does not answer word for word: it adds members with their defaults and empty parts (`"OnSuccess": {}`), leaves empty
parts out, keeps no order in its lists of settings, formats JSON documents anew, and writes some numbers and truth
values as strings. None of that is a difference; a member that is absent, another value, and one entry more or fewer in
a list are.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any


def unequal(wanted: Any, actual: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each applied setting whose value in AWS differs: its path, the applied value, the value in AWS."""
    if isinstance(wanted, Mapping) and wanted and isinstance(actual, Mapping):
        for name, value in wanted.items():
            yield from unequal(value, actual.get(name), f"{path}.{name}" if path else str(name))
    elif not _equal(wanted, actual):
        yield path, wanted, actual


def differences(subject: str, wanted: Any, actual: Any) -> list[str]:
    """The same in words, a line for each setting."""
    return [f"{subject}: {path} is {value!r} and not {goal!r}" for path, goal, value in unequal(wanted, actual)]


def _equal(wanted: Any, actual: Any) -> bool:
    if _is_empty(wanted) or _is_empty(actual):
        return _is_empty(wanted) and _is_empty(actual)
    if isinstance(wanted, Mapping):
        return isinstance(actual, Mapping) and next(unequal(wanted, actual), None) is None
    if _is_list(wanted):
        return _is_list(actual) and _same_entries(wanted, list(actual))
    document = _document(wanted)
    if document is not None:
        return bool(document == _document(actual))
    return _scalar(wanted) == _scalar(actual)


def _same_entries(wanted: Sequence[Any], left: list[Any]) -> bool:
    """Whether two lists hold the same entries in any order, each as often as in the other."""
    for entry in wanted:
        place = next((place for place, other in enumerate(left) if _equal(entry, other)), None)
        if place is None:
            return False
        left.pop(place)
    return not left


def _is_empty(value: Any) -> bool:
    """Whether a part says nothing: absent, or holding nothing but empty parts. False and 0 are values."""
    if isinstance(value, Mapping):
        return all(_is_empty(part) for part in value.values())
    if _is_list(value):
        return not value
    return value is None or value == ""


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _document(value: Any) -> Any:
    """A text that is a JSON object or list, parsed (policies, templates); else None."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def _scalar(value: Any) -> tuple[str, Any]:
    """A value with its kind, the same for 200, 200.0 and "200", and for True and "true"."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false")):
        return "truth value", str(value).lower()
    if isinstance(value, int | float | Decimal | str):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return "text", value
        return ("number", number) if number.is_finite() else ("text", str(value))
    return "other", value
