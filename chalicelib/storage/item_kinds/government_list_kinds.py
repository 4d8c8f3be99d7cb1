"""Kinds of items of government lists: how each arrives, how it stands, what is held of it."""

from typing import Final

from chalicelib.storage.item_keys import government_list_keys
from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, names

KINDS: Final = (
    ItemKind(
        name="feeds",
        key=government_list_keys.FEEDS,
        fields=names("feed:<name>"),
        holds="every government list as operators set it up; '' for one that was taken out",
        writer="government lists",
        limit=UNBOUNDED + "one field for each list, of 500 bytes as a rule and some 20 KB at most",
    ),
    ItemKind(
        name="sources",
        key=government_list_keys.SOURCES,
        fields=names("feed:<name>"),
        holds="what every lookup says of each list: version, when confirmed, when stale",
        writer="government lists",
        limit=UNBOUNDED + "some 150 bytes for each list; each lookup pays for every 4 KB",
    ),
    ItemKind(
        name="state of a feed",
        key=government_list_keys.feed_state,
        fields=names(
            "version cursor rows rejected persons_left_out changed records confirmed_at first_try_at tried_at "
            "next_run_at last_result problem hold held discarded run findings"
        ),
        holds="how a list stands: last result, position in the source, the run in work",
        writer="government lists",
        limit="bounded: ten discarded deliveries, 40 unknown columns; the position is what the source gives",
    ),
    ItemKind(
        name="held delivery",
        key=government_list_keys.hold,
        fields=names(
            "hold_id feed reason counts held_at version sha256 originals whole cursor decision told_at decided_by "
            "decided_key decided_at why findings"
        ),
        holds="a delivery that was too odd to be applied, and what a person decided",
        writer="government lists",
        limit="bounded: `originals` has one key for each part of the delivery",
    ),
)
