"""One at a time: whoever holds a lease works, and a lease of somebody who died ends by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Longer than a function may run, so that a lease never ends under living hands.
LEASE: Final = timedelta(minutes=16)
FREE: Final = ""


@contextmanager
def lease(exchange: "ExchangeTable", name: str, now: datetime) -> Iterator[bool]:
    """Whether the lease of that name is ours; given back at the end, however the work ends."""
    item_id, until = f"lease#{name}", iso(now + LEASE)
    held = exchange.put_new({"id": item_id, "until": until})
    ours = held is None or (
        held["until"] < iso(now) and exchange.set_fields(item_id, {"until": until}, only_if={"until": held["until"]})
    )
    try:
        yield ours
    finally:
        if ours:
            exchange.set_fields(item_id, {"until": FREE}, only_if={"until": until})
