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

# So many decisions are marked in one item, of 12 characters each; then the next one begins.
MOST_MARKS = 10_000


def count_outcome(exchange: "ExchangeTable", platform_id: str, outcome: str, decision_id: str) -> TrustCounters:
    """Count how a dispute over a listing of the platform ended, one of `OUTCOMES`; the counters after it.

    The same decision counted twice counts once. A level that lookups must heed is stored where they read it.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    # The marks of decisions stay, for a rebuild counts them again.
    mark, part = hashlib.sha256(f"{outcome}|{decision_id}".encode()).hexdigest()[:12], 0
    while mark not in exchange.count_once(_part(platform_id, part), {outcome: 1}, mark, most=MOST_MARKS)["marks"]:
        part += 1
    counters = get_trust(exchange, platform_id)
    _store_level(exchange, platform_id, counters)
    return counters


def count_reported(exchange: "ExchangeTable", platform_id: str, report_id: str, rows: int) -> None:
    """Count the rows of a report; called again before `forget_report`, it counts nothing."""
    exchange.count_once(verdict_keys.trust(platform_id), {"reported": rows}, report_id)
    counters = get_trust(exchange, platform_id)
    if counters.decided:
        _store_level(exchange, platform_id, counters)


def forget_report(exchange: "ExchangeTable", platform_id: str, report_id: str) -> None:
    """Remove the mark of a report once the report itself is marked as done."""
    exchange.take_from_set(verdict_keys.trust(platform_id), "marks", {report_id})


def get_trust(exchange: "ExchangeTable", platform_id: str) -> TrustCounters:
    """The counters of a platform."""
    item = exchange.get(verdict_keys.trust(platform_id)) or {}
    counters, part = TrustCounters.from_item(item), 0
    while len(item.get("marks", ())) >= MOST_MARKS:
        part += 1
        item = exchange.get(_part(platform_id, part)) or {}
        counters = counters.replace(**{name: getattr(counters, name) + item.get(name, 0) for name in OUTCOMES})
    return counters


def _part(platform_id: str, part: int) -> str:
    return verdict_keys.more_trust(platform_id, part) if part else verdict_keys.trust(platform_id)


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
