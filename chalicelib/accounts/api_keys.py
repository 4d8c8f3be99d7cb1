"""API keys: issued, rotated and revoked; and the caller of a request, identified by its key.

A key is `lf_<id>_<secret>`; only the digest of the secret is stored, so a key is shown once and never again.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.platforms import Credential, Platform
from chalicelib.accounts.roles import Role, actor_name, signature
from chalicelib.accounts.secret_tokens import digest_of
from chalicelib.errors import Conflict, NotFound, Unauthorised
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


# So many keys are named with an account; once there are more, those that were revoked are taken off.
MOST_KEYS: Final = 1_000
KEY: Final = re.compile(r"lf_([0-9a-f]{12})_([0-9a-f]{48})")


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request: a platform, a regulator or an operator, by one of its keys or by a person of it.

    `key_id` is the account of its quotas: the id of the key, or that of the person (`person_id`, '' for a key).
    """

    platform_id: str
    role: Role
    key_id: str
    person_id: str = ""

    @property
    def actor(self) -> str:
        """The organisation as histories name it, such as `platform:alpha` or `regulator:bureau`."""
        return actor_name(self.role, self.platform_id)

    @property
    def signature(self) -> str:
        """The organisation and, where one acted, its person as histories keep them, such as `platform:alpha/p_0f2a`."""
        return signature(self.actor, self.person_id)


def identify(exchange: "ExchangeTable", key: str, now: datetime) -> Caller:
    """The caller whose key this is; raises `Unauthorised` for '' and for any other text."""
    if not key:
        raise Unauthorised(ErrorCode.MISSING_KEY)
    parts = KEY.fullmatch(key)
    credential = _credential(exchange, parts[1]) if parts else None
    if parts is None or credential is None:
        raise Unauthorised(ErrorCode.UNKNOWN_KEY)
    if not hmac.compare_digest(credential.digest, digest_of(parts[2])):
        raise Unauthorised(ErrorCode.UNKNOWN_KEY)
    if credential.revoked_from and credential.revoked_from <= iso(now):
        raise Unauthorised(ErrorCode.REVOKED_KEY)
    return Caller(credential.platform_id, credential.role, parts[1])


def issue_key(
    exchange: "ExchangeTable", platform_id: str, now: datetime, replaces: str = "", grace_seconds: int = 0
) -> Json:
    """A new key for the platform; the one that it replaces stays good for `grace_seconds` more.

    Raises `Conflict` where the account has so many keys already that none of them is revoked.
    """
    platform = platforms.get(exchange, platform_id)
    if len(platform.key_ids) >= MOST_KEYS:
        _forget_revoked_keys(exchange, platform, now)
    if replaces:
        revoke_key(exchange, platform_id, replaces, now + timedelta(seconds=grace_seconds))
    key_id, secret = secrets.token_hex(6), secrets.token_hex(24)
    credential = Credential(
        id=account_keys.credential(key_id),
        platform_id=platform_id,
        role=platform.role,
        digest=digest_of(secret),
        created_at=iso(now),
    )
    if exchange.put_new(credential.to_item()) is not None:
        raise Conflict(ErrorCode.PLATFORM_EXISTS, key_id=key_id)
    exchange.add_to_set(account_keys.platform(platform_id), "keys", {key_id})
    return {"key_id": key_id, "key": f"lf_{key_id}_{secret}", "created_at": credential.created_at}


def revoke_key(exchange: "ExchangeTable", platform_id: str, key_id: str, since: datetime) -> Json:
    """Make the key worthless from a moment on; an earlier revocation stays."""
    credential = _credential(exchange, key_id)
    if credential is None or credential.platform_id != platform_id:
        raise NotFound(ErrorCode.NOT_FOUND, key_id=key_id)
    revoked_from = min(credential.revoked_from or iso(since), iso(since))
    exchange.set_fields(credential.id, {"revoked_from": revoked_from})
    return {"key_id": key_id, "revoked_from": revoked_from}


def _forget_revoked_keys(exchange: "ExchangeTable", platform: Platform, now: datetime) -> None:
    """Take the keys that are revoked off the list of an account; each stays revoked, for its own item stays."""
    items = exchange.get_many(account_keys.credential(key_id) for key_id in platform.key_ids)
    revoked = {item_id for item_id, item in items.items() if "" < item.get("revoked_from", "") <= iso(now)}
    if not revoked:
        raise Conflict(ErrorCode.TOO_MANY_KEYS, platform_id=platform.platform_id, most=MOST_KEYS)
    key_ids = {key_id for key_id in platform.key_ids if account_keys.credential(key_id) in revoked}
    exchange.take_from_set(account_keys.platform(platform.platform_id), "keys", key_ids)


def _credential(exchange: "ExchangeTable", key_id: str) -> Credential | None:
    item = exchange.get(account_keys.credential(key_id))
    return Credential.from_item(item) if item else None
