"""Keys of government lists: how each arrives, how it stands, what is held of it."""

from typing import Final

from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, names

FEEDS: Final = "feeds"
SOURCES: Final = "sources"


def feed_state(name: str) -> str:
    """How a government list stands; also the name of the lease under which it is pulled."""
    return f"feed#{name}"


def hold(name: str, hold_id: str) -> str:
    """A delivery of a list that waits for a person."""
    return f"hold#{name}#{hold_id}"


KINDS: Final = (
    ItemKind(
        "feeds",
        FEEDS,
        names("feed:<name>"),
        "every government list as operators set it up; '' for one that was taken out",
        "government lists",
        UNBOUNDED + "one field for each list, of 500 bytes as a rule and some 20 KB at most",
    ),
    ItemKind(
        "sources",
        SOURCES,
        names("feed:<name>"),
        "what every lookup says of each list: version, when confirmed, when stale",
        "government lists",
        UNBOUNDED + "some 150 bytes for each list; each lookup pays for every 4 KB",
    ),
    ItemKind(
        "state of a feed",
        feed_state,
        names("version cursor rows rejected changed records confirmed_at first_try_at tried_at next_run_at")
        + names("last_result problem hold held discarded run"),
        "how a list stands: last result, position in the source, the run in work",
        "government lists",
        "bounded: ten discarded deliveries; the position is what the source gives",
    ),
    ItemKind(
        "held delivery",
        hold,
        names("hold_id feed reason counts held_at version sha256 originals whole cursor decision told_at decided_by")
        + names("decided_key decided_at why"),
        "a delivery that was too odd to be applied, and what a person decided",
        "government lists",
        "bounded: `originals` has one key for each part of the delivery",
    ),
)
