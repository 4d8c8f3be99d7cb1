"""The index of inquiries: which platforms looked a subject up, and which were given its listings, each when last."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.registry.rules.subject_id import ids_of
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# A platform's id as the name of a field, kept apart from all other fields.
ASKED_BY: Final = "asked_by:"
RECEIVED_BY: Final = "received_by:"
CHECKED_BY: Final = "checked_by:"


def record_inquiry(
    exchange: "ExchangeTable", subject_id: str, platform_id: str, now: datetime, *, disclosed: bool = False
) -> None:
    """Keep that a platform looked this subject up, listed or not, so that it can be notified later, and whether it was
    given the listings of this very subject, in one write."""
    _record(exchange, (ASKED_BY, RECEIVED_BY) if disclosed else (ASKED_BY,), subject_id, platform_id, now)


def record_check(exchange: "ExchangeTable", asked_id: str, platform_id: str, now: datetime) -> None:
    """Keep that a platform checked an applicant to onboard it, which is an inquiry too: under each of the ids of a
    natural person, so that it is met under whichever key its subject is stored."""
    for subject_id in ids_of(asked_id):
        _record(exchange, (ASKED_BY, CHECKED_BY), subject_id, platform_id, now)


def was_checked_by(item: Json | None, platform_id: str) -> bool:
    """Whether the platform checked a subject to onboard it, from its item in the index."""
    return bool((item or {}).get(CHECKED_BY + platform_id))


def record_disclosure(exchange: "ExchangeTable", subject_id: str, platform_id: str, now: datetime) -> None:
    """Keep that a platform was given this subject's listings, in an answer, a task or a list."""
    _record(exchange, (RECEIVED_BY,), subject_id, platform_id, now)


def inquirers(item: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """The platforms that looked a subject up in the last 360 days, from its item in the index."""
    since = iso(now - lookup_keys.INQUIRY_KEPT)
    for field, at in sorted(item.items()):
        if field.startswith(ASKED_BY) and at > since:
            yield field.removeprefix(ASKED_BY)


def platforms_informed_since(exchange: "ExchangeTable", subject_id: str, since: str, now: datetime) -> set[str]:
    """The platforms that were given the subject's listings at or after a moment, of the last 360 days."""
    item = exchange.get(lookup_keys.inquiry_index(subject_id)) or {}
    since = max(since, iso(now - lookup_keys.INQUIRY_KEPT))
    return {
        field.removeprefix(RECEIVED_BY) for field, at in item.items() if field.startswith(RECEIVED_BY) and at >= since
    }


def _record(
    exchange: "ExchangeTable", prefixes: tuple[str, ...], subject_id: str, platform_id: str, now: datetime
) -> None:
    expires_at = int((now + lookup_keys.INQUIRY_KEPT).timestamp())
    exchange.upsert(
        lookup_keys.inquiry_index(subject_id),
        {**{prefix + platform_id: iso(now) for prefix in prefixes}, "expires_at": expires_at},
    )
