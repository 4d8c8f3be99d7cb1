"""When keys were last used, as far as the counts of their requests still say."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.quotas import DEFAULTS, key_account
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def last_uses(exchange: "ExchangeTable", key_ids: Iterable[str]) -> dict[str, str]:
    """When each key was last used, to the minute (ISO, UTC); without those whose last use is two days ago or more.

    Counts are kept two days, and reach the store some seconds after a request. Half a read unit for each key.
    """
    ids = {account_keys.usage(key_account(key_id)): key_id for key_id in key_ids}
    items = exchange.get_many(ids)
    return {ids[item_id]: used for item_id, item in items.items() if (used := _last_window(item))}


def _last_window(item: Json) -> str:
    """When the last window began in which the key asked something; '' for none."""
    seconds: Mapping[str, int] = {
        quota.name: quota.seconds for several in DEFAULTS.quotas().values() for quota in several
    }
    begins = [
        int(window) * seconds[name]
        for field, count in item.items()
        for name, _, window in [field.rpartition(":")]
        if name in seconds and count
    ]
    return iso(datetime.fromtimestamp(max(begins), UTC)) if begins else ""
