"""A feed: how one government list is delivered, how fresh it must be, and from when on a person must look.

Feeds are entries that an operator edits (`/v1/feeds`). What a list means is not said here but by its type, in
`list_types.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.government_lists.rules.hold_thresholds import GROWTH_TIMES, SHRINK_PERCENT, UNREADABLE_PERCENT
from chalicelib.values.records import Json, Record, stored

# The fields of the item with every feed, one for each.
ENTRY: Final = "feed:"
# What stands in the place of an entry that was taken out: the default entry of that name does not come back.
REMOVED: Final = ""


@dataclass(frozen=True, slots=True)
class Feed(Record):
    """One government list and its way here.

    `list_type`: a key of `LISTS`. `way`: a key of `DELIVERY_METHODS`. `delivers`: the whole list each time (`all`), or
    what changed since the last time (`changes`). `headers`: names of columns that only this source uses -> our field.
    `shrink_percent`, `growth_times`, `unreadable_percent`: past these a person must look. `secret`: the name of the
    secret that signs the requests, never its value.
    """

    name: str = stored()
    list_type: str = stored()
    way: str = stored("file", always=True)
    address: str = stored("", always=True)
    delivers: str = stored("all", always=True)
    headers: Mapping[str, str] = stored(factory=dict, always=True)
    every_minutes: int = stored(60, always=True)
    stale_after_seconds: int = stored(3 * 86_400, always=True)
    shrink_percent: int = stored(SHRINK_PERCENT, always=True)
    growth_times: int = stored(GROWTH_TIMES, always=True)
    unreadable_percent: int = stored(UNREADABLE_PERCENT, always=True)
    secret: str = stored("", always=True)
    enabled: bool = stored(True, always=True)
    edited_by: str = stored("")
    edited_at: str = stored("")


# What an operator sets of a feed; the rest says who did so and when.
SETTINGS: Final = (
    "name", "list_type", "way", "address", "delivers", "headers", "every_minutes", "stale_after_seconds",
    "shrink_percent", "growth_times", "unreadable_percent", "secret", "enabled",
)  # fmt: skip
# The lists that a deployment may name by a setting alone, as they are until an operator edits them.
FEEDS: Final = {"serious_violations": Feed("serious_violations", "serious_violations")}
# Each method of delivery, in zh and en.
DELIVERY_METHODS: Final = {
    "file": ("网址上的完整文件", "a whole file at an address"),
    "manifest": ("清单与增量文件", "a manifest with deltas, at an address"),
    "dropped": ("投放到存储桶的文件", "a file put into feeds/<name>/dropped/ of the bucket"),
    "pages": ("分页 JSON 接口（签名请求）", "a paged JSON API with signed requests"),
}
# Where nothing new is an answer of the source; a folder into which nobody put a file says nothing.
SILENCE_CONFIRMS: Final = ("file", "manifest", "pages")


def read_feeds(item: Json | None, defaults: Iterable[Feed] = ()) -> dict[str, Feed]:
    """Every feed by name: what operators wrote, and the defaults of which they said nothing."""
    feeds = {feed.name: feed for feed in defaults}
    for field, entry in (item or {}).items():
        if not field.startswith(ENTRY):
            continue
        name = field.removeprefix(ENTRY)
        feeds.pop(name, None)
        if entry != REMOVED:
            feeds[name] = Feed.from_item(entry)
    return dict(sorted(feeds.items()))


def is_removed(item: Json | None, name: str) -> bool:
    """Whether an operator has taken out the feed of that name."""
    return bool((item or {}).get(ENTRY + name) == REMOVED)


def settings_view(feed: Feed) -> Json:
    """The feed as its operator set it."""
    return {setting: getattr(feed, setting) for setting in SETTINGS}
