"""An account with its keys and when each was used last, from the counts of usage that are written anyway."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.quotas import DEFAULTS, key_account, platform_account
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

_SECONDS: Final = {quota.name: quota.seconds for several in DEFAULTS.quotas().values() for quota in several}


def describe_with_use(exchange: "ExchangeTable", platform_id: str) -> Json:
    """The account and each of its keys, with `last_used_at` (of the last two days, to the minute) where it was used.

    Containers share their counts some seconds late. Two reads, and two units for each key; `NotFound` for no account.
    """
    described = platforms.describe(exchange, platform_id)
    key_ids = [key["key_id"] for key in described["keys"]]
    accounts = [platform_account(platform_id), *map(key_account, key_ids)]
    items = exchange.get_many(account_keys.usage(account) for account in accounts)
    last = {account: last_used(items.get(account_keys.usage(account), {})) for account in accounts}
    keys = [{**key, **_used(last[key_account(key["key_id"])])} for key in described["keys"]]
    return {**described, "keys": keys, **_used(last[platform_account(platform_id)])}


def last_used(usage: Mapping[str, object]) -> str:
    """When something was last counted, by the beginning of the shortest of the newest windows; '' for never."""
    moments = []
    for name, count in usage.items():
        quota, _, window = name.rpartition(":")
        if count and quota in _SECONDS and window.isdigit():
            moments.append((int(window) * _SECONDS[quota], -_SECONDS[quota]))
    return iso(datetime.fromtimestamp(max(moments)[0], UTC)) if moments else ""


def _used(moment: str) -> Json:
    return {"last_used_at": moment} if moment else {}
