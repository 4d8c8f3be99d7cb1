"""Keys of the closure ledger: tasks, their clocks, what is restricted, and the figures of days."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_feeds import RESTRICTED, slot, task_feed
from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, Ttl, names

FIGURES_STATE: Final = "figures-state"


def task(platform_id: str, number: int) -> str:
    """A task of one platform."""
    return slot(task_feed(platform_id), number)


def task_name(platform_id: str, number: int) -> str:
    """The name of a task in sets of tasks; no key by itself."""
    return slot(platform_id, number)


def task_named(name: str) -> str:
    """The task with that name (`task_name`)."""
    return f"task:{name}"


def tasks_of_listing(listing_id: str) -> str:
    """The names of all tasks that a listing has opened."""
    return f"ledger#{listing_id}"


def tasks_due(hour: str, part: int) -> str:
    """The names of tasks that may be due at an hour (UTC), one of 64 parts."""
    return f"due#{hour}#{part:02x}"


def restricted(number: int) -> str:
    """A listing in the list of all that may ever have blocked."""
    return slot(RESTRICTED, number)


def stale_days(feed: str) -> str:
    """The days of a feed whose figures are to be counted again."""
    return f"stale#{feed}"


def day_ranges(feed: str) -> str:
    """From which number to which each day of a feed lies."""
    return f"ranges#{feed}"


def figures(day: str) -> str:
    """The figures of a day."""
    return f"figures#{day}"


def usage(day: str, platform_id: str) -> str:
    """How many lookups a platform made on a day."""
    return f"taken#{day}#{platform_id}"


KINDS: Final = (
    ItemKind(
        "task",
        task,
        names("entry_id number task state change changed_at first_reported_at opened_at due_at calendar clock known_by")
        + names("subject listing campaigns guard licence says steps history seen_at checked_at overdue_at")
        + names("reminded_at escalates_at regulator_told_at first_answered_at answered_at lifted_at paused_at told_at")
        + names("outcome reason"),
        "what a platform is asked to do about a merchant, how it stands, and each step",
        "closure ledger",
        UNBOUNDED
        + "`history` grows with each answer that differs from the one before; some 500 with long reasons fill it",
    ),
    ItemKind(
        "tasks of a listing",
        tasks_of_listing,
        names("tasks"),
        "the names of all tasks that a listing has opened",
        "closure ledger",
        UNBOUNDED + "one name for each task of each platform; some 10,000 fill it",
    ),
    ItemKind(
        "tasks due at an hour",
        tasks_due,
        names("tasks"),
        "the names of tasks that may be due at that hour",
        "closure ledger",
        UNBOUNDED + "some 10,000 tasks fill one part, 600,000 an hour",
        ttl=Ttl(timedelta(days=30), "the hour, once it is done", at_once=False),
    ),
    ItemKind(
        "restricted listing",
        restricted,
        names("entry_id number at"),
        "the id of a listing that may ever have blocked",
        "closure ledger",
    ),
    ItemKind(
        "stale days of a feed",
        stale_days,
        names("d<date>"),
        "a token for each day that is to be counted again, '' for one that was",
        "closure ledger",
        UNBOUNDED + "one field for each day, never taken out; 20 years are 150 KB",
    ),
    ItemKind(
        "day ranges of a feed",
        day_ranges,
        names("number d<date>"),
        "how far the feed was read; the first and last number of each day",
        "closure ledger",
        UNBOUNDED + "one field for each day, never taken out; 20 years are 200 KB",
    ),
    ItemKind(
        "figures of a day",
        figures,
        names("circle tasks:<platform_id> reports:<platform_id> taken:<platform_id>"),
        "the figures of a day, counted from the feeds",
        "closure ledger",
        UNBOUNDED + "three fields for each platform, with counts by reason",
    ),
    ItemKind("usage of a day", usage, names("lookups matches"), "what a platform asked and found", "closure ledger"),
    ItemKind(
        "state of the figures",
        FIGURES_STATE,
        names("as_of taken_until"),
        "as of when the figures are, and up to which day usage was copied",
        "closure ledger",
    ),
)
