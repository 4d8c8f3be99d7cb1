"""Leases: one worker at a time does a piece of work, and the lease of a worker that died ends by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys import scheduled_job_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Longer than a function may run, so that a lease never ends while its worker still works.
LEASE: Final = timedelta(minutes=16)
FREE: Final = ""


@contextmanager
def lease(exchange: "ExchangeTable", name: str, now: datetime) -> Iterator[bool]:
    """Whether this worker has the lease of that name; given back at the end, however the work ends."""
    item_id, until = scheduled_job_keys.lease(name), iso(now + LEASE)
    existing = exchange.put_new({"id": item_id, "until": until})
    is_ours = existing is None or (
        existing["until"] < iso(now)
        and exchange.set_fields(item_id, {"until": until}, only_if={"until": existing["until"]})
    )
    try:
        yield is_ours
    finally:
        if is_ours:
            exchange.set_fields(item_id, {"until": FREE}, only_if={"until": until})
