"""What the use cases of disputes work with, handed in as one record."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.values.keyed_digest import Digest

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The tables that disputes are kept in, and the keyed digest of what is personal."""

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    digest: Digest
