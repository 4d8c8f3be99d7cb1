"""Update how far each reporter is trusted when disputes over its listings end.

The counters of a platform are one item, and each count leaves its mark there, so that it counts once.
"""

import hashlib
from typing import TYPE_CHECKING

from chalicelib.storage.item_keys import verdict_keys
from chalicelib.verdicts.load_rules import TRUST
from chalicelib.verdicts.request_recheck import of_platform, request_recheck
from chalicelib.verdicts.rules import reporter_trust
from chalicelib.verdicts.rules.reporter_trust import OUTCOMES, TrustCounters

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def count_outcome(exchange: "ExchangeTable", platform_id: str, outcome: str, decision_id: str) -> TrustCounters:
    """Count how a dispute over a listing of the platform ended, one of `OUTCOMES`; the counters after it.

    The same decision counted twice counts once. A level that lookups must heed is stored where they read it.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    # The marks of decisions stay, so they are short: some 20,000 fit beside the counters.
    mark = hashlib.sha256(f"{outcome}|{decision_id}".encode()).hexdigest()[:12]
    item = exchange.count_once(verdict_keys.trust(platform_id), {outcome: 1}, mark)
    counters = TrustCounters.from_item(item)
    _store_level(exchange, platform_id, counters)
    return counters


def count_reported(exchange: "ExchangeTable", platform_id: str, report_id: str, rows: int) -> None:
    """Count the rows of a report; called again before `forget_report`, it counts nothing."""
    item = exchange.count_once(verdict_keys.trust(platform_id), {"reported": rows}, report_id)
    counters = TrustCounters.from_item(item)
    if counters.decided:
        _store_level(exchange, platform_id, counters)


def forget_report(exchange: "ExchangeTable", platform_id: str, report_id: str) -> None:
    """Remove the mark of a report once the report itself is marked as done."""
    exchange.take_from_set(verdict_keys.trust(platform_id), "marks", {report_id})


def get_trust(exchange: "ExchangeTable", platform_id: str) -> TrustCounters:
    """The counters of a platform."""
    return TrustCounters.from_item(exchange.get(verdict_keys.trust(platform_id)) or {})


def _store_level(exchange: "ExchangeTable", platform_id: str, counters: TrustCounters) -> None:
    """Low trust is stored in the rules that every lookup reads, and removed once it is low no more.

    Where it changes, the tasks on what the platform filed are checked again.
    """
    is_low = reporter_trust.level(counters).name == "low"
    field, ruling = TRUST + platform_id, exchange.get(verdict_keys.RULING) or {}
    if is_low == (ruling.get(field) == "low"):
        return
    # Before as well, so that a worker killed after the change leaves the request behind.
    request_recheck(exchange, of_platform(platform_id))
    if is_low:
        exchange.upsert(verdict_keys.RULING, {field: "low"})
    else:
        exchange.remove_field(verdict_keys.RULING, field)
    request_recheck(exchange, of_platform(platform_id))
