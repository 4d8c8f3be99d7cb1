"""Keys of rosters, of whose turn it is, and of the snapshot they are screened against."""

from typing import Final

from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, names

SNAPSHOT: Final = "snapshot"
SNAPSHOT_BUILD: Final = "snapshot-building"


def roster(roster_id: str) -> str:
    """A roster file and how far its run is."""
    return f"roster#{roster_id}"


def roster_state(platform_id: str) -> str:
    """Whose turn it is among a platform's rosters, and which run's generation counts."""
    return f"rosters#{platform_id}"


def roster_news(platform_id: str) -> str:
    """What a platform sent last, and when a call last enrolled a merchant."""
    return f"roster-news#{platform_id}"


def enrolments(platform_id: str, part: int) -> str:
    """Merchants that calls enrolled or took off since the last run, one of 256 parts."""
    return f"enrolled#{platform_id}#{part:02x}"


_SNAPSHOT: Final = names("snapshot_id key bytes sha256 built_at subjects")

KINDS: Final = (
    ItemKind(
        "roster",
        roster,
        names(
            "roster_id platform_id mode file_name key received_at status content rows accepted rejected warnings split"
        )
        + names("touched chunks chunks_done sent base shards snapshot_id started_at previous_screening refused done_at")
        + names("counts merchants screened rest snapshot_built_at"),
        "a roster file: how far its run is, what it found; `chunks_done` has `<shard>:<merchants>`",
        "rosters",
        "bounded: 4,096 shards in `chunks_done`, as many bits in `touched`",
    ),
    ItemKind(
        "state of a platform's rosters",
        roster_state,
        names("turn active waiting base current shards merchants screened_with screened_at"),
        "whose turn it is among a platform's rosters, and which run's generation counts",
        "rosters",
        UNBOUNDED + "`waiting` has one id for each roster that waits; some 14,000 fill it",
    ),
    ItemKind(
        "news of a platform's rosters",
        roster_news,
        names("last last_content enrolled_at"),
        "what was received last, and when a call last enrolled a merchant",
        "rosters",
    ),
    ItemKind(
        "enrolments",
        enrolments,
        names("in:<merchant_id>"),
        "merchants that calls enrolled or took off since the last run",
        "monitoring",
        UNBOUNDED + "one field for each merchant until a run takes it in; some 500,000 of a platform fill all parts",
    ),
    ItemKind(
        "snapshot",
        SNAPSHOT,
        (*_SNAPSHOT, "previous"),
        "the newest snapshot of the registry, and the one before",
        "rosters",
    ),
    ItemKind(
        "snapshot in work",
        SNAPSHOT_BUILD,
        names("began_at start parts scanned subjects published"),
        "how far the building of a snapshot is",
        "rosters",
    ),
)
