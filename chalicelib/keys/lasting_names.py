"""What is named by a keyed digest keeps its name when the key rotates: later names of it lead to the first.

A thing is asked for by its possible names, one for each key in use, the current key's first. Its lasting name is that
under which it stands already; of a new thing, the name by the current key. Each claim is one conditional write, and
every worker that knows the same oldest name asks for the same claim first: so two workers never give two names to one
thing, whichever of them has heard of a rotation first, and a worker that is interrupted leaves nothing to repair.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# The names, the current key's first.
Names = Sequence[str]


def lasting_names(
    exchange: "ExchangeTable",
    item_id: Callable[[str], str],
    wanted: Sequence[Names],
    existing: Callable[[Collection[str]], Collection[str]],
) -> list[str]:
    """The lasting name of each thing, by its possible names; from now on each of these leads there.

    `item_id` gives the item that holds where a name leads, `existing` those of some names that are in use.
    """
    asked = list(dict.fromkeys(name for names in wanted for name in names))
    if not asked:
        return []
    in_use = set(existing(asked))
    claims = claimed_names(exchange, item_id, asked)
    return [_lasting_name(exchange, item_id, names, in_use, claims) for names in wanted]


def claimed_names(exchange: "ExchangeTable", item_id: Callable[[str], str], names: Collection[str]) -> dict[str, str]:
    """Where those of the names lead that lead anywhere."""
    held = exchange.get_many(item_id(name) for name in names)
    return {name: str(item["named"]) for name in names if (item := held.get(item_id(name)))}


def _lasting_name(
    exchange: "ExchangeTable",
    item_id: Callable[[str], str],
    names: Names,
    in_use: Collection[str],
    claims: dict[str, str],
) -> str:
    """The lasting name of one thing; what is claimed for it is added to `claims`."""

    def claim(name: str, lasting: str) -> str:
        taken = exchange.put_new({"id": item_id(name), "named": lasting})
        claims[name] = str(taken["named"]) if taken else lasting
        return claims[name]

    led = (claims.get(name) or (name if name in in_use else "") for name in reversed(names))
    lasting = next(filter(None, led), "") or claim(names[-1], names[0])
    for name in names:
        if name not in claims and name != lasting and name not in in_use:
            claim(name, lasting)
    return lasting
