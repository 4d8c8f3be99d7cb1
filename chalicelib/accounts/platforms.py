"""The accounts of platforms, regulators and operators that were admitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.accounts.roles import Role
from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json, Record, stored

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Record):
    """The account of a platform, regulator or operator.

    `aws_account` is the AWS account that may subscribe to its topics, '' for none; `topics` are the ARNs of the topics
    by name (`closures`, `own`); `key_ids` the ids of its API keys; `purposes` those granted beside its own.
    """

    id: str = stored("")
    platform_id: str = stored()
    name: str = stored()
    role: Role = stored()
    aws_account: str = stored("", always=True)
    created_at: str = stored()
    topics: Mapping[str, str] = stored(factory=dict)
    key_ids: tuple[str, ...] = stored((), name="keys", many="values")
    purposes: tuple[str, ...] = stored((), many="values")

    def __post_init__(self) -> None:
        """Turn the stored name of the role into the role."""
        object.__setattr__(self, "role", Role(self.role))


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential(Record):
    """An API key as it is stored: whose it is, the SHA-256 of its secret, and from when on it is revoked ('' never)."""

    id: str = stored("")
    platform_id: str = stored()
    role: Role = stored()
    digest: str = stored()
    created_at: str = stored()
    revoked_from: str = stored("")

    def __post_init__(self) -> None:
        """Turn the stored name of the role into the role."""
        object.__setattr__(self, "role", Role(self.role))


def find(exchange: "ExchangeTable", platform_id: str) -> Platform | None:
    """The account of that id; None when there is none."""
    item = exchange.get(account_keys.platform(platform_id))
    return Platform.from_item(item) if item else None


def get(exchange: "ExchangeTable", platform_id: str) -> Platform:
    """The account of that id, or `NotFound`."""
    platform = find(exchange, platform_id)
    if platform is None:
        raise NotFound(ErrorCode.NOT_FOUND, platform_id=platform_id)
    return platform


def find_all(exchange: "ExchangeTable") -> list[Platform]:
    """All accounts, by id."""
    item = exchange.get(account_keys.PLATFORMS) or {"members": []}
    items = exchange.get_many(account_keys.platform(platform_id) for platform_id in item["members"])
    return [Platform.from_item(item) for _, item in sorted(items.items())]


def ids_with_role(exchange: "ExchangeTable", role: Role) -> list[str]:
    """The ids of all accounts of that role, in order."""
    return [platform.platform_id for platform in find_all(exchange) if platform.role == role]


def aws_accounts(exchange: "ExchangeTable") -> set[str]:
    """The AWS accounts that are named for participants now."""
    return {platform.aws_account for platform in find_all(exchange) if platform.aws_account}


def describe(exchange: "ExchangeTable", platform_id: str) -> Json:
    """The account with each of its keys, as the API shows it to its owner."""
    platform = get(exchange, platform_id)
    items = exchange.get_many(account_keys.credential(key_id) for key_id in platform.key_ids)
    credentials = [Credential.from_item(item) for item in items.values()]
    keys = [_key_view(credential) for credential in credentials]
    return {**view(platform), "keys": sorted(keys, key=lambda key: (key["created_at"], key["key_id"]))}


def describe_all(exchange: "ExchangeTable") -> list[Json]:
    """All accounts by id, without their keys, as the API shows them to operators and regulators."""
    return [view(platform.replace(key_ids=())) for platform in find_all(exchange)]


def view(platform: Platform) -> Json:
    """The account as the API shows it to its owner and to operators; empty fields are left out."""
    fields: Json = {
        "platform_id": platform.platform_id,
        "name": platform.name,
        "role": platform.role,
        "aws_account": platform.aws_account,
        "topics": platform.topics,
        "keys": list(platform.key_ids),
        "purposes": list(platform.purposes),
        "created_at": platform.created_at,
    }
    return {field: value for field, value in fields.items() if value}


def _key_view(credential: Credential) -> Json:
    revoked = {"revoked_from": credential.revoked_from} if credential.revoked_from else {}
    return {"key_id": credential.id.partition("#")[2], "created_at": credential.created_at, **revoked}
