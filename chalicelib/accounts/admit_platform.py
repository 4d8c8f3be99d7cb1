"""Admission: a platform, regulator or operator gets its record, its topics and its first key."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.accounts.api_keys import issue_key
from chalicelib.accounts.platforms import PLATFORMS, view
from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


class PlatformTopics(Protocol):
    """What opens the topics of a platform."""

    def open_platform(self, platform_id: str, aws_account: str) -> dict[str, str]:
        """The ARNs of the platform's topics, made where they are missing."""


def register(
    exchange: "ExchangeTable", topics: PlatformTopics, wanted: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Admit a platform, regulator or operator (`id`, `name`, `role`, `aws_account`) and give it its first key.

    Raises `Conflict` when the id is taken by another.
    """
    platform = {
        "id": f"platform#{wanted['id']}",
        "platform_id": wanted["id"],
        "name": wanted["name"],
        "role": wanted["role"],
        "aws_account": wanted.get("aws_account") or "",
        "created_at": iso(now),
    }
    known = exchange.put_new(platform)
    # One that has no key yet was left by a call that died half way; the same call again finishes it.
    if known is not None and (known.get("keys") or known["role"] != wanted["role"]):
        raise Conflict(ErrorCode.PLATFORM_EXISTS, id=wanted["id"])
    arns = topics.open_platform(wanted["id"], platform["aws_account"]) if wanted["role"] != "operator" else {}
    exchange.set_fields(
        platform["id"], {"name": wanted["name"], "aws_account": platform["aws_account"], "topics": arns}
    )
    exchange.add_to_set(PLATFORMS, "members", {wanted["id"]})
    key = issue_key(exchange, wanted["id"], now)
    return {**view({**platform, "topics": arns, "keys": [key["key_id"]]}), "key": key["key"]}
