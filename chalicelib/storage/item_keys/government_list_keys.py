"""Keys of government lists: how each arrives, how it stands, what is held of it."""

from typing import Final

FEEDS: Final = "feeds"
SOURCES: Final = "sources"


def feed_state(name: str) -> str:
    """How a government list stands; also the name of the lease under which it is pulled."""
    return f"feed#{name}"


def hold(name: str, hold_id: str) -> str:
    """A delivery of a list that waits for a person."""
    return f"hold#{name}#{hold_id}"
