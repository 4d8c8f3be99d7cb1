"""Quotas: how many units an account, a key or an address may take in a window, and what is said of them in headers.

Beijing's 21 platforms ask over 20,000 lookups a day in all and report some ten thousand evictions a year. The defaults
let each of them alone ask ten times of what all ask in half of a day, and report ten times of a year's in an hour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from chalicelib.values.records import Json, Record, stored

REQUESTS, MERCHANTS, FILES, ROWS = "requests", "merchants", "files", "rows"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
ROWS_QUOTA: Final = "rows-hour"


@dataclass(frozen=True, slots=True)
class Quota:
    """`most` units in each window of `seconds`."""

    name: str
    unit: str
    most: int
    seconds: int

    def window(self, now: float) -> int:
        """The number of the window in which the moment (seconds since 1970) lies."""
        return int(now) // self.seconds

    def seconds_left(self, now: float) -> int:
        """In how many seconds the next window begins."""
        return self.seconds - int(now) % self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Record):
    """How much an account or a key may ask. `merchants` counts each applicant of a batch, `rows` those of files."""

    requests_per_minute: int = stored(3_000, always=True)
    requests_per_day: int = stored(1_000_000, always=True)
    merchants_per_minute: int = stored(6_000, always=True)
    merchants_per_day: int = stored(100_000, always=True)
    files_per_hour: int = stored(600, always=True)
    rows_per_hour: int = stored(2_000_000, always=True)

    @property
    def rows_quota(self) -> Quota:
        """The quota of the rows of files."""
        return Quota(ROWS_QUOTA, ROWS, self.rows_per_hour, HOUR)

    def quotas(self) -> Mapping[str, tuple[Quota, ...]]:
        """The limits one by one, by unit."""
        return {
            REQUESTS: (
                Quota("requests-minute", REQUESTS, self.requests_per_minute, MINUTE),
                Quota("requests-day", REQUESTS, self.requests_per_day, DAY),
            ),
            MERCHANTS: (
                Quota("merchants-minute", MERCHANTS, self.merchants_per_minute, MINUTE),
                Quota("merchants-day", MERCHANTS, self.merchants_per_day, DAY),
            ),
            FILES: (Quota("files-hour", FILES, self.files_per_hour, HOUR),),
            ROWS: (self.rows_quota,),
        }


DEFAULTS: Final = Limits()


def stored_or_default(item: Json | None) -> Limits:
    """The limits that an operator set, of their item; the defaults where there is none."""
    return Limits.from_item(item) if item else DEFAULTS


# Of an address without a key. A page with its pictures is three requests, and many people may share an address.
OF_ADDRESSES: Final[Mapping[str, tuple[Quota, ...]]] = {
    REQUESTS: (Quota("address-minute", REQUESTS, 600, MINUTE),),
}


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a quota, and when its window ends."""

    quota: Quota
    units: int
    seconds: int


def headers(left: Iterable[Left]) -> dict[str, str]:
    """The headers that say what is left (IETF draft-ietf-httpapi-ratelimit-headers-10); {} for nothing."""
    policies, states = [], []
    for each in left:
        policies.append(_policy(each.quota))
        states.append(f'"{each.quota.name}";r={each.units};t={each.seconds}')
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)} if states else {}


@cache
def _policy(quota: Quota) -> str:
    return f'"{quota.name}";q={quota.most};w={quota.seconds}'


def platform_account(platform_id: str) -> str:
    """The name under which the usage and the limits of a platform are kept, of all its keys together."""
    return f"platform:{platform_id}"


def key_account(key_id: str) -> str:
    """The name under which the usage and the limits of one API key are kept."""
    return f"key:{key_id}"


def is_key_account(account: str) -> bool:
    """Whether an account is that of one API key."""
    return account.startswith("key:")
