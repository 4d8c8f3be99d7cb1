"""What the work on rosters needs: the stores, the queue of shards, the snapshot, and what tasks are opened with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.rosters.snapshot_holder import SnapshotHolder
from chalicelib.values.keyed_digest import Digest, KeyState, ReadKeyState

if TYPE_CHECKING:
    from chalicelib.closure_tasks.dependencies import Context as TaskContext
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.numbered_log import NumberedLog
    from chalicelib.storage.sqs_queue import Queue
    from chalicelib.table_files.rules.table_row import TableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that the work on rosters needs.

    `waiting` is the log of a platform's rosters that wait behind many others; `feeds` are the lists that are missing
    while nothing is stored of them; `key_state` is that of the keys of the digests.
    """

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    registry: "RegistryTable"
    chunks: "Queue"
    waiting: "Callable[[str], NumberedLog]"
    task_context: "TaskContext"
    digest: Callable[[], Digest]
    read: "Callable[[Path, str], Iterator[TableRow]]"
    snapshots: SnapshotHolder
    feeds: tuple[str, ...] = ()
    key_state: ReadKeyState = KeyState
