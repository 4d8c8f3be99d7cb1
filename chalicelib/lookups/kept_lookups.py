"""The lookups that were made, kept in blocks of six: what an item takes on disk besides its content is paid once.

A lookup is written with its block by one write unit, as it was by itself. One that is long, because much was given or
found, has an item of its own, as each had in earlier versions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.lookups.rules.stored_lookup import BODY, StoredLookup, packed, unpacked
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Six of them, with the key and the other fields, stay within 1 KB, which is one write unit.
MOST_BYTES_IN_A_BLOCK: Final = 128


def writes(exchange: "ExchangeTable", lookups: Iterable[StoredLookup]) -> Iterator[Callable[[], None]]:
    """The writes that keep the lookups of one request: one for each block, one for each that is long. Safe to repeat.

    Their ids are numbers of one platform's day.
    """
    blocks: defaultdict[str, Json] = defaultdict(dict)
    for lookup in lookups:
        body = packed(lookup)
        beside = {"platform_id": lookup.platform_id, "expires_at": lookup.expires_at}
        if len(body) > MOST_BYTES_IN_A_BLOCK:
            yield partial(exchange.put, {"id": lookup_keys.lookup(lookup.lookup_id), BODY: body, **beside})
        else:
            block, place = lookup_keys.place_of_lookup(lookup.lookup_id)
            blocks[block] |= {place: body, **beside}
    for block, fields in blocks.items():
        yield partial(exchange.upsert, block, fields)


def read(exchange: "ExchangeTable", lookup_id: str) -> StoredLookup | None:
    """A lookup, or the receipt of an onboarding check, by its id, expired or not; None where there is none.

    One call, two read units at most.
    """
    own = lookup_keys.lookup(lookup_id)
    if lookup_keys.is_numbered(lookup_id):
        items = exchange.get_many((lookup_keys.place_of_lookup(lookup_id)[0], own))
        item = _in_block(items, lookup_id) or items.get(own)
    else:
        item = exchange.get(own)
    return stored_lookup(item, lookup_id) if item else None


def read_numbers(exchange: "ExchangeTable", platform_id: str, day: str, numbers: Iterable[int]) -> dict[int, Json]:
    """The items of those of a caller's lookups of a day that exist, by number, each with its `lookup_id`; of a block,
    the part of each.

    One unit for each block, and one for each lookup that is in none; after a restore so much for each epoch.
    """
    wanted, found = list(numbers), dict[int, Json]()
    for epoch in range(exchange.epoch, -1, -1):
        ids = {n: lookup_keys.lookup_id_of(platform_id, day, n, epoch) for n in wanted if n not in found}
        items = _read_many(exchange, list(ids.values()))
        found |= {n: {**items[each], "lookup_id": each} for n, each in ids.items() if each in items}
    return found


def _read_many(exchange: "ExchangeTable", wanted: Sequence[str]) -> dict[str, Json]:
    blocks = exchange.get_many(lookup_keys.place_of_lookup(lookup_id)[0] for lookup_id in wanted)
    found = {lookup_id: item for lookup_id in wanted if (item := _in_block(blocks, lookup_id))}
    own = exchange.get_many(lookup_keys.lookup(lookup_id) for lookup_id in wanted if lookup_id not in found)
    return found | {lookup_id: own[key] for lookup_id in wanted if (key := lookup_keys.lookup(lookup_id)) in own}


def stored_lookup(item: Json, lookup_id: str) -> StoredLookup:
    """The lookup of an item, or of a part of a block."""
    day = lookup_keys.day_of_lookup(lookup_id) if lookup_keys.is_numbered(lookup_id) else ""
    return unpacked(item, lookup_id, day, lookup_keys.LOOKUP_KEPT)


def _in_block(blocks: Mapping[str, Json], lookup_id: str) -> Json | None:
    """A lookup that lies in a block, in the form of an item of its own."""
    block, place = lookup_keys.place_of_lookup(lookup_id)
    item = blocks.get(block, {})
    return {BODY: item[place], "platform_id": item["platform_id"]} if place in item else None
