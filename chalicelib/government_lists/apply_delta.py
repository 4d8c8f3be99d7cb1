"""A run: the changes of a delta, laid down in chunks and saved chunk by chunk, so that it goes on where it was killed.

Every change of a run carries the moment at which the run began. So a chunk that is saved twice changes nothing the
second time, whatever of it had been saved the first time.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.compute_delta import Comparison
from chalicelib.government_lists.rules.entry_changes import changes
from chalicelib.government_lists.rules.feed import Feed, State
from chalicelib.registry.rules.subject_changes import Change
from chalicelib.registry.save_changes import save_all
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

CHUNK: Final = 1_000


def lay_down(bucket: "FileBucket", feed: Feed, found: Comparison, now: datetime) -> dict[str, Any]:
    """Put what changed into the bucket, chunk by chunk, and the list as it will then be; the run that saves it."""
    at = iso(now)
    place = f"feeds/{feed.name}/runs/{at}"
    chunk: list[str] = []
    chunks = 0
    for _, change in sort_large_list.read(found.changes):
        chunk.append(json.dumps(change, ensure_ascii=False))
        if len(chunk) == CHUNK:
            bucket.put(f"{place}/{chunks}", "\n".join(chunk).encode())
            chunks, chunk = chunks + 1, []
    if chunk:
        bucket.put(f"{place}/{chunks}", "\n".join(chunk).encode())
        chunks += 1
    bucket.put_file(f"{place}/records", found.records)
    return {
        "at": at,
        "place": place,
        "chunks": chunks,
        "done": 0,
        "changes": found.changed,
        "rows": found.counts.after,
        "rejected": found.counts.rejected,
    }


def go_on(
    registry: "RegistryTable",
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    feed: Feed,
    state: State,
    time_is_left: Callable[[], bool],
) -> bool:
    """Save the chunks of the state's run that are not saved yet; whether all of them are now."""
    run = state["run"]
    while run["done"] < run["chunks"]:
        body = bucket.get(f"{run['place']}/{run['done']}")
        if body is None:
            raise LookupError(f"chunk {run['done']} of {run['place']} is not in the bucket")
        save_all(registry, _changes(feed, body, run["at"]))
        run["done"] += 1
        exchange.put(state)
        if not time_is_left():
            break
    return bool(run["done"] == run["chunks"])


def _changes(feed: Feed, body: bytes, at: str) -> list[Change]:
    made: list[Change] = []
    for line in body.decode().split("\n"):
        one = json.loads(line)
        made.extend(changes(feed, one["record"], gone=one["gone"], at=at))
    return made
