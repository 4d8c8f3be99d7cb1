"""Keys of logs: numbered logs (entries 1, 2, 3 … without a gap, each in a slot, with a record of its number beside it)
and day logs (what was made on a day, numbered 1, 2, 3 …; a number may be left out)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

# A number of an entry is its place in the log, plus so much for each time that the exchange was put back to an earlier
# moment before the entry was numbered: no number is ever given to two entries. Up to the 99th time a spreadsheet shows
# such a number whole; it rounds from twelve digits on.
EPOCH: Final = 10**9

# The logs of which there is one.
CHANGES: Final = "change"
CORROBORATIONS: Final = "corroboration"
RESTRICTED: Final = "restricted"
DISPUTES: Final = "disputes"
SET_ASIDE: Final = "set-aside"
# The longest of what the entries lead to: receipts of onboarding checks.
EXPIRING_ENTRY_KEPT: Final = timedelta(days=3 * 365 + 1)


def slot(log: str, number: int) -> str:
    """The entry of that number in a log, by its place (12 digits)."""
    return f"{log}#{place(number):012d}"


def place(number: int) -> int:
    """The place in its log that an entry's number says.

    >>> place(57), place(1_000_000_051)
    (57, 51)
    """
    return number % EPOCH


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


def logs_read_by_cursor(platform_ids: Iterable[str]) -> Iterator[str]:
    """The names of all logs of which readers outside keep a cursor or numbers, of an exchange with these accounts."""
    yield from (CHANGES, CORROBORATIONS, RESTRICTED, DISPUTES, SET_ASIDE)
    for platform_id in platform_ids:
        for name in (task_log_name, notice_log_name, display_log_name, verified_licence_log_name, waiting_log_name):
            yield name(platform_id)
        yield dispute_log_name(platform_id)


def campaign_log_name(figure: str, campaign_id: str) -> str:
    """The name of the log whose length is one figure of a campaign."""
    return f"campaign-{figure}:{campaign_id}"


def count_of_day(log: str, day: str) -> str:
    """How many entries a log has of a day."""
    return f"day#{log}#{day}"


def entry_of_day(log: str, day: str, place: int) -> str:
    """An entry of a log of what is kept for good."""
    return f"day#{log}#{day}#{place:06d}"


def expiring_entry_of_day(log: str, day: str, place: int) -> str:
    """An entry of a log of what expires."""
    return f"day-until#{log}#{day}#{place:06d}"


def report_log_name(platform_id: str) -> str:
    """The name of the log of the reports that a platform or regulator sent, or that were filed for it."""
    return f"reports:{platform_id}"


def roster_log_name(platform_id: str) -> str:
    """The name of the log of the rosters that a platform sent."""
    return f"rosters:{platform_id}"


def licence_check_log_name(platform_id: str) -> str:
    """The name of the log of the licence checks that a platform began."""
    return f"licence-checks:{platform_id}"


def onboarding_log_name(platform_id: str) -> str:
    """The name of the log of the onboarding checks of a platform."""
    return f"onboarding:{platform_id}"
