"""A desk to refresh at, over the world of a test, with sources on this machine."""

from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.government_lists import pull_list
from chalicelib.government_lists.adapters.delivery_methods import DroppedFile, FileAtAddress, Manifest, SignedPages
from chalicelib.government_lists.adapters.http_source import GovernmentFeed
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.handlers import dependencies
from chalicelib.table_files.read_table_file import read_records
from tests.support.builders import uscc

SECRET = "a secret between two offices"


def context(**other: Any) -> pull_list.Context:
    """Everything that refreshing works with; what is given replaces what the world has."""
    source = GovernmentFeed([].append, let_loopback=True)
    ways = {
        "file": FileAtAddress(source),
        "manifest": Manifest(source),
        "dropped": DroppedFile(wiring.bucket()),
        "pages": SignedPages(source, lambda _name: SECRET),
    }
    parts: dict[str, Any] = {
        "registry": wiring.registry(),
        "exchange": wiring.exchange(),
        "bucket": wiring.bucket(),
        "sender": dependencies.notices(),
        "ways": ways,
        "read": read_records,
    }
    return pull_list.Context(**{**parts, **other})


def pull(feed: Feed, now: datetime, **other: Any) -> dict[str, Any]:
    """One pull."""
    return pull_list.refresh(context(**other), feed, now)


def states(most: int = 40) -> dict[int, str]:
    """The state of the one listing of each invented merchant that has any, by its number."""
    found: dict[int, str] = {}
    for number in range(most):
        subject = wiring.registry().subject(f"uscc:{uscc(number)}")
        if subject and subject["listings"]:
            (listing,) = subject["listings"].values()
            found[number] = listing["state"]
    return found
