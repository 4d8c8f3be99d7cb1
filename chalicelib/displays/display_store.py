"""Displays in the exchange table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from chalicelib.displays.rules.display import DELETED, Display
from chalicelib.displays.rules.display_states import display_id as id_of_display
from chalicelib.errors import Conflict
from chalicelib.keys.lasting_names import lasting_names
from chalicelib.licences import licence_store
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import licence_keys, registry_keys
from chalicelib.values.keyed_digest import forms_of

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# So many displays of a licence are indexed; once there are more, those that were deleted are taken out.
MOST_DISPLAYS: Final = 3_000


def find_display(exchange: "ExchangeTable", display_id: str) -> Display | None:
    """The display; None where that id was never given."""
    item = exchange.get(licence_keys.display(display_id))
    return Display.from_item(item) if item else None


def find_displays(exchange: "ExchangeTable", display_ids: Iterable[str]) -> list[Display]:
    """The displays that there are, in the order of their ids."""
    asked = list(display_ids)
    items = exchange.get_many(licence_keys.display(display_id) for display_id in asked)
    return [Display.from_item(items[key]) for display_id in asked if (key := licence_keys.display(display_id)) in items]


def lasting_id(exchange: "ExchangeTable", digest: str, is_rotated: bool) -> str:
    """The id of the display that a keyed digest names, whichever key of the digests it was made under."""
    ids = [id_of_display(form) for form in forms_of(digest)]

    def in_use(wanted: Iterable[str]) -> set[str]:
        return {display.display_id for display in find_displays(exchange, wanted)}

    return lasting_names(exchange, registry_keys.lasting_name, [ids], in_use)[0] if is_rotated else ids[0]


def put_new_display(exchange: "ExchangeTable", display: Display) -> Display | None:
    """Store the display unless its id is taken; None when stored, else the display that was there first.

    Raises `Conflict` where its licence has as many displays as it may have.
    """
    if display.uscc:
        _make_room(exchange, display)
    taken = exchange.put_new({"id": licence_keys.display(display.display_id), **display.to_item()})
    return Display.from_item(taken) if taken else None


def _make_room(exchange: "ExchangeTable", display: Display) -> None:
    """Let the index of a licence's displays take one more."""
    indexed = licence_store.displays_of(exchange, display.uscc)
    if display.display_id in indexed or len(indexed) < MOST_DISPLAYS:
        return
    deleted = [each.display_id for each in find_displays(exchange, indexed) if each.state == DELETED]
    if not deleted:
        raise Conflict(ErrorCode.TOO_MANY_DISPLAYS, uscc=display.uscc, most=MOST_DISPLAYS)
    for display_id in deleted:
        exchange.remove_field(licence_keys.displays_of(display.uscc), display_id)
