"""Verified licences in the exchange table, and the indexes that lead to them: by due day, and by display.

Every write of a licence goes through `update_licence`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from chalicelib.errors import Unavailable
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import licence_keys
from chalicelib.storage.sharded_set import ShardedSet

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

TRIES = 12
# The licences due on a day, of 18 characters each. Few parts, because a preview reads months of days.
DUE = ShardedSet(
    field="usccs",
    key=licence_keys.licences_due_part,
    parts=16,
    most=8_000,
    older=lambda day: [licence_keys.licences_due(day)],
)


def find_licence(exchange: "ExchangeTable", uscc: str) -> VerifiedLicence | None:
    """The current state of a merchant's licence; None if it was never verified."""
    item = exchange.get(licence_keys.licence(uscc))
    return VerifiedLicence.from_item(item) if item else None


def find_licences(exchange: "ExchangeTable", usccs: Iterable[str]) -> dict[str, VerifiedLicence]:
    """The licences of those of the merchants that have one, by code."""
    items = exchange.get_many(licence_keys.licence(uscc) for uscc in usccs)
    licences = [VerifiedLicence.from_item(item) for item in items.values()]
    return {licence.uscc: licence for licence in licences}


def update_licence(
    exchange: "ExchangeTable", uscc: str, change: Callable[[VerifiedLicence | None], VerifiedLicence | None]
) -> VerifiedLicence | None:
    """Apply a pure change to a merchant's licence on condition that nobody else wrote meanwhile; the licence then.

    `change` returns None where there is nothing to write. Raises `Unavailable` after twelve lost races.
    """
    for _ in range(TRIES):
        before = find_licence(exchange, uscc)
        after = change(before)
        if after is None:
            return before
        if before is None:
            if exchange.put_new({"id": licence_keys.licence(uscc), **after.to_item()}) is None:
                return after
        elif exchange.set_fields(
            licence_keys.licence(uscc), after.changes_since(before), only_if={"version": before.version}
        ):
            return after
    raise Unavailable(ErrorCode.STORE_UNAVAILABLE, uscc=uscc)


def add_due(exchange: "ExchangeTable", day: str, uscc: str) -> None:
    """Add the licence to those that are due on that day. Safe to repeat."""
    DUE.add(exchange, day, uscc)


def licences_due_on(exchange: "ExchangeTable", days: Iterable[str]) -> list[tuple[str, str]]:
    """Day and code of each licence that was, at some time, due on one of the days, in their order."""
    asked = list(days)
    found: dict[str, set[str]] = {}
    for key, usccs in DUE.parts_of(exchange, *asked):
        found.setdefault(licence_keys.day_of_due(key), set()).update(usccs)
    return [(day, uscc) for day in asked for uscc in sorted(found.get(day, ()))]


def displays_of(exchange: "ExchangeTable", uscc: str) -> dict[str, str]:
    """The platform of each display of the merchant, by the display's id; deleted displays too."""
    return _displays(exchange.get(licence_keys.displays_of(uscc)) or {})


def licences_with_displays(
    exchange: "ExchangeTable", usccs: Iterable[str]
) -> dict[str, tuple[VerifiedLicence, dict[str, str]]]:
    """The licences of those of the merchants that have one, and their displays, by code; one read of the store."""
    asked = list(usccs)
    items = exchange.get_many(key(uscc) for uscc in asked for key in (licence_keys.licence, licence_keys.displays_of))
    return {
        uscc: (
            VerifiedLicence.from_item(items[licence_keys.licence(uscc)]),
            _displays(items.get(licence_keys.displays_of(uscc), {})),
        )
        for uscc in asked
        if licence_keys.licence(uscc) in items
    }


def add_display(exchange: "ExchangeTable", uscc: str, display_id: str, platform_id: str) -> None:
    """Add the display to those of the merchant. Safe to repeat."""
    exchange.upsert(licence_keys.displays_of(uscc), {display_id: platform_id})


def _displays(item: Mapping[str, str]) -> dict[str, str]:
    return {display: platform for display, platform in item.items() if display != "id"}
