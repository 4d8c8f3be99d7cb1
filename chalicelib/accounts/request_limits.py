"""Counts what platforms, keys and addresses ask, and refuses what goes beyond their quotas.

Every container counts in its own memory and adds its counts to shared ones every few seconds, beside the requests and
never before them: no request waits for a counter, and a thousand containers write a shared item 200 times a second. A
limit is therefore kept to within what all containers let through in `SHARED_EVERY` seconds. While counts cannot be
shared, each container goes on by what it knows: the store's trouble refuses nobody.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.quotas import DEFAULTS, OF_ADDRESSES, Left, Limits, Quota, is_key_account, stored_or_default
from chalicelib.errors import TooMany
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys, probing_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Runs work beside the request.
Background = Callable[[Callable[[], None]], None]
SHARED_EVERY: Final = 5
ADDRESS: Final = "address:"
# Addresses that a container remembers, some 1 KB each; the one that asked least recently is forgotten first.
MOST_ADDRESSES: Final = 10_000
# An address with fewer requests in a window is not worth a write.
SHARED_FROM: Final = 60
LOG: Final = logging.getLogger("lianfang")


@dataclass(slots=True)
class _Count:
    """What was taken in a window: here, of that what is shared, and by all other containers."""

    window: int
    own: int = 0
    shared: int = 0
    others: int = 0


@dataclass(slots=True)
class _Usage:
    """The usage of an account, a key or an address as this container knows it."""

    share_at: float
    quotas: Mapping[str, tuple[Quota, ...]]
    counts: dict[str, _Count] = field(default_factory=dict)
    is_shared_now: bool = False


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
        self._usages: dict[str, _Usage] = {}
        self._addresses: OrderedDict[str, _Usage] = OrderedDict()
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
                    raise _refusal(quota, now)
            for quota, count in counts:
                count.own += units[quota.unit]
            due = [account for account in accounts if self._is_due(account, now)]
            left = _left(counts, now)
        for account in due:
            self._background(lambda account=account: self._share(account, now))  # type: ignore[misc]
        return left

    def left(self, accounts: Sequence[str], units: Mapping[str, int], now: float) -> list[Left]:
        """What is left of the quotas of these units; counts nothing."""
        with self._lock:
            return _left(self._counts(accounts, units, now), now)

    def _counts(self, accounts: Sequence[str], units: Mapping[str, int], now: float) -> list[tuple[Quota, _Count]]:
        return [
            (quota, _current(usage, quota, now))
            for usage in [self._usage(account, now) for account in accounts]
            for unit in units
            for quota in usage.quotas.get(unit, ())
        ]

    def _usage(self, account: str, now: float) -> _Usage:
        if not account.startswith(ADDRESS):
            usage = self._usages.get(account)
            if usage is None:
                # Shared at once, so that a fresh container soon knows what an operator has set.
                usage = self._usages[account] = _Usage(now, DEFAULTS.quotas())
            return usage
        usage = self._addresses.get(account)
        if usage is None:
            usage = self._addresses[account] = _Usage(now + SHARED_EVERY, OF_ADDRESSES)
            if len(self._addresses) > MOST_ADDRESSES:
                self._addresses.popitem(last=False)
        self._addresses.move_to_end(account)
        return usage

    def _is_due(self, account: str, now: float) -> bool:
        """Whether the counts are to be shared now; once said so, not again before that was tried."""
        usage = self._usage(account, now)
        if usage.is_shared_now or now < usage.share_at:
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
            else:
                usage.quotas = limits_in_force(self._exchange, account, now).quotas()
            for quota in (quota for several in usage.quotas.values() for quota in several):
                if quota.name in counts:
                    self._share_count(name, quota, counts[quota.name], now)
        except Exception:
            # Whatever it was, the next time comes in a few seconds, and no request failed.
            LOG.warning("usage_not_shared", exc_info=True)
        finally:
            usage.share_at = now + SHARED_EVERY
            usage.is_shared_now = False

    def _share_count(self, name: str, quota: Quota, count: _Count, now: float) -> None:
        with self._lock:
            units = count.own - count.shared
        item_id = account_keys.usage(name, quota.name, count.window)
        if units:
            item = self._exchange.add(item_id, {"n": units}, int(now) + 2 * quota.seconds)
        else:
            item = self._exchange.get(item_id) or {"n": 0}
        with self._lock:
            count.shared += units
            count.others = max(int(item["n"]) - count.shared, 0)


def _refusal(quota: Quota, now: float) -> TooMany:
    return TooMany(
        ErrorCode.TOO_MANY_REQUESTS,
        limit=quota.name,
        most=quota.most,
        per=quota.seconds,
        seconds=quota.seconds_left(now),
    )


def _current(usage: _Usage, quota: Quota, now: float) -> _Count:
    """The count of the window in which the moment lies."""
    window = quota.window(now)
    count = usage.counts.get(quota.name)
    if count is None or count.window != window:
        count = usage.counts[quota.name] = _Count(window)
    return count


def _left(counts: Sequence[tuple[Quota, _Count]], now: float) -> list[Left]:
    """What is left, of quotas of one name the least."""
    least: dict[str, Left] = {}
    for quota, count in counts:
        units = max(quota.most - count.own - count.others, 0)
        other = least.get(quota.name)
        if other is None or units < other.units:
            least[quota.name] = Left(quota, units, quota.seconds_left(now))
    return list(least.values())


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
