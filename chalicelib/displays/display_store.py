"""Displays in the exchange table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.displays.rules.display import Display
from chalicelib.storage.item_keys import licence_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def find_display(exchange: "ExchangeTable", display_id: str) -> Display | None:
    """The display; None where that id was never given."""
    item = exchange.get(licence_keys.display(display_id))
    return Display.from_item(item) if item else None


def find_displays(exchange: "ExchangeTable", display_ids: Iterable[str]) -> list[Display]:
    """The displays that there are, in the order of their ids."""
    asked = list(display_ids)
    items = exchange.get_many(licence_keys.display(display_id) for display_id in asked)
    return [Display.from_item(items[key]) for display_id in asked if (key := licence_keys.display(display_id)) in items]


def put_new_display(exchange: "ExchangeTable", display: Display) -> Display | None:
    """Store the display unless its id is taken; None when stored, else the display that was there first."""
    taken = exchange.put_new({"id": licence_keys.display(display.display_id), **display.to_item()})
    return Display.from_item(taken) if taken else None
