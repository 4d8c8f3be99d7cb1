"""How far each reporter is trusted, kept by what became of the disputes over its listings.

Counters stand in one item for each platform, and each count leaves its mark there, so that it counts once.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.verdicts.rules import reporter_trust
from chalicelib.verdicts.rules.decide_verdict import RULING_ID, TRUST

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# How a dispute over a listing may end; each is a counter.
OUTCOMES: Final = reporter_trust.OUTCOMES
COUNTERS: Final = ("reported", *OUTCOMES)


def record(exchange: "ExchangeTable", platform_id: str, outcome: str, decision_id: str) -> dict[str, Any]:
    """Count how a dispute over a listing of the platform ended, one of `OUTCOMES`; the trust that follows.

    The same decision recorded twice counts once. A level that lookups must heed is laid down where they read it.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    # The marks of decisions stay, so they are short: some 20,000 fit beside the counters.
    mark = hashlib.sha256(f"{outcome}|{decision_id}".encode()).hexdigest()[:12]
    item = exchange.count_once(_id(platform_id), {outcome: 1}, mark)
    _lay_down(exchange, platform_id, item)
    return view(platform_id, item)


def count_reported(exchange: "ExchangeTable", platform_id: str, report_id: str, rows: int) -> None:
    """Count what a report brought; called again before `forget_report`, it counts nothing."""
    item = exchange.count_once(_id(platform_id), {"reported": rows}, report_id)
    if any(item.get(outcome) for outcome in OUTCOMES):
        _lay_down(exchange, platform_id, item)


def forget_report(exchange: "ExchangeTable", platform_id: str, report_id: str) -> None:
    """Take the mark of a report off once the report itself says that it is done."""
    exchange.take_from_set(_id(platform_id), "marks", {report_id})


def describe(exchange: "ExchangeTable", platform_id: str) -> dict[str, Any]:
    """How a platform stands."""
    return view(platform_id, exchange.get(_id(platform_id)) or {})


def view(platform_id: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """The counters with the level that follows from them, in words."""
    counters = {name: int(item.get(name, 0)) for name in COUNTERS}
    level = reporter_trust.level(counters)
    return {"platform_id": platform_id, **counters, "level": level.name, "says": {"zh": level.zh, "en": level.en}}


def _lay_down(exchange: "ExchangeTable", platform_id: str, item: Mapping[str, Any]) -> None:
    level = view(platform_id, item)["level"]
    if level == "low":
        exchange.upsert(RULING_ID, {TRUST + platform_id: level})
    else:
        exchange.remove_field(RULING_ID, TRUST + platform_id)


def _id(platform_id: str) -> str:
    return f"trust#{platform_id}"
