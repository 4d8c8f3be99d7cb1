"""Name the subjects of natural persons so that a new key of the digests never makes a second subject of a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.keys.lasting_names import lasting_names
from chalicelib.storage.item_keys import registry_keys

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.reports.rules.eviction import Eviction
    from chalicelib.storage.exchange_table import ExchangeTable


def name_persons(
    exchange: "ExchangeTable", registry: "RegistryTable", evictions: "Sequence[Eviction]"
) -> "list[Eviction]":
    """The evictions, those of natural persons with the id of the person's subject.

    Of what has its name already nothing is read.
    """
    wanted = {
        number: ids
        for number, eviction in enumerate(evictions)
        if not eviction.identity.named and (ids := eviction.identity.ids_by_digest)
    }
    found = lasting_names(exchange, registry_keys.lasting_name, list(wanted.values()), registry.subjects)
    lasting = dict(zip(wanted, found, strict=True))
    return [_named(eviction, lasting.get(number, "")) for number, eviction in enumerate(evictions)]


def _named(eviction: "Eviction", subject_id: str) -> "Eviction":
    return eviction.replace(identity=eviction.identity.replace(named=subject_id)) if subject_id else eviction
