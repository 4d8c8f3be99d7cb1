"""How the reports of a platform fared when somebody looked at them again: the figures behind its trust."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable

OUTCOMES: Final = ("upheld", "amended", "voided", "conceded")


def record(exchange: "ExchangeTable", platform_id: str, outcome: str, decision_id: str) -> None:
    """Count an outcome for the reporter, once for each decision however often it is told."""
    exchange.add_to_set(f"trust#{platform_id}", outcome, {decision_id})
