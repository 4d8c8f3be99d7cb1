"""Counts what platforms, keys and addresses ask, and refuses what goes beyond their quotas.

Every container counts in its own memory and adds its counts to shared ones, beside the requests and never before them:
no request waits for a counter. All counts of an account are one item, and one write. They are shared every
`SHARED_EVERY` seconds once a tenth of a limit of a minute or an hour is used, or a twentieth of what is left of a day
is not shared yet, and every `SHARED_SELDOM` before that. A limit is therefore kept to within what all containers let
through in `SHARED_EVERY` seconds, and what each lets through before it has seen a tenth of it. While counts cannot be
shared, each container goes on by what it knows: the store's trouble refuses nobody.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import usage_counts
from chalicelib.accounts.quotas import (
    DEFAULTS,
    OF_ADDRESSES,
    ROWS_QUOTA,
    Left,
    Limits,
    Quota,
    is_key_account,
    stored_or_default,
)
from chalicelib.accounts.usage_counts import Count, Usage
from chalicelib.storage.item_keys import account_keys, probing_keys
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Runs work beside the request.
Background = Callable[[Callable[[], None]], None]
SHARED_EVERY: Final = 5
SHARED_SELDOM: Final = 60
# What an operator set is read again after so many seconds.
LIMITS_READ_EVERY: Final = 60
ADDRESS: Final = "address:"
# Addresses that a container remembers, some 1 KB each; the one that asked least recently is forgotten first.
MOST_ADDRESSES: Final = 10_000
# An address with fewer requests in a window is not worth a write.
SHARED_FROM: Final = 60
LOG: Final = logging.getLogger("lianfang")


def in_background(work: Callable[[], None]) -> None:
    """Run the work in a thread; on Lambda it goes on with the next request if this one ends first."""
    threading.Thread(target=work, daemon=True).start()


def never(_work: Callable[[], None]) -> None:
    """Leave the work undone: each container counts for itself."""


class RequestLimits:
    """The counts of one container. `digest` makes of an address what may be stored: an address is a person's."""

    def __init__(
        self, exchange: "ExchangeTable", background: Background, digest: Callable[[str], str] = lambda text: text
    ) -> None:
        self._exchange = exchange
        self._background = background
        self._digest = digest
        self._usages: dict[str, Usage] = {}
        self._addresses: OrderedDict[str, Usage] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, accounts: Sequence[str], units: Mapping[str, int], now: float) -> list[Left]:
        """Count what a request takes of the quotas of all `accounts`; what is left of each.

        Raises `TooMany` where one of them has not so much left, and then counts nothing.
        """
        with self._lock:
            counts = self._counts(accounts, units, now)
            for quota, count in counts:
                wanted = units[quota.unit]
                if wanted and wanted > quota.most - count.own - count.others:
                    raise usage_counts.refusal(quota, now)
            for quota, count in counts:
                count.own += units[quota.unit]
            due = [account for account in accounts if self._is_due(account, now)]
            left = usage_counts.left(counts, now)
        for account in due:
            self._background(lambda account=account: self._share(account, now))  # type: ignore[misc]
        return left

    def left(self, accounts: Sequence[str], units: Mapping[str, int], now: float) -> list[Left]:
        """What is left of the quotas of these units; counts nothing."""
        with self._lock:
            return usage_counts.left(self._counts(accounts, units, now), now)

    def _counts(self, accounts: Sequence[str], units: Mapping[str, int], now: float) -> list[tuple[Quota, Count]]:
        return [
            (quota, usage_counts.current(usage, quota, now))
            for usage in [self._usage(account, now) for account in accounts]
            for unit in units
            for quota in usage.quotas.get(unit, ())
        ]

    def _usage(self, account: str, now: float) -> Usage:
        if not account.startswith(ADDRESS):
            usage = self._usages.get(account)
            if usage is None:
                # Shared at once, so that a fresh container soon knows what an operator has set.
                usage = self._usages[account] = Usage(now - SHARED_SELDOM, DEFAULTS.quotas())
            return usage
        usage = self._addresses.get(account)
        if usage is None:
            usage = self._addresses[account] = Usage(now, OF_ADDRESSES)
            if len(self._addresses) > MOST_ADDRESSES:
                self._addresses.popitem(last=False)
        self._addresses.move_to_end(account)
        return usage

    def _is_due(self, account: str, now: float) -> bool:
        """Whether the counts are to be shared now; once said so, not again before that was tried."""
        usage = self._usage(account, now)
        if usage.is_shared_now or now - usage.shared_at < (SHARED_EVERY if usage.is_near() else SHARED_SELDOM):
            return False
        if account.startswith(ADDRESS) and all(count.own < SHARED_FROM for count in usage.counts.values()):
            return False
        usage.is_shared_now = True
        return True

    def _share(self, account: str, now: float) -> None:
        """Add what was counted here to the shared counts, and read those of all and the account's limits."""
        with self._lock:
            usage = self._usage(account, now)
            counts = dict(usage.counts)
        try:
            name = account
            if account.startswith(ADDRESS):
                name = ADDRESS + self._digest(account.removeprefix(ADDRESS))
            elif now - usage.limits_read_at >= LIMITS_READ_EVERY:
                usage.quotas = limits_in_force(self._exchange, account, now).quotas()
                usage.limits_read_at = now
            self._share_counts(name, usage, counts, now)
        except Exception:
            # Whatever it was, the next time comes in a few seconds, and no request failed.
            LOG.warning("usage_not_shared", exc_info=True)
        finally:
            usage.shared_at = now
            usage.is_shared_now = False

    def _share_counts(self, account: str, usage: Usage, counts: Mapping[str, Count], now: float) -> None:
        """Write what was not shared yet, take out the windows that are over, and learn what all have counted."""
        quotas = {quota.name: quota for several in usage.quotas.values() for quota in several}
        # A window that is over is only written where something in it was not shared.
        fields = {
            f"{quota}:{count.window}": count
            for quota, count in counts.items()
            if quota != ROWS_QUOTA and (count.window == quotas[quota].window(now) or count.own > count.shared)
        }
        with self._lock:
            units = {name: count.own - count.shared for name, count in fields.items()}
        item_id = account_keys.usage(account)
        item: Json
        if any(units.values()):
            longest = max(quota.seconds for quota in quotas.values())
            item = self._exchange.add(item_id, units, int(now) + 2 * longest, [*(set(usage.over) - set(units))])
        else:
            item = self._exchange.get(item_id) or {}
        if ROWS_QUOTA in counts:
            rows = counts[ROWS_QUOTA]
            read = self._exchange.get(account_keys.usage_of_rows(account, ROWS_QUOTA, rows.window)) or {}
            self._know(rows, 0, int(read.get("n", 0)))
        for name, count in fields.items():
            self._know(count, units[name], int(item.get(name, 0)))
        usage.over = tuple(name for name in item if usage_counts.is_over(name, quotas, now))

    def _know(self, count: Count, units: int, in_all: int) -> None:
        """Remember that so many units more were shared, and how many there are of all containers."""
        with self._lock:
            count.shared += units
            count.others = max(in_all - count.shared, 0)


def set_limits(exchange: "ExchangeTable", account: str, limits: Limits) -> None:
    """Set what the account or key may ask, from the next time on that a container shares its counts."""
    exchange.put({"id": account_keys.limits(account), **limits.to_item()})


def get_limits(exchange: "ExchangeTable", account: str) -> Limits:
    """What the account or key may ask."""
    return stored_or_default(exchange.get(account_keys.limits(account)))


def limits_in_force(exchange: "ExchangeTable", account: str, now: float) -> Limits:
    """What the account or key may ask now: less while the key is slowed because it probed."""
    limits = get_limits(exchange, account)
    slowed = exchange.get(probing_keys.slowed(account)) if is_key_account(account) else None
    if slowed is None or datetime.fromisoformat(slowed["until"]).timestamp() <= now:
        return limits
    return limits.replace(
        merchants_per_minute=min(limits.merchants_per_minute, int(slowed["merchants_per_minute"])),
        merchants_per_day=min(limits.merchants_per_day, int(slowed["merchants_per_day"])),
    )
