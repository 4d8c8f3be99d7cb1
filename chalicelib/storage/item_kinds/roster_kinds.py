"""Kinds of items of rosters, of whose turn it is, and of the snapshot they are screened against."""

from typing import Final

from chalicelib.storage.item_keys import roster_keys
from chalicelib.storage.item_kind import Growth, ItemKind, names

_SNAPSHOT: Final = names("snapshot_id key bytes sha256 built_at subjects")

KINDS: Final = (
    ItemKind(
        name="roster",
        key=roster_keys.roster,
        fields=names(
            "roster_id platform_id mode file_name key received_at status content rows accepted rejected warnings "
            "not_hosted split touched chunks chunks_done sent base shards snapshot_id started_at previous_screening "
            "refused nearest done_at counts merchants screened rest snapshot_built_at object_version followed_by "
            "key_id waits_until place"
        ),
        holds="a roster file: how far its run is, what it found; `chunks_done` has `<shard>:<merchants>`",
        writer="rosters",
        limit="bounded: 4,096 shards in `chunks_done`, as many bits in `touched`",
        growth=(Growth("shards", 4_096, 13),),
    ),
    ItemKind(
        name="state of a platform's rosters",
        key=roster_keys.roster_state,
        fields=names("turn active waiting overflow taken base current shards merchants screened_with screened_at"),
        holds="whose turn it is among a platform's rosters, and which run's generation counts",
        writer="rosters",
        limit="bounded: `waiting` names 500 rosters; `overflow`: further ones wait in a log, read up to `taken`",
        growth=(Growth("rosters that wait", 500, 30),),
    ),
    ItemKind(
        name="roster that waits behind others",
        key=roster_keys.waiting_roster,
        fields=names("entry_id number"),
        holds="the id of a roster that waits its turn, once the state of its platform's rosters names enough others",
        writer="rosters",
    ),
    ItemKind(
        name="news of a platform's rosters",
        key=roster_keys.roster_news,
        fields=names("last last_content enrolled_at"),
        holds="what was received last, and when a call last enrolled a merchant",
        writer="rosters",
    ),
    ItemKind(
        name="enrolments",
        key=roster_keys.enrolments,
        fields=names("in:<merchant_id>"),
        holds="merchants that calls enrolled or took off since the last run",
        writer="monitoring",
        limit="bounded: 250 KB for merchants to be added, 100 KB for those taken off; past that calls are refused",
        growth=(Growth("bytes", 350 * 1_024, 1), Growth("merchants at once", 10, 3_000)),
    ),
    ItemKind(
        name="snapshot",
        key=roster_keys.SNAPSHOT,
        fields=(*_SNAPSHOT, "previous"),
        holds="the newest snapshot of the registry, and the one before",
        writer="rosters",
    ),
    ItemKind(
        name="snapshot in work",
        key=roster_keys.SNAPSHOT_BUILD,
        fields=names("began_at start parts scanned subjects published"),
        holds="how far the building of a snapshot is",
        writer="rosters",
    ),
)
