"""A feed: how one government list arrives, how fresh it must be, and what is too odd to be applied unseen.

Feeds are entries that an operator edits (`/v1/feeds`). What a list means is not said here but by its type, in
`government_list.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.values.timestamps import age_seconds, iso

State = dict[str, Any]

# Everything that is pulled, one field each; and what a lookup says of them, kept small because each lookup reads it.
FEEDS_ID: Final = "feeds"
SOURCES_ID: Final = "sources"
ENTRY: Final = "feed:"
# What stands in the place of an entry that was taken out: the default entry of that name does not come back.
GONE: Final = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One government list and its way here.

    `list_type`: a key of `LISTS`. `way`: a key of `WAYS`. `delivers`: the whole list each time (`all`), or what
    changed since the last time (`changes`). `headers`: names of columns that only this source uses -> our field.
    `shrink_percent`, `growth_times`, `unreadable_percent`: past these a person must look. `secret`: the name of the
    secret that signs the requests, never its value.
    """

    name: str
    list_type: str
    way: str = "file"
    address: str = ""
    delivers: str = "all"
    headers: Mapping[str, str] = field(default_factory=dict)
    every_minutes: int = 60
    stale_after_seconds: int = 3 * 86_400
    shrink_percent: int = 10
    growth_times: int = 3
    unreadable_percent: int = 5
    secret: str = ""
    enabled: bool = True


# The lists that a deployment may name by a setting alone, as they are until an operator edits them.
FEEDS: Final = {"serious_violations": Feed(name="serious_violations", list_type="serious_violations")}
# Each way of arriving, in zh and en.
WAYS: Final = {
    "file": ("网址上的完整文件", "a whole file at an address"),
    "manifest": ("清单与增量文件", "a manifest with deltas, at an address"),
    "dropped": ("投放到存储桶的文件", "a file put into feeds/<name>/dropped/ of the bucket"),
    "pages": ("分页 JSON 接口（签名请求）", "a paged JSON API with signed requests"),
}
# Where nothing new is an answer of the source; a folder into which nobody put a file says nothing.
SILENCE_CONFIRMS: Final = ("file", "manifest", "pages")


def state_id(name: str) -> str:
    """The exchange item that holds how a feed stands: version, cursor, rows, confirmed_at, last result, its run."""
    return f"feed#{name}"


def hold_id(name: str, ident: str) -> str:
    """The exchange item of one held delta."""
    return f"hold#{name}#{ident}"


def read_feeds(item: Mapping[str, Any] | None, defaults: Iterable[Feed] = ()) -> dict[str, Feed]:
    """Every feed by name: what operators wrote, and the defaults of which they said nothing."""
    found = {one.name: one for one in defaults}
    known = {one.name for one in fields(Feed)}
    for place, entry in (item or {}).items():
        if not place.startswith(ENTRY):
            continue
        name = place.removeprefix(ENTRY)
        found.pop(name, None)
        if entry != GONE:
            found[name] = Feed(**{key: value for key, value in entry.items() if key in known})
    return dict(sorted(found.items()))


def as_entry(feed: Feed) -> dict[str, Any]:
    """The feed as plain data, as it is stored and shown."""
    return {**asdict(feed), "headers": dict(feed.headers)}


def source_entry(feed: Feed, state: Mapping[str, Any]) -> dict[str, Any] | str:
    """What a lookup reads of the feed; `GONE` for one that is not pulled."""
    if not feed.enabled:
        return GONE
    shown = {key: state[key] for key in ("version", "confirmed_at") if key in state}
    return {**shown, "stale_after_seconds": feed.stale_after_seconds, "list_type": feed.list_type}


def sources(item: Mapping[str, Any] | None, defaults: Iterable[str], now: datetime) -> list[dict[str, Any]]:
    """How each government list stands for a lookup: name, version, age, and status ok, stale or missing."""
    entries: dict[str, Any] = {name: {} for name in defaults}
    entries |= {place.removeprefix(ENTRY): entry for place, entry in (item or {}).items() if place.startswith(ENTRY)}
    return [_source(name, entry, now) for name, entry in sorted(entries.items()) if entry != GONE]


def list_types(item: Mapping[str, Any] | None, defaults: Iterable[str]) -> dict[str, str]:
    """The kind of list that each feed delivers, by the feed's name; a feed bears its list's name by default."""
    entries: dict[str, Any] = {name: {} for name in defaults}
    entries |= {place.removeprefix(ENTRY): entry for place, entry in (item or {}).items() if place.startswith(ENTRY)}
    return {name: entry.get("list_type", name) for name, entry in entries.items() if entry != GONE}


def is_due(feed: Feed, state: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is time to pull: never tried, its run unfinished, or its next pull reached."""
    return feed.enabled and ("run" in state or state.get("next_run_at", "") <= iso(now))


def next_run(feed: Feed, now: datetime) -> str:
    """When the feed is pulled again, a minute early, so that a clock that strikes every hour does not miss it."""
    return iso(now + timedelta(minutes=feed.every_minutes - 1))


def _source(name: str, entry: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    if "confirmed_at" not in entry:
        return {"name": name, "version": "", "age_seconds": None, "status": "missing"}
    age = age_seconds(entry["confirmed_at"], now)
    stale = age > entry["stale_after_seconds"]
    return {"name": name, "version": entry["version"], "age_seconds": age, "status": "stale" if stale else "ok"}
