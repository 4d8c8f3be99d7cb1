"""Keys of numbered logs: entries 1, 2, 3 … without a gap, each in a slot, with a record of its number beside it."""

from typing import Final

# The logs of which there is one.
CHANGES: Final = "change"
CORROBORATIONS: Final = "corroboration"
RESTRICTED: Final = "restricted"
DISPUTES: Final = "disputes"
SET_ASIDE: Final = "set-aside"


def slot(log: str, number: int) -> str:
    """The entry of that number (12 digits) in a log."""
    return f"{log}#{number:012d}"


def head(log: str) -> str:
    """Where a log ends, or a little before."""
    return f"head#{log}"


def entry_number(log: str, entry_id: str) -> str:
    """Which number an entry has in a log."""
    return f"numbered#{log}#{entry_id}"


def task_log_name(platform_id: str) -> str:
    """The name of the log of one platform's tasks."""
    return f"task:{platform_id}"


def waiting_log_name(platform_id: str) -> str:
    """The name of the log of the rosters of one platform that wait behind many others."""
    return f"waiting:{platform_id}"


def notice_log_name(platform_id: str) -> str:
    """The name of the log of the notices to one platform."""
    return f"notice:{platform_id}"


def display_log_name(platform_id: str) -> str:
    """The name of the log of one platform's displays."""
    return f"shown:{platform_id}"


def verified_licence_log_name(platform_id: str) -> str:
    """The name of the log of the licences that were verified for one platform."""
    return f"licence:{platform_id}"


def dispute_log_name(platform_id: str) -> str:
    """The name of the log of the disputes in which one platform takes part; of '' the log of all disputes."""
    return f"{DISPUTES}:{platform_id}" if platform_id else DISPUTES


def campaign_log_name(figure: str, campaign_id: str) -> str:
    """The name of the log whose length is one figure of a campaign."""
    return f"campaign-{figure}:{campaign_id}"
