"""The quota of rows: a file waits while its platform's, or its key's, of this hour is used up; it is never refused.

How many rows a file has is known once it is read. So a file begins while rows are left, all its rows count then, and
those that come after it wait.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.quotas import DEFAULTS, key_account, platform_account, stored_or_default
from chalicelib.storage.item_keys import account_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def seconds_until_rows(exchange: "ExchangeTable", platform_id: str, key_id: str, now: datetime) -> int:
    """In how many seconds the next file may be read; 0 for now."""
    accounts, moment = _accounts(platform_id, key_id), now.timestamp()
    window = DEFAULTS.rows_quota.window(moment)
    ids = {account: _usage(account, window) for account in accounts}
    items = exchange.get_many([*ids.values(), *(account_keys.limits(account) for account in accounts)])
    for account, usage_id in ids.items():
        quota = stored_or_default(items.get(account_keys.limits(account))).rows_quota
        if int(items.get(usage_id, {}).get("n", 0)) >= quota.most:
            return quota.seconds_left(moment)
    return 0


def count_rows(
    exchange: "ExchangeTable", platform_id: str, key_id: str, file_id: str, rows: int, now: datetime
) -> None:
    """Count the rows of a file that was read; once, however often it is read in the same hour."""
    quota, moment = DEFAULTS.rows_quota, now.timestamp()
    if not rows:
        return
    for account in _accounts(platform_id, key_id):
        usage_id, until = _usage(account, quota.window(moment)), int(moment) + 2 * quota.seconds
        exchange.count_once(usage_id, {"n": rows}, file_id, until)


def _accounts(platform_id: str, key_id: str) -> list[str]:
    return [platform_account(platform_id), *([key_account(key_id)] if key_id else [])]


def _usage(account: str, window: int) -> str:
    return account_keys.usage_of_rows(account, DEFAULTS.rows_quota.name, window)
