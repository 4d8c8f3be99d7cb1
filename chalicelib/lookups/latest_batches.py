"""The batches that a person looked up within the day for which their verdicts are kept, so as to come back to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# So many are kept, the newest first.
MOST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Record):
    """A batch: the id of its verdicts, when it was looked up, and how many applicants have each verdict."""

    batch_id: str = stored()
    at: str = stored()
    counts: Mapping[str, int] = stored(factory=dict)


def note_batch(exchange: "ExchangeTable", person_id: str, batch: Batch, now: datetime) -> None:
    """Note a batch of a person; of two at the same moment one may be missing, and is there by its address still."""
    kept = [batch, *latest_batches(exchange, person_id, now)][:MOST]
    expires_at = int((now + lookup_keys.BATCHES_KEPT).timestamp())
    item_id = lookup_keys.batches(person_id)
    exchange.put({"id": item_id, "batches": [each.to_item() for each in kept], "expires_at": expires_at})


def latest_batches(exchange: "ExchangeTable", person_id: str, now: datetime) -> list[Batch]:
    """The batches of a person whose verdicts are kept still, the newest first. One read."""
    item = exchange.get(lookup_keys.batches(person_id)) or {"batches": []}
    since = iso(now - lookup_keys.BATCHES_KEPT)
    return [batch for batch in map(Batch.from_item, item["batches"]) if batch.at > since]
