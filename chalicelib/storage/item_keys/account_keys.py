"""Keys of accounts and sessions: platforms and their API keys, merchants and their sessions."""

from datetime import timedelta
from typing import Final

PLATFORMS: Final = "platforms"
# How long an item is kept after its moment; what the moment is, its kind says.
CLAIM_KEPT: Final = timedelta(minutes=15)
SESSION_KEPT: Final = timedelta(minutes=15)
CHECK_STARTS_KEPT: Final = timedelta(minutes=20)
USAGE_KEPT: Final = timedelta(days=2)


def platform(platform_id: str) -> str:
    """A platform, regulator or operator."""
    return f"platform#{platform_id}"


def credential(key_id: str) -> str:
    """An API key."""
    return f"credential#{key_id}"


def claim(check_id: str) -> str:
    """What a merchant claims a licence check by, that it started for its own record."""
    return f"claim#{check_id}"


def session(session_id: str) -> str:
    """A merchant's session; its id is that of the licence check without `k_`."""
    return f"session#{session_id}"


def check_starts(origin: str, window: int) -> str:
    """How many checks one address (as a digest) started in a window of ten minutes."""
    return f"starts#{origin}#{window}"


def usage(account: str) -> str:
    """How much an account, a key or an address has asked in the windows that run."""
    return f"usage#{account}"


def usage_of_rows(account: str, quota: str, window: int) -> str:
    """How many rows of files of an account or a key were read in a window."""
    return f"usage#{account}#{quota}#{window}"


def file_turns(kind: str, platform_id: str) -> str:
    """Which files of a platform are in work."""
    return f"turns#{kind}#{platform_id}"


def limits(account: str) -> str:
    """How much an account or a key may ask, where an operator has set it."""
    return f"limits#{account}"
