"""Kinds of items of government lists: how each arrives, how it stands, what is held of it."""

from typing import Final

from chalicelib.storage.item_keys import government_list_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="feeds",
        key=government_list_keys.FEEDS,
        fields=names("feed:<name>"),
        holds="every government list as operators set it up; '' for one that was taken out",
        writer="government lists",
        limit="bounded: 300 KB of settings; an operator's further ones are refused",
        growth=(Growth("bytes", 300 * 1_024, 1),),
    ),
    ItemKind(
        name="sources",
        key=government_list_keys.SOURCES,
        fields=names("feed:<name>"),
        holds="what every lookup says of each list: version, when confirmed, when stale",
        writer="government lists",
        limit="bounded: 200 lists, removed ones too, of some 150 bytes; each lookup pays for every 4 KB",
        growth=(Growth("lists", 200, 500),),
    ),
    ItemKind(
        name="state of a feed",
        key=government_list_keys.feed_state,
        fields=names(
            "version cursor rows rejected persons_left_out changed records confirmed_at first_try_at tried_at "
            "next_run_at last_result problem slow_pulls hold held discarded run findings"
        ),
        holds="how a list stands: last result, position in the source, the run in work",
        writer="government lists",
        limit="bounded: ten discarded deliveries, 40 unknown columns; the position is what the source gives",
        growth=(Growth("deliveries", 10, 70), Growth("columns", 80, 300), Growth("position in the source", 1, 4_000)),
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
        limit="bounded: `originals` has one key for each of 1,000 parts of the delivery",
        growth=(Growth("parts", 1_000, 120), Growth("columns", 80, 300), Growth("position in the source", 1, 4_000)),
    ),
    ItemKind(
        name="run of a feed",
        key=government_list_keys.feed_run,
        fields=names("at result version rows rejected changed problem held age_seconds"),
        holds="how one pull of a list went: its result, what was delivered, how old the list was then",
        writer="government lists",
        ttl=Ttl(government_list_keys.RUN_KEPT, "at"),
        forms={"place": r"\d{6,}"},
    ),
)
