"""Keys of government lists: how each arrives, how it stands, what is held of it."""

from datetime import timedelta
from typing import Final

FEEDS: Final = "feeds"
SOURCES: Final = "sources"
RUN_KEPT: Final = timedelta(days=400)


def feed_state(name: str) -> str:
    """How a government list stands; also the name of the lease under which it is pulled."""
    return f"feed#{name}"


def hold(name: str, hold_id: str) -> str:
    """A delivery of a list that waits for a person."""
    return f"hold#{name}#{hold_id}"


def feed_run(name: str, day: str, place: int) -> str:
    """How one pull of a list of a day went."""
    return f"feed-run#{name}#{day}#{place:06d}"


def feed_run_log_name(name: str) -> str:
    """The name of the log of the pulls of a list."""
    return f"feed-runs:{name}"
