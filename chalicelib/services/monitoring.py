"""Which platforms know a merchant, found without scanning: who once looked it up, listed or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.moment import iso

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable

REMEMBERED: Final = timedelta(days=360)
# A platform's id as the name of a field, kept apart from all other fields.
ASKED_BY: Final = "asked_by:"
RECEIVED_BY: Final = "received_by:"


@dataclass(frozen=True, slots=True)
class Knower:
    """A platform that knows a merchant: `by` is roster or lookup, `merchants` its own ids of it, where it told them."""

    platform_id: str
    by: str
    merchants: tuple[str, ...] = ()


def remember_asking(exchange: "ExchangeTable", subject_id: str, platform_id: str, now: datetime) -> None:
    """Keep that a platform asked for this subject, listed or not, so that it can be told later."""
    expires_at = int((now + REMEMBERED).timestamp())
    exchange.upsert(_asked_id(subject_id), {ASKED_BY + platform_id: iso(now), "expires_at": expires_at})


def knowers(exchange: "ExchangeTable", subject: Mapping[str, Any], now: datetime) -> dict[str, Knower]:
    """The platforms that know the subject, by id."""
    item = exchange.get(_asked_id(subject["subject_id"])) or {}
    since = iso(now - REMEMBERED)
    found = (
        field.removeprefix(ASKED_BY) for field, at in sorted(item.items()) if field.startswith(ASKED_BY) and at > since
    )
    return {platform_id: Knower(platform_id, "lookup") for platform_id in found}


def remember_receiving(exchange: "ExchangeTable", subject_id: str, platform_id: str, now: datetime) -> None:
    """Keep that a platform was given what stands against this subject, in an answer, a task or a list."""
    expires_at = int((now + REMEMBERED).timestamp())
    exchange.upsert(_asked_id(subject_id), {RECEIVED_BY + platform_id: iso(now), "expires_at": expires_at})


def receivers(exchange: "ExchangeTable", subject: Mapping[str, Any], since: str, now: datetime) -> list[str]:
    """The platforms that were given what stands against the subject at or after a moment, or know the merchant."""
    item = exchange.get(_asked_id(subject["subject_id"])) or {}
    since = max(since, iso(now - REMEMBERED))
    received = {
        field.removeprefix(RECEIVED_BY) for field, at in item.items() if field.startswith(RECEIVED_BY) and at >= since
    }
    return sorted(received | set(knowers(exchange, subject, now)))


def _asked_id(subject_id: str) -> str:
    return f"asked#{subject_id}"
