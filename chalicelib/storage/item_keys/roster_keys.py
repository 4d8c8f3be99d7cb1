"""Keys of rosters, of whose turn it is, and of the snapshot they are screened against."""

from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import slot, waiting_log_name

SNAPSHOT: Final = "snapshot"
SNAPSHOT_BUILD: Final = "snapshot-building"


def roster(roster_id: str) -> str:
    """A roster file and how far its run is."""
    return f"roster#{roster_id}"


def roster_state(platform_id: str) -> str:
    """Whose turn it is among a platform's rosters, and which run's generation counts."""
    return f"rosters#{platform_id}"


def waiting_roster(platform_id: str, number: int) -> str:
    """A roster that waits its turn behind so many others that the state of the platform's rosters does not name it."""
    return slot(waiting_log_name(platform_id), number)


def roster_news(platform_id: str) -> str:
    """What a platform sent last, and when a call last enrolled a merchant."""
    return f"roster-news#{platform_id}"


def enrolments(platform_id: str, part: int) -> str:
    """Merchants that calls enrolled or took off since the last run, one of 256 parts."""
    return f"enrolled#{platform_id}#{part:02x}"
