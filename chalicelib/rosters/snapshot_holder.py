"""The snapshot that a worker holds in memory: the newest one that is good, looked for now and then."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.rosters.rules.snapshot_format import Snapshot
from chalicelib.rosters.rules.snapshot_state import SnapshotFile, SnapshotPointer
from chalicelib.storage.item_keys import roster_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

# How long a worker trusts what it holds before it looks whether there is a newer one; half of it to one and a half.
LOOK_AGAIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HeldSnapshot:
    """A snapshot in memory, and the file that it was read from."""

    file: SnapshotFile
    snapshot: Snapshot


class SnapshotHolder:
    """Holds the newest good snapshot in memory, looking for a newer one now and then, not all workers at once."""

    def __init__(
        self, exchange: "ExchangeTable", bucket: "FileBucket", chance: Callable[[], float] = random.random
    ) -> None:
        self._exchange = exchange
        self._bucket = bucket
        self._chance = chance
        self._held: HeldSnapshot | None = None
        self._look_at: datetime | None = None
        self.problem = ""

    def current(self, now: datetime, wanted: str = "") -> HeldSnapshot | None:
        """The newest good snapshot; None when there never was one. `wanted` is the id of one that must be looked for.

        A newer one that is missing, short or of another checksum is left alone, and `problem` says so. Raises
        `LookupError` when there is one and neither it nor the one before can be read.
        """
        is_wanted = bool(wanted) and (self._held is None or self._held.file.snapshot_id != wanted)
        if self._held is None or is_wanted or self._look_at is None or now >= self._look_at:
            self._look_at = now + LOOK_AGAIN * (0.5 + self._chance())
            self._look()
        return self._held

    def _look(self) -> None:
        pointer = read_pointer(self._exchange)
        if pointer is None:
            return
        self.problem = self._load(pointer)
        if self._held is None and pointer.previous:
            # A worker that has just begun holds none yet: the one before is better than nothing.
            self._load(pointer.previous)
        if self._held is None:
            raise LookupError(f"no snapshot can be read: {self.problem}")

    def _load(self, file: SnapshotFile) -> str:
        """Hold the snapshot in this file from now on; what is wrong with it otherwise."""
        if self._held and self._held.file.snapshot_id == file.snapshot_id:
            # The same content, confirmed later: the age counts from the newer build.
            self._held = HeldSnapshot(file, self._held.snapshot)
            return ""
        data = self._bucket.get(file.key)
        problem = _problem(file, data)
        if data is not None and not problem:
            self._held = HeldSnapshot(file, Snapshot(data))
        return problem


def read_pointer(exchange: "ExchangeTable") -> SnapshotPointer | None:
    """The newest snapshot; None when there never was one."""
    item = exchange.get(roster_keys.SNAPSHOT)
    return SnapshotPointer.from_item(item) if item else None


def _problem(file: SnapshotFile, data: bytes | None) -> str:
    if data is None:
        return "the snapshot is not in the bucket"
    if len(data) != file.bytes:
        return f"the snapshot has {len(data)} bytes and not {file.bytes}"
    if hashlib.sha256(data).hexdigest() != file.sha256:
        return "the snapshot is not the one that was written: its checksum differs"
    return ""
