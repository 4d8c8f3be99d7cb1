"""Who may come in: platforms, regulators and operators, and the keys by which they are known.

A key is `lf_<id>_<secret>`; only the digest of the secret is stored, so a key is shown once and never again.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.moment import iso
from chalicelib.errors import Conflict, NotFound, Unauthorised

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.topics import Topics

Item = dict[str, Any]
PLATFORMS: Final = "platforms"  # the set of all ids
KEY: Final = re.compile(r"lf_([0-9a-f]{12})_([0-9a-f]{48})")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request: a platform, a regulator or an operator, by one of its keys."""

    platform_id: str
    role: str
    key_id: str

    @property
    def source(self) -> str:
        """The source that listings of this caller carry."""
        return f"platform:{self.platform_id}"


def identify(exchange: "ExchangeTable", authorization: str, now: datetime) -> Caller:
    """The caller whose key stands in the Authorization header; raises `Unauthorised` otherwise."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorised("missing_key")
    parts = KEY.fullmatch(token.strip())
    credential = exchange.get(f"credential#{parts[1]}") if parts else None
    if parts is None or credential is None:
        raise Unauthorised("unknown_key")
    if not hmac.compare_digest(credential["digest"], _digest(parts[2])):
        raise Unauthorised("unknown_key")
    if credential.get("revoked_from", "9") <= iso(now):
        raise Unauthorised("revoked_key")
    return Caller(credential["platform_id"], credential["role"], parts[1])


def register(exchange: "ExchangeTable", topics: "Topics", wanted: Mapping[str, Any], now: datetime) -> dict[str, Any]:
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
        raise Conflict("platform_exists", id=wanted["id"])
    arns = topics.open_platform(wanted["id"], platform["aws_account"]) if wanted["role"] != "operator" else {}
    exchange.set_fields(
        platform["id"], {"name": wanted["name"], "aws_account": platform["aws_account"], "topics": arns}
    )
    exchange.add_to_set(PLATFORMS, "members", {wanted["id"]})
    key = issue_key(exchange, wanted["id"], now)
    return {**view({**platform, "topics": arns, "keys": [key["key_id"]]}), "key": key["key"]}


def issue_key(
    exchange: "ExchangeTable", platform_id: str, now: datetime, replaces: str = "", grace_seconds: int = 0
) -> dict[str, Any]:
    """A new key for the platform; the one that it replaces stays good for `grace_seconds` more."""
    platform = find(exchange, platform_id)
    if replaces:
        revoke_key(exchange, platform_id, replaces, now + timedelta(seconds=grace_seconds))
    key_id, secret = secrets.token_hex(6), secrets.token_hex(24)
    credential = {
        "id": f"credential#{key_id}",
        "platform_id": platform_id,
        "role": platform["role"],
        "digest": _digest(secret),
        "created_at": iso(now),
    }
    if exchange.put_new(credential) is not None:
        raise Conflict("platform_exists", key_id=key_id)
    exchange.add_to_set(f"platform#{platform_id}", "keys", {key_id})
    return {"key_id": key_id, "key": f"lf_{key_id}_{secret}", "created_at": iso(now)}


def revoke_key(exchange: "ExchangeTable", platform_id: str, key_id: str, since: datetime) -> dict[str, Any]:
    """Make the key worthless from a moment on; an earlier revocation stands."""
    credential = exchange.get(f"credential#{key_id}")
    if credential is None or credential["platform_id"] != platform_id:
        raise NotFound("not_found", key_id=key_id)
    revoked_from = min(credential.get("revoked_from", "9"), iso(since))
    exchange.set_fields(credential["id"], {"revoked_from": revoked_from})
    return {"key_id": key_id, "revoked_from": revoked_from}


def find(exchange: "ExchangeTable", platform_id: str) -> Item:
    """The platform, or `NotFound`."""
    platform = exchange.get(f"platform#{platform_id}")
    if platform is None:
        raise NotFound("not_found", platform_id=platform_id)
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


def _digest(secret: str) -> str:
    # The secret is 192 random bits, which no table of guesses reaches; a slow hash would only slow each request.
    return hashlib.sha256(secret.encode()).hexdigest()
