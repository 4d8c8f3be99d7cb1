"""Admission: a platform, regulator or operator gets its account, its topics and its first key."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import issue_key
from chalicelib.accounts.platforms import Platform, view
from chalicelib.accounts.roles import Role
from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Items that name each participant hold so many.
MOST_PARTICIPANTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class NewPlatform:
    """An account to be made: the id and name that were chosen for it, its role, and its AWS account ('' for none)."""

    platform_id: str
    name: str
    role: Role = Role.PLATFORM
    aws_account: str = ""


class PlatformTopics(Protocol):
    """What opens the topics of a platform."""

    def open_platform(self, platform_id: str, aws_account: str) -> dict[str, str]:
        """The ARNs of the platform's topics, made where they are missing."""

    def name_account(self, platform_id: str, aws_account: str) -> None:
        """Let this account subscribe for the platform ('' for none), and no other."""


def admit(exchange: "ExchangeTable", topics: PlatformTopics, new: NewPlatform, now: datetime) -> Json:
    """Make an account and give it its first key, which the answer alone shows (`key`).

    Raises `Conflict` when the id is taken by another account, or there are as many participants as there may be.
    """
    members = (exchange.get(account_keys.PLATFORMS) or {}).get("members", ())
    if new.platform_id not in members and len(members) >= MOST_PARTICIPANTS:
        raise Conflict(ErrorCode.TOO_MANY_PARTICIPANTS, most=MOST_PARTICIPANTS)
    platform = Platform(
        id=account_keys.platform(new.platform_id),
        platform_id=new.platform_id,
        name=new.name,
        role=new.role,
        aws_account=new.aws_account,
        created_at=iso(now),
    )
    existing = exchange.put_new(platform.to_item())
    # An account without a key was left by a call that was interrupted; the same call again finishes it.
    if existing is not None and (existing.get("keys") or existing["role"] != new.role):
        raise Conflict(ErrorCode.PLATFORM_EXISTS, id=new.platform_id)
    arns = topics.open_platform(new.platform_id, new.aws_account) if new.role != Role.OPERATOR else {}
    exchange.set_fields(platform.id, {"name": new.name, "aws_account": new.aws_account, "topics": arns})
    exchange.add_to_set(account_keys.PLATFORMS, "members", {new.platform_id})
    key = issue_key(exchange, new.platform_id, now)
    return {**view(platform.replace(topics=arns, key_ids=(key["key_id"],))), "key": key["key"]}


def name_account(exchange: "ExchangeTable", topics: PlatformTopics, platform_id: str, aws_account: str) -> Json:
    """Name another AWS account of a participant, '' for none; `NotFound` where there is no such participant.

    What the account before has subscribed stays until it is unsubscribed.
    """
    platform = platforms.get(exchange, platform_id)
    if platform.role != Role.OPERATOR:
        topics.name_account(platform_id, aws_account)
    exchange.set_fields(platform.id, {"aws_account": aws_account})
    return view(platform.replace(aws_account=aws_account, key_ids=()))
