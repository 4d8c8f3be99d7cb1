"""Holds what the tests have written against the declared kinds of items."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from chalicelib.storage.item_kind import EXPIRY, KEY_ATTRIBUTE, ItemKind
from chalicelib.storage.item_kinds import ITEM_KINDS

# An item as the store holds it: the name of each attribute and its value, numbers as text.
Stored = Mapping[str, Any]
# Expiry is in whole seconds.
TOLERANCE_SECONDS = 1


@cache
def declared(table: str) -> tuple[tuple[ItemKind, str, Any, Any], ...]:
    """Each kind of the table, how its keys begin, and the patterns of its keys and fields, made once."""
    return tuple(
        (kind, kind.template.partition("<")[0], kind.pattern, kind.field_pattern)
        for kind in ITEM_KINDS
        if kind.table == table
    )


def faults(table: str, items: Iterable[Stored]) -> list[str]:
    """What of the items no declared kind allows, in words; none where all is declared."""
    return [fault for item in items for fault in _faults(table, item)]


def _faults(table: str, item: Stored) -> Iterator[str]:
    key = str(item[KEY_ATTRIBUTE[table]])
    fitting = [row for row in declared(table) if key.startswith(row[1]) and row[2].fullmatch(key)]
    if len(fitting) != 1:
        yield f"{table} {key}: {[row[0].name for row in fitting] or 'no declared kind'}"
        return
    kind, _, _, allowed = fitting[0]
    yield from (f"{table} {key}: undeclared field {name}" for name in item if not allowed.fullmatch(name))
    if kind.ttl is None:
        return
    if EXPIRY not in item:
        if kind.ttl.at_once:
            yield f"{table} {key}: no {EXPIRY}"
    elif kind.ttl.after in item:
        due = datetime.fromisoformat(item[kind.ttl.after]) + kind.ttl.kept
        if abs(int(item[EXPIRY]) - due.timestamp()) > TOLERANCE_SECONDS:
            yield f"{table} {key}: {EXPIRY} is not {kind.ttl.kept} after {kind.ttl.after}"


def held_by_moto(table_name: str) -> list[Stored]:
    """Every item of a table in moto's memory, without a call; none where the table was deleted."""
    from moto.dynamodb.models import dynamodb_backends

    table = dynamodb_backends["123456789012"]["cn-north-1"].tables.get(table_name)
    items = table.items.values() if table else ()
    return [{name: value.value for name, value in item.attrs.items()} for item in items]
