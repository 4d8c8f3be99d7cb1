"""What the work on government lists needs: the stores, the sender of notices, the methods of delivery."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.government_lists.rules.fetched_list import DeliveryMethod
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.table_files.rules.table_row import TableRow

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

# (file, its name in a refusal, names of columns that only this source uses) -> its rows
ReadRows = Callable[[Path, str, Mapping[str, str]], Iterator[TableRow]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a pull works with; `delivery_methods` is by the names of `DELIVERY_METHODS`."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    bucket: "FileBucket"
    sender: NoticeSender
    delivery_methods: Mapping[str, DeliveryMethod]
    read: ReadRows
