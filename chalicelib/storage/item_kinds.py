"""The table of every kind of item of the three tables, each declared beside its key."""

from typing import Final

from chalicelib.storage.item_keys import (
    accounts,
    decisions,
    disputes,
    government_lists,
    ledger,
    licences,
    lookups,
    notices,
    numbered_feeds,
    registry,
    reports,
    rosters,
    scheduled_jobs,
)
from chalicelib.storage.item_kind import EXCHANGE, ItemKind

ITEM_KINDS: Final[tuple[ItemKind, ...]] = (
    *registry.KINDS,
    *numbered_feeds.KINDS,
    *scheduled_jobs.KINDS,
    *accounts.KINDS,
    *reports.KINDS,
    *notices.KINDS,
    *decisions.KINDS,
    *government_lists.KINDS,
    *lookups.KINDS,
    *licences.KINDS,
    *ledger.KINDS,
    *disputes.KINDS,
    *rosters.KINDS,
)


def kinds_of(item_id: str, table: str = EXCHANGE) -> list[ItemKind]:
    """The kinds whose keys look like this one; exactly one for every item that the exchange writes."""
    return [kind for kind in ITEM_KINDS if kind.table == table and kind.pattern.fullmatch(item_id)]
