"""Keys of who may come in: platforms and their API keys, merchants and their sessions."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, Ttl, names

PLATFORMS: Final = "platforms"


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


KINDS: Final = (
    ItemKind(
        "platforms",
        PLATFORMS,
        names("members"),
        "the ids of all who were admitted",
        "accounts",
        UNBOUNDED + "one id for each participant, never taken out; some 10,000 fill it",
    ),
    ItemKind(
        "platform",
        platform,
        names("platform_id name role aws_account topics keys created_at"),
        "a participant; `keys` are the ids of its API keys",
        "accounts",
        UNBOUNDED + "one id for each API key that was ever issued, never taken out; some 30,000 fill it",
    ),
    ItemKind(
        "credential",
        credential,
        names("platform_id role digest created_at revoked_from"),
        "an API key: SHA-256 of its secret, and from when on it is revoked",
        "accounts",
    ),
    ItemKind(
        "claim",
        claim,
        names("digest shown"),
        "SHA-256 of the secret by which a merchant claims its check; what there is to scan",
        "merchant record",
        ttl=Ttl(timedelta(minutes=15), "the start of the check"),
    ),
    ItemKind(
        "session",
        session,
        names("digest uscc name holder_role receipt_id verified_at ends_at"),
        "a merchant's session: SHA-256 of its secret, who has proved to hold which licence",
        "merchant record",
        ttl=Ttl(timedelta(minutes=15), "the session was opened"),
    ),
    ItemKind(
        "starts of checks",
        check_starts,
        names("n"),
        "how many checks one address started in ten minutes",
        "merchant record",
        ttl=Ttl(timedelta(minutes=20), "the start of the window"),
    ),
)
