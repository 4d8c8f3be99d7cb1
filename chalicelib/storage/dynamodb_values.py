"""DynamoDB's attribute values to and from plain Python: whole numbers stay int, sets come back as sorted lists."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer


class _Plain(TypeDeserializer):  # type: ignore[misc]
    def _deserialize_ss(self, value: list[str]) -> list[str]:
        return sorted(value)

    def _deserialize_ns(self, value: list[str]) -> list[int]:
        return sorted(map(int, value))


_reader = _Plain()
_writer = TypeSerializer()


def to_item(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The item that DynamoDB stores; floats are refused because they do not survive it."""
    return {name: _writer.serialize(value) for name, value in plain.items()}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The plain mapping that an item stands for."""
    return {name: _read(value) for name, value in item.items()}


def _read(value: Mapping[str, Any]) -> Any:
    """The plain value of one attribute; the usual types are read here, because boto3 takes twice the time for them."""
    for kind, content in value.items():
        if kind in ("S", "BOOL"):
            return content
        if kind == "N":
            return float(content) if "." in content or "E" in content else int(content)
        if kind == "M":
            return {name: _read(nested) for name, nested in content.items()}
        if kind == "L":
            return [_read(nested) for nested in content]
    return _reader.deserialize(value)
