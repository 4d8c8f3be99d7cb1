"""Tells when an item that was written is past half of the bound that is declared for its kind.

The store says with each write how many units it took, one for each KB of the item as it is then, when it is asked to:
so an item is measured where it grows, without a call, a read or a scan of its own.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from re import Pattern
from typing import Any, Final

from chalicelib import logs
from chalicelib.values.records import Json

WRITES: Final = ("PutItem", "UpdateItem")
SHARE: Final = 0.5
# An item that is written often is told of once in so many seconds by each container, for each kind.
TOLD_AGAIN_SECONDS: Final = 300
UNIT_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound of a kind of items: how their keys begin, the pattern of the keys, the bytes of the largest item.

    `goes_on`: what does not fit is written into a further item, so that a full one is no sign of growth.
    """

    kind: str
    prefix: str
    pattern: Pattern[str]
    most_bytes: int
    goes_on: bool


def watch(client: Any, tables: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
    """Measure every item that this DynamoDB client writes; `tables` maps the names of tables to those of `ItemKind`."""
    told: dict[str, float] = {}

    def ask(params: Json, context: Json, **_: Any) -> None:
        table = tables.get(params.get("TableName", ""), "")
        if table:
            params["ReturnConsumedCapacity"] = "TOTAL"
            context["written"] = table, params.get("Key") or params["Item"]

    def measure(parsed: Json, context: Json, **_: Any) -> None:
        units = float(parsed.get("ConsumedCapacity", {}).get("CapacityUnits", 0))
        # What takes one unit is a KB at most, and half of no bound that matters.
        if units > 1 and "written" in context:
            table, attributes = context["written"]
            try:
                _tell(table, attributes, int(units), told, clock())
            except Exception:
                # What was written is written, whether it was measured or not.
                logs.failed("item_not_measured", table=table)

    for operation in WRITES:
        client.meta.events.register(f"provide-client-params.dynamodb.{operation}", ask)
        client.meta.events.register(f"after-call.dynamodb.{operation}", measure)


def share_of_bound(table: str, key: str, units: int) -> tuple[Bound, float] | None:
    """The bound of the item's kind and the least share of it that an item of so many write units has; None for a key
    of no declared kind."""
    least_bytes = (units - 1) * UNIT_BYTES
    for bound in _bounds(table):
        if key.startswith(bound.prefix) and bound.pattern.fullmatch(key):
            return bound, least_bytes / bound.most_bytes
    return None


def _tell(table: str, attributes: Json, units: int, told: dict[str, float], now: float) -> None:
    from chalicelib.storage.item_kind import KEY_ATTRIBUTE

    key = attributes[KEY_ATTRIBUTE[table]]["S"]
    bound, share = share_of_bound(table, key, units) or (None, 0.0)
    if bound is None or share <= SHARE or now - told.get(bound.kind, -TOLD_AGAIN_SECONDS) < TOLD_AGAIN_SECONDS:
        return
    told[bound.kind] = now
    logs.warn("item_past_half", table=table, kind=bound.kind, item=key, kilobytes=units, share=round(share, 2))
    logs.measure({"ItemShareOfBound": share}, Kind=bound.kind)
    if not bound.goes_on:
        logs.measure({"AnyItemShareOfBound": share})  # an alarm names no kind


@cache
def _bounds(table: str) -> tuple[Bound, ...]:
    # Only now: few lookups write an item of more than a KB, and the table of all kinds is no part of a cold start.
    from chalicelib.storage.item_kinds import ITEM_KINDS

    return tuple(
        Bound(kind.name, kind.template.partition("<")[0], kind.pattern, kind.most_bytes, kind.goes_on)
        for kind in ITEM_KINDS
        if kind.table == table
    )
