"""Keys of numbered feeds: entries 1, 2, 3 … without a gap, each in a slot, with a record of its number beside it."""

from typing import Final

# The feeds of which there is one.
CHANGES: Final = "change"
CORROBORATIONS: Final = "corroboration"
RESTRICTED: Final = "restricted"
DISPUTES: Final = "disputes"


def slot(feed: str, number: int) -> str:
    """The entry of that number (12 digits) in a feed."""
    return f"{feed}#{number:012d}"


def head(feed: str) -> str:
    """Where a feed ends, or a little before."""
    return f"head#{feed}"


def entry_number(feed: str, entry_id: str) -> str:
    """Which number an entry has in a feed."""
    return f"numbered#{feed}#{entry_id}"


def task_log_name(platform_id: str) -> str:
    """The name of the feed of one platform's tasks."""
    return f"task:{platform_id}"


def notice_log_name(platform_id: str) -> str:
    """The name of the feed of the notices to one platform."""
    return f"notice:{platform_id}"


def display_log_name(platform_id: str) -> str:
    """The name of the feed of one platform's displays."""
    return f"shown:{platform_id}"


def verified_licence_log_name(platform_id: str) -> str:
    """The name of the feed of the licences that were verified for one platform."""
    return f"licence:{platform_id}"


def dispute_log_name(platform_id: str) -> str:
    """The name of the feed of the disputes in which one platform takes part; of '' the feed of all disputes."""
    return f"{DISPUTES}:{platform_id}" if platform_id else DISPUTES


def campaign_log_name(figure: str, campaign_id: str) -> str:
    """The name of the feed whose length is one figure of a campaign."""
    return f"campaign-{figure}:{campaign_id}"
