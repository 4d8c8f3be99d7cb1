"""What a container knows of how much an account, a key or an address has asked, in the windows that run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.accounts.quotas import HOUR, Left, Quota
from chalicelib.errors import TooMany
from chalicelib.messages import ErrorCode

# From this part of a limit of minutes or hours on counts are shared often.
NEAR: Final = 0.1
# And as soon as what was not shared is this part of what is left of a day, which lasts long after its first tenth.
UNSHARED: Final = 0.05


@dataclass(slots=True)
class Count:
    """What was taken in a window: here, of that what is shared, and by all other containers."""

    window: int
    own: int = 0
    shared: int = 0
    others: int = 0


@dataclass(slots=True)
class Usage:
    """The usage of an account, a key or an address as this container knows it."""

    shared_at: float
    quotas: Mapping[str, tuple[Quota, ...]]
    counts: dict[str, Count] = field(default_factory=dict)
    is_shared_now: bool = False
    limits_read_at: float = float("-inf")
    # The fields of the shared item whose windows are over.
    over: tuple[str, ...] = ()

    def is_near(self) -> bool:
        """Whether so much of a limit is used that others should know of it soon."""
        quotas = {quota.name: quota for several in self.quotas.values() for quota in several}
        return any(_is_near(count, quotas[name]) for name, count in self.counts.items() if name in quotas)


def _is_near(count: Count, quota: Quota) -> bool:
    if quota.seconds <= HOUR:
        return count.own + count.others >= NEAR * quota.most
    return count.own - count.shared > UNSHARED * (quota.most - count.own - count.others)


def refusal(quota: Quota, now: float) -> TooMany:
    """The refusal of what a quota has not left."""
    return TooMany(
        ErrorCode.TOO_MANY_REQUESTS,
        limit=quota.name,
        most=quota.most,
        per=quota.seconds,
        seconds=quota.seconds_left(now),
    )


def current(usage: Usage, quota: Quota, now: float) -> Count:
    """The count of the window in which the moment lies."""
    window = quota.window(now)
    count = usage.counts.get(quota.name)
    if count is None or count.window != window:
        count = usage.counts[quota.name] = Count(window)
    return count


def left(counts: Sequence[tuple[Quota, Count]], now: float) -> list[Left]:
    """What is left, of quotas of one name the least."""
    least: dict[str, Left] = {}
    for quota, count in counts:
        units = max(quota.most - count.own - count.others, 0)
        other = least.get(quota.name)
        if other is None or units < other.units:
            least[quota.name] = Left(quota, units, quota.seconds_left(now))
    return list(least.values())


def is_over(field_name: str, quotas: Mapping[str, Quota], now: float) -> bool:
    """Whether a field counts a window that is over, for clocks that are some seconds late too."""
    quota, _, window = field_name.rpartition(":")
    return quota in quotas and int(window) < quotas[quota].window(now) - 1
