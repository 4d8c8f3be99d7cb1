"""What the use cases of reports work with, handed in as one record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.notices.push_notices import NoticeSender
from chalicelib.values.keyed_digest import Digest, KeyState, ReadKeyState

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.sqs_queue import Queue
    from chalicelib.table_files.rules.table_row import TableRow

CHUNK_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The tables, the queues of files and of chunks, and `read`, which gives the rows of a file under its name.

    `key_state` is that of the keys of the digests.
    """

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    registry: "RegistryTable"
    files: "Queue"
    chunks: "Queue"
    sender: NoticeSender
    digest: Digest
    read: "Callable[[Path, str], Iterator[TableRow]]"
    chunk_rows: int = CHUNK_ROWS
    key_state: ReadKeyState = KeyState
