"""Pulls of government lists in the world of a test, with sources on this machine."""

from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.government_lists import pull_list
from chalicelib.government_lists.adapters.delivery_methods import DroppedFile, FileAtAddress, Manifest, SignedPages
from chalicelib.government_lists.adapters.http_source import HttpSource
from chalicelib.government_lists.dependencies import Context
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState
from chalicelib.handlers import dependencies
from chalicelib.table_files.read_table_file import read_table_file
from tests.support.builders import uscc

SECRET = "a secret between two offices"


def context(**other: Any) -> Context:
    """What a pull works with; what is given replaces what the world has."""
    source = HttpSource([].append, let_loopback=True)
    methods = {
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
        "delivery_methods": methods,
        "read": read_table_file,
    }
    return Context(**{**parts, **other})


def pull(feed: Feed, now: datetime, **other: Any) -> FeedState:
    """One pull."""
    return pull_list.pull(context(**other), feed, now)


def states(most: int = 40) -> dict[int, str]:
    """The state of the one listing of each invented merchant that has any, by its number."""
    listed: dict[int, str] = {}
    for number in range(most):
        subject = wiring.registry().subject(f"uscc:{uscc(number)}")
        if subject and subject.listings:
            (listing,) = subject.listings.values()
            listed[number] = listing.state
    return listed
