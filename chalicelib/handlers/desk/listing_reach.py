"""Whom a listing has reached: what a page says before something far-reaching is done to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib import wiring

if TYPE_CHECKING:
    from chalicelib.registry.rules.listing import Listing
    from chalicelib.registry.rules.subject import Subject


@dataclass(frozen=True, slots=True)
class Reach:
    """How many other platforms received the listing, and how many tasks on it are open or led to a closure."""

    platforms: int
    open: int
    closed: int


def reach_of(subject: "Subject", listing: "Listing", since: str) -> Reach:
    """The reach of a subject's listing that was opened at `since`: the index of its tasks, these, and one read of who
    was informed."""
    from chalicelib.closure_tasks.task_log import tasks_of_listing
    from chalicelib.monitoring import platforms_to_alert

    tasks = [task for some in tasks_of_listing(wiring.exchange(), listing.listing_id).values() for task in some]
    told = platforms_to_alert.platforms_concerned_since(wiring.exchange(), subject, since, wiring.now())
    return Reach(
        platforms=len([platform for platform in told if platform != listing.source.platform_id]),
        open=sum(task.is_open for task in tasks),
        closed=sum(task.state == "closed" for task in tasks),
    )
