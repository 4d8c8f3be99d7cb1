"""Limits per platform and per key: how many requests, and how many merchants looked up, in a minute and a day.

Every container counts in its own memory and adds its counts to shared ones every few seconds, beside the requests and
never before them: no request waits for a counter, and a thousand containers write a shared item 200 times a second. A
limit is therefore kept to within what all containers let through in `SHARED_EVERY` seconds. While counts cannot be
shared, each container goes on by what it knows: the store's trouble refuses nobody.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.errors import TooMany
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import account_keys
from chalicelib.values.records import Record, stored

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Runs work beside the request.
Background = Callable[[Callable[[], None]], None]
REQUESTS, MERCHANTS = "requests", "merchants"
SHARED_EVERY: Final = 5
MINUTE, DAY = 60, 86_400
LOG: Final = logging.getLogger("lianfang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Record):
    """How much an account or a key may ask; the defaults let 21 platforms ask ten times what Beijing's ask in all.

    Beijing: over 20,000 lookups a day from 21 platforms. `merchants` counts each applicant of a batch.
    """

    requests_per_minute: int = stored(3_000, always=True)
    merchants_per_minute: int = stored(6_000, always=True)
    merchants_per_day: int = stored(100_000, always=True)

    @property
    def quotas(self) -> "tuple[Quota, ...]":
        """The limits one by one."""
        return (
            Quota("requests-minute", REQUESTS, self.requests_per_minute, MINUTE),
            Quota("merchants-minute", MERCHANTS, self.merchants_per_minute, MINUTE),
            Quota("merchants-day", MERCHANTS, self.merchants_per_day, DAY),
        )


@dataclass(frozen=True, slots=True)
class Quota:
    """`most` units in each window of `seconds`."""

    name: str
    unit: str
    most: int
    seconds: int


DEFAULTS: Final = Limits()


@dataclass(slots=True)
class _Count:
    """What was taken in a window: here, of that what is shared, and by all other containers."""

    window: int
    own: int = 0
    shared: int = 0
    others: int = 0


@dataclass(slots=True)
class _Usage:
    """The usage of an account or a key as this container knows it."""

    limits: Limits = DEFAULTS
    counts: dict[str, _Count] = field(default_factory=dict)
    share_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a quota, and when its window ends."""

    quota: Quota
    units: int
    seconds: int


def in_background(work: Callable[[], None]) -> None:
    """Run the work in a thread; on Lambda it goes on with the next request if this one ends first."""
    threading.Thread(target=work, daemon=True).start()


def never(_work: Callable[[], None]) -> None:
    """Leave the work undone: each container counts for itself."""


class RequestLimits:
    """The counts of one container."""

    def __init__(self, exchange: "ExchangeTable", background: Background) -> None:
        self._exchange = exchange
        self._background = background
        self._usages: dict[str, _Usage] = {}
        self._lock = threading.Lock()

    def take(self, account: str, units: Mapping[str, int], now: float) -> list[Left]:
        """Count what a request takes; what is left of each quota. Raises `TooMany`, and then counts nothing."""
        with self._lock:
            usage = self._usages.setdefault(account, _Usage(share_at=now + SHARED_EVERY))
            left = []
            for quota in usage.limits.quotas:
                wanted, count = units.get(quota.unit, 0), _current(usage, quota, now)
                units_left = quota.most - count.own - count.others - wanted
                seconds = quota.seconds - int(now) % quota.seconds
                if wanted and units_left < 0:
                    raise TooMany(
                        ErrorCode.TOO_MANY_REQUESTS,
                        limit=quota.name,
                        most=quota.most,
                        per=quota.seconds,
                        seconds=seconds,
                    )
                left.append(Left(quota, max(units_left, 0), seconds))
            for quota in usage.limits.quotas:
                usage.counts[quota.name].own += units.get(quota.unit, 0)
            due = now >= usage.share_at
            if due:
                usage.share_at = now + SHARED_EVERY
        if due:
            self._background(lambda: self._share(account, now))
        return left

    def _share(self, account: str, now: float) -> None:
        """Add what was counted here to the shared counts, and read those of all and the account's limits."""
        usage = self._usages[account]
        try:
            for quota in usage.limits.quotas:
                self._share_count(account, usage, quota, now)
            usage.limits = get_limits(self._exchange, account)
        except Exception:
            # Whatever it was, the next time comes in a few seconds, and no request failed.
            LOG.warning("usage_not_shared", exc_info=True)

    def _share_count(self, account: str, usage: _Usage, quota: Quota, now: float) -> None:
        with self._lock:
            count = _current(usage, quota, now)
            units = count.own - count.shared
        item_id = account_keys.usage(account, quota.name, count.window)
        if units:
            item = self._exchange.add(item_id, {"n": units}, int(now) + 2 * quota.seconds)
        else:
            item = self._exchange.get(item_id) or {"n": 0}
        with self._lock:
            count.shared += units
            count.others = max(int(item["n"]) - count.shared, 0)


def _current(usage: _Usage, quota: Quota, now: float) -> _Count:
    """The count of the window in which the moment lies."""
    window = int(now) // quota.seconds
    count = usage.counts.get(quota.name)
    if count is None or count.window != window:
        count = usage.counts[quota.name] = _Count(window)
    return count


def headers(left: Sequence[Left]) -> dict[str, str]:
    """The headers that say what is left (IETF draft-ietf-httpapi-ratelimit-headers-10)."""
    if not left:
        return {}
    policies = (f'"{each.quota.name}";q={each.quota.most};w={each.quota.seconds}' for each in left)
    return {
        "RateLimit-Policy": ", ".join(policies),
        "RateLimit": ", ".join(f'"{each.quota.name}";r={each.units};t={each.seconds}' for each in left),
    }


def set_limits(exchange: "ExchangeTable", account: str, limits: Limits) -> None:
    """Set what the account or key may ask, from the next time on that a container shares its counts."""
    exchange.put({"id": account_keys.limits(account), **limits.to_item()})


def get_limits(exchange: "ExchangeTable", account: str) -> Limits:
    """What the account or key may ask."""
    item = exchange.get(account_keys.limits(account))
    return Limits.from_item(item) if item else DEFAULTS
