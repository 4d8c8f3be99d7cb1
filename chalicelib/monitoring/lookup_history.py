"""Lookups are kept for 360 days, so that a platform hears of a merchant that is listed after it asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups.rules import find_candidates
from chalicelib.lookups.rules.find_candidates import Applicant
from chalicelib.monitoring import inquiry_index
from chalicelib.verdicts.recent_lookups import RecentLookup, keep_lookup

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


KEPT_DAYS: Final = 360  # lookups are kept for retroactive alerts


def remember(
    exchange: "ExchangeTable",
    caller: Caller,
    purpose: str,
    applicant: Applicant,
    answer: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep who asked what for which purpose and what was said, without any personal value in clear."""
    known_as = find_candidates.known_as(applicant)
    if known_as and caller.role == Role.PLATFORM:
        inquiry_index.record_inquiry(exchange, known_as, caller.platform_id, now)
    if caller.role == Role.PLATFORM:
        for match in answer["matches"]:
            inquiry_index.record_disclosure(exchange, match["subject"]["subject_id"], caller.platform_id, now)
    kept_until = int((now + timedelta(days=KEPT_DAYS)).timestamp())
    lookup = {
        "lookup_id": answer["lookup_id"],
        "platform_id": caller.platform_id,
        "purpose": purpose,
        "at": answer["looked_up_at"],
        "asked_id": known_as,
        "verdict": answer["verdict"],
        "relations": {match["subject"]["subject_id"]: match["relation"] for match in answer["matches"]},
        "expires_at": kept_until,
    }
    exchange.put({"id": f"lookup#{answer['lookup_id']}", **lookup})
    # Only what found something can change by another policy.
    if answer["matches"] and caller.role == Role.PLATFORM:
        keep_lookup(
            exchange,
            caller.platform_id,
            RecentLookup(
                lookup_id=answer["lookup_id"], at=lookup["at"], asked_id=known_as, relations=lookup["relations"]
            ),
            now,
        )
