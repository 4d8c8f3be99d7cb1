"""The snapshot of the registry: built page by page on a schedule, put into the bucket whole, and held by the workers.

A build goes on where it was killed: each page range ends in a part in the bucket before the state says so. The pointer
to a snapshot moves last; whoever holds an older one keeps it until the newer one is here and whole.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.matching.blocking_keys import POSTING_CAP
from chalicelib.rosters.rules.build_snapshot import Part, assemble
from chalicelib.rosters.rules.snapshot_format import Snapshot
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

# A build begins this long after the last one began; sooner as long as one part holds all.
EVERY: Final = timedelta(hours=6)
EVERY_SMALL: Final = timedelta(minutes=10)
# Older than this a snapshot leaves nobody clear: a day and a build that failed.
STALE_AFTER: Final = timedelta(hours=30)
PAGE: Final = 500
PART: Final = 20_000
# How long a worker trusts what it holds before it looks whether there is a newer one; half of it to one and a half.
LOOK_AGAIN: Final = timedelta(minutes=10)
POINTER: Final = "snapshot"
BUILDING: Final = "snapshot-building"


def build(
    registry: "RegistryTable",
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    now: datetime,
    time_is_left: Callable[[], bool],
    page: int = PAGE,
    part_size: int = PART,
) -> dict[str, Any]:
    """Build as far as the time reaches; the state of the build, with `snapshot_id` once it is published."""
    state = exchange.get(BUILDING)
    if state is None or state.get("published"):
        every = EVERY if state and state["parts"] > 1 else EVERY_SMALL
        if state and age_seconds(state["began_at"], now) < every.total_seconds():
            return state
        state = {"id": BUILDING, "began_at": iso(now), "start": "", "parts": 0, "scanned": False, "subjects": 0}
        exchange.put(state)
    while not state["scanned"]:
        _take_part(registry, bucket, state, time_is_left, page, part_size)
        exchange.put(state)
        if not time_is_left():
            return state
    _publish(exchange, bucket, state)
    state["published"] = True
    exchange.put(state)
    bucket.discard([_part_key(state, number) for number in range(state["parts"])])
    return state


def is_stale(pointer: Mapping[str, Any], now: datetime) -> bool:
    """Whether the snapshot is too old to call anybody clear."""
    return age_seconds(pointer["built_at"], now) > STALE_AFTER.total_seconds()


class Holder:
    """Holds the newest good snapshot in memory, looking for a newer one now and then, not all workers at once."""

    def __init__(
        self, exchange: "ExchangeTable", bucket: "FileBucket", chance: Callable[[], float] = random.random
    ) -> None:
        self._exchange = exchange
        self._bucket = bucket
        self._chance = chance
        self._held: tuple[Mapping[str, Any], Snapshot] | None = None
        self._look_at: datetime | None = None
        self.problem = ""

    def current(self, now: datetime, wanted: str = "") -> tuple[Mapping[str, Any], Snapshot] | None:
        """The pointer and the snapshot; None when there never was one. `wanted` is an id that is known to be newer.

        A newer one that is missing, short or of another checksum is left alone, and `problem` says so. Raises
        `LookupError` when there is one and neither it nor the one before can be read.
        """
        is_wanted = bool(wanted) and (self._held is None or self._held[0]["snapshot_id"] != wanted)
        if self._held is None or is_wanted or self._look_at is None or now >= self._look_at:
            self._look_at = now + LOOK_AGAIN * (0.5 + self._chance())
            self._look()
        return self._held

    def _look(self) -> None:
        pointer = self._exchange.get(POINTER)
        if pointer is None:
            return
        self.problem = self._take(pointer)
        if self._held is None and pointer.get("previous"):
            # A worker that has just begun holds none yet: the one before is better than nothing.
            self._take(pointer["previous"])
        if self._held is None:
            raise LookupError(f"no snapshot can be read: {self.problem}")

    def _take(self, pointer: Mapping[str, Any]) -> str:
        """Hold this one from now on; what is wrong with it otherwise."""
        if self._held and self._held[0]["snapshot_id"] == pointer["snapshot_id"]:
            self._held = pointer, self._held[1]  # nothing has changed since, and that is known later
            return ""
        data = self._bucket.get(pointer["key"])
        problem = _problem(pointer, data)
        if data is not None and not problem:
            self._held = pointer, Snapshot(data)
        return problem


def _problem(pointer: Mapping[str, Any], data: bytes | None) -> str:
    if data is None:
        return "the snapshot is not in the bucket"
    if len(data) != pointer["bytes"]:
        return f"the snapshot has {len(data)} bytes and not {pointer['bytes']}"
    if hashlib.sha256(data).hexdigest() != pointer["sha256"]:
        return "the snapshot is not the one that was written: its checksum differs"
    return ""


def _take_part(
    registry: "RegistryTable",
    bucket: "FileBucket",
    state: dict[str, Any],
    time_is_left: Callable[[], bool],
    page: int,
    part_size: int,
) -> None:
    part, start = Part(), state["start"]
    while True:
        subjects, start = registry.all_subjects(start, page)
        for subject in subjects:
            part.add(subject)
        if not start or len(part) >= part_size or not time_is_left():
            break
    bucket.put(_part_key(state, state["parts"]), part.pack())
    state["parts"] += 1
    state["subjects"] += len(part)
    state["start"], state["scanned"] = start, not start


def _publish(exchange: "ExchangeTable", bucket: "FileBucket", state: Mapping[str, Any]) -> None:
    packed = []
    for number in range(state["parts"]):
        body = bucket.get(_part_key(state, number))
        if body is None:
            raise LookupError(f"part {number} of the snapshot of {state['began_at']} is not in the bucket")
        packed.append(body)
    digest, content, size = hashlib.sha256(), hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal size
        for piece in assemble(packed, state["began_at"], POSTING_CAP):
            digest.update(piece)
            if size:  # all but the head, which says when it was built
                content.update(piece)
            size += len(piece)
            yield piece

    key = f"snapshots/{state['began_at']}/snapshot"
    bucket.put_stream(key, pieces())
    pointer: dict[str, Any] = {
        "snapshot_id": content.hexdigest()[:24],
        "key": key,
        "bytes": size,
        "sha256": digest.hexdigest(),
    }
    pointer |= {"built_at": state["began_at"], "subjects": state["subjects"]}
    last = exchange.get(POINTER) or {}
    if last.get("snapshot_id") == pointer["snapshot_id"]:
        last = last.get("previous", {})
    before = {field: last[field] for field in pointer if field in last}
    exchange.put({"id": POINTER, **pointer, **({"previous": before} if before else {})})


def _part_key(state: Mapping[str, Any], number: int) -> str:
    return f"snapshots/{state['began_at']}/part-{number:05d}"
