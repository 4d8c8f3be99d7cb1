"""What organisations are called on pages: their names by their ids, read anew every five minutes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chalicelib import wiring

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

KEPT_SECONDS: Final = 300


def names() -> Mapping[str, str]:
    """The name of each organisation by its id."""
    return _names(wiring.exchange(), int(wiring.now().timestamp()) // KEPT_SECONDS)


def name_of(organisation: str) -> str:
    """The name of an organisation; its id where there is none of that id."""
    return names().get(organisation, organisation)


@lru_cache(maxsize=1)
def _names(exchange: "ExchangeTable", _window: int) -> Mapping[str, str]:
    from chalicelib.accounts import platforms

    return {account.platform_id: account.name for account in platforms.find_all(exchange)}
