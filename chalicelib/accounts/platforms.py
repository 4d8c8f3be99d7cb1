"""Platforms, regulators and operators that were admitted, as they and operators see them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

Item = dict[str, Any]
PLATFORMS: Final = "platforms"  # the set of all ids


def find(exchange: "ExchangeTable", platform_id: str) -> Item:
    """The platform, or `NotFound`."""
    platform = exchange.get(f"platform#{platform_id}")
    if platform is None:
        raise NotFound(ErrorCode.NOT_FOUND, platform_id=platform_id)
    return platform


def describe(exchange: "ExchangeTable", platform_id: str) -> dict[str, Any]:
    """The platform with each of its keys, as it may see itself."""
    platform = find(exchange, platform_id)
    credentials = exchange.get_many([f"credential#{key}" for key in platform.get("keys", [])])
    keys = [
        {
            "key_id": item["id"].partition("#")[2],
            "created_at": item["created_at"],
            **({"revoked_from": item["revoked_from"]} if "revoked_from" in item else {}),
        }
        for item in credentials.values()
    ]
    return {**view(platform), "keys": sorted(keys, key=lambda key: (key["created_at"], key["key_id"]))}


def everyone(exchange: "ExchangeTable") -> list[dict[str, Any]]:
    """All who were admitted, by id, without their keys."""
    item = exchange.get(PLATFORMS) or {"members": []}
    found = exchange.get_many([f"platform#{member}" for member in item["members"]])
    return [
        {field: value for field, value in view(platform).items() if field != "keys"}
        for _, platform in sorted(found.items())
    ]


def view(platform: Mapping[str, Any]) -> dict[str, Any]:
    """The platform as its own people and operators see it."""
    shown = ("platform_id", "name", "role", "aws_account", "topics", "keys", "created_at")
    return {field: platform[field] for field in shown if platform.get(field)}
