"""What the month costs at list prices, estimated from the lookups counted. The cloud's bill is what counts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Rate:
    """What a month costs in a region: `standing` without any use, `million` for each million lookups and what they
    bring with them (polls, listings, what is kept)."""

    currency: tuple[str, str]
    standing: float
    million: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The cost of the month until today, and of all of it if it goes on so."""

    currency: tuple[str, str]
    region: str
    until_today: float
    whole: float


# The line through the two loads of `python -m benchmarks.cost`, priced by request; a test holds them to it.
RATES: Final = {
    "us-east-1": Rate(("美元", "USD"), 16, 9.7),
    "cn-north-1": Rate(("元", "CNY"), 130, 116),
}
PRICES_OF: Final = 2025


def estimate(region: str, lookups: int, today: date) -> Estimate | None:
    """The cost of the month with so many lookups so far; None in a region whose prices are not kept."""
    rate = RATES.get(region)
    if rate is None:
        return None
    passed = today.day / monthrange(today.year, today.month)[1]
    used = lookups / 1e6 * rate.million
    return Estimate(rate.currency, region, rate.standing * passed + used, rate.standing + used / passed)
