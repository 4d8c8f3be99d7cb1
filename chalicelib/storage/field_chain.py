"""Any number of fields under one name: an item of bounded size, and further ones once that is full.

The first item has the key under which earlier versions kept all fields, so it is read with what they wrote. Each item
that is followed by another says so (`more`); as long as nothing is full, reading and writing cost one item.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.values.record_layout import stored_bytes

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable, Item

# The field of an item that is followed by a further one.
MORE: Final = "more"
# One write sets so many fields; the store takes expressions of 4 KB.
AT_ONCE: Final = 100
# The key of each item of a chain: the first is number 0.
Keys = Callable[[int], str]
_EMPTY: Final = stored_bytes({})


def keys_of(first: Callable[..., str], further: Callable[..., str], *names: str) -> Keys:
    """The keys of a chain: `first` gives the first item's of the names, `further` others' of names and number."""
    return lambda number: further(*names, number) if number else first(*names)


def read_on(get: "Callable[[str], Item | None]", keys: Keys, first: "Item | None") -> "Item":
    """All fields of a chain whose first item was read already; of a field in two items, the later one counts."""
    fields, item, number = dict(first or {}), first, 0
    while item and item.get(MORE):
        number += 1
        item = get(keys(number))
        fields |= item or {}
    return fields


def read_many(exchange: "ExchangeTable", chains: Mapping[str, Keys]) -> "dict[str, Item]":
    """All fields of those of the chains that have any, by the name of the chain; one read for each further item."""
    fields: dict[str, Item] = {}
    asked = {keys(0): (name, 0) for name, keys in chains.items()}
    while asked:
        following: dict[str, tuple[str, int]] = {}
        for key, item in exchange.get_many(asked).items():
            name, number = asked[key]
            fields[name] = fields.get(name, {}) | item
            if item.get(MORE):
                following[chains[name](number + 1)] = name, number + 1
        asked = following
    return fields


def put_fields(exchange: "ExchangeTable", keys: Keys, fields: Mapping[str, object], most_bytes: int) -> None:
    """Set fields of a chain, each in the item that has it or in the first with room for it. Safe to repeat.

    No item grows past `most_bytes` but by what writers at the same moment add, and by values that take the place of
    smaller ones in an item that an earlier version has filled further.
    """
    left, number = dict(fields), 0
    while left:
        item = exchange.get(keys(number)) or {}
        here = dict(_fitting(item, left, most_bytes))
        left = {name: value for name, value in left.items() if name not in here}
        written = list((here | ({MORE: True} if left else {})).items())
        for start in range(0, len(written), AT_ONCE):
            exchange.upsert(keys(number), dict(written[start : start + AT_ONCE]))
        number += 1


def _fitting(item: "Item", fields: Mapping[str, object], most_bytes: int) -> Iterator[tuple[str, Any]]:
    """Those of the fields that an item takes."""
    size = stored_bytes(item)
    for name, value in _held_first(item, fields):
        grown = size + _bytes_of(name, value) - (_bytes_of(name, item[name]) if name in item else 0)
        is_empty = size == _EMPTY
        if is_empty or grown <= max(most_bytes, size if name in item else 0):
            size = grown
            yield name, value


def _held_first(item: "Item", fields: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    return sorted(fields.items(), key=lambda field: field[0] not in item)


def _bytes_of(name: str, value: Any) -> int:
    return stored_bytes({name: value})
