"""The table of every kind of item of the three tables, by capability.

The functions that build their keys lie in `storage/item_keys/`, apart, because a lookup needs them at its cold start.
"""

from typing import Final

from chalicelib.storage.item_kind import EXCHANGE, ItemKind
from chalicelib.storage.item_kinds import (
    account_kinds,
    closure_task_kinds,
    dispute_kinds,
    government_list_kinds,
    licence_kinds,
    lookup_kinds,
    notice_kinds,
    numbered_log_kinds,
    probing_kinds,
    registry_kinds,
    report_kinds,
    roster_kinds,
    scheduled_job_kinds,
    verdict_kinds,
)
from chalicelib.storage.item_kinds.people import audit_kinds, decision_kinds, person_kinds

ITEM_KINDS: Final[tuple[ItemKind, ...]] = (
    *registry_kinds.KINDS,
    *numbered_log_kinds.KINDS,
    *scheduled_job_kinds.KINDS,
    *account_kinds.KINDS,
    *report_kinds.KINDS,
    *notice_kinds.KINDS,
    *verdict_kinds.KINDS,
    *government_list_kinds.KINDS,
    *lookup_kinds.KINDS,
    *licence_kinds.KINDS,
    *closure_task_kinds.KINDS,
    *dispute_kinds.KINDS,
    *roster_kinds.KINDS,
    *probing_kinds.KINDS,
    *person_kinds.KINDS,
    *audit_kinds.KINDS,
    *decision_kinds.KINDS,
)


def kinds_of(item_id: str, table: str = EXCHANGE) -> list[ItemKind]:
    """The kinds whose keys look like this one; exactly one for every item that the exchange writes."""
    return [kind for kind in ITEM_KINDS if kind.table == table and kind.pattern.fullmatch(item_id)]
