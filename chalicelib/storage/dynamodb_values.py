"""DynamoDB's attribute values to and from plain Python: whole numbers stay int, sets come back as sorted lists."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer


class _Plain(TypeDeserializer):  # type: ignore[misc]
    def _deserialize_n(self, value: str) -> int | float:
        return float(value) if "." in value or "E" in value else int(value)

    def _deserialize_ss(self, value: list[str]) -> list[str]:
        return sorted(value)

    def _deserialize_ns(self, value: list[str]) -> list[int]:
        return sorted(int(one) for one in value)


_reader = _Plain()
_writer = TypeSerializer()


def to_item(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The item that DynamoDB stores; floats are refused because they do not survive it."""
    return {name: _writer.serialize(value) for name, value in plain.items()}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The plain mapping that an item stands for."""
    return {name: _reader.deserialize(value) for name, value in item.items()}
