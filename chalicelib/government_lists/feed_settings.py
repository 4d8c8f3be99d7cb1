"""Which government lists are pulled, and how: operators add, change and remove feeds, and offices drop files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.government_lists.rules import feed as feeds
from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState, source_of
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.file_names import plain_file_name
from chalicelib.values.record_layout import stored_bytes
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

# So many lists may ever be set up, removed ones too, with settings of so many bytes together.
MOST_FEEDS: Final = 200
MOST_BYTES: Final = 300 * 1_024
MOST_DROPPED: Final = 400 * 1024 * 1024
DROP_SECONDS: Final = 3_600


def all_feeds(exchange: "ExchangeTable", defaults: Sequence[Feed]) -> dict[str, Feed]:
    """Every feed by name."""
    return feeds.read_feeds(exchange.get(government_list_keys.FEEDS), defaults)


def find_feed(exchange: "ExchangeTable", name: str, defaults: Sequence[Feed]) -> Feed:
    """The feed of that name; `NotFound` for one that there is not."""
    feed = all_feeds(exchange, defaults).get(name)
    if feed is None:
        raise NotFound(ErrorCode.NOT_FOUND, feed=name)
    return feed


def save_feed(exchange: "ExchangeTable", feed: Feed, by: Caller, now: datetime) -> Json:
    """Add a feed or change it; it is pulled at the next schedule tick.

    Raises `Conflict` where there are as many feeds as there may be, or their settings are as long as they may be.
    """
    entry = feed.replace(edited_by=by.platform_id, edited_at=iso(now)).to_item()
    _refuse_too_many(exchange.get(government_list_keys.FEEDS) or {}, feeds.ENTRY + feed.name, entry)
    exchange.upsert(government_list_keys.FEEDS, {feeds.ENTRY + feed.name: entry})
    item = exchange.get(government_list_keys.feed_state(feed.name))
    if item:
        exchange.set_fields(government_list_keys.feed_state(feed.name), {"next_run_at": iso(now)})
    source = source_of(feed, FeedState.from_item(item or {"id": government_list_keys.feed_state(feed.name)}))
    _show_to_lookups(exchange, feed.name, source.to_item() if source else source_freshness.REMOVED)
    return entry


def remove_feed(exchange: "ExchangeTable", name: str, defaults: Sequence[Feed], by: Caller, now: datetime) -> Json:
    """Pull a list no more. Its listings stand until their own end; `NotFound` for a feed that there is not."""
    searched = source_freshness.read_sources(exchange.get(government_list_keys.SOURCES), ())
    if name not in all_feeds(exchange, defaults) and name not in searched:
        raise NotFound(ErrorCode.NOT_FOUND, feed=name)
    # Lookups stop naming it last, so that none is ever answered without a list that is still pulled.
    exchange.upsert(government_list_keys.FEEDS, {feeds.ENTRY + name: feeds.REMOVED})
    _show_to_lookups(exchange, name, source_freshness.REMOVED)
    return {"name": name, "removed_by": by.platform_id, "removed_at": iso(now)}


def open_upload(bucket: "FileBucket", feed: Feed, file_name: str, now: datetime) -> Json:
    """A form with which an office that has no access to the bucket puts one file where the feed looks for it.

    `Conflict` for a feed whose files arrive in another way.
    """
    if feed.way != "dropped":
        raise Conflict(ErrorCode.FEED_NOT_DROPPED, feed=feed.name, way=feed.way)
    plain = plain_file_name(file_name)
    form = bucket.upload_form(f"feeds/{feed.name}/dropped/{iso(now)}-{plain}", MOST_DROPPED, DROP_SECONDS)
    expires_at = iso(now + timedelta(seconds=DROP_SECONDS))
    return {"feed": feed.name, "upload": {**form, "most_bytes": MOST_DROPPED, "expires_at": expires_at}}


def _refuse_too_many(before: Json, name: str, entry: Json) -> None:
    """Refuse an entry for which the item of all feeds has no room; one that was removed may come back."""
    before = {field: held for field, held in before.items() if field.startswith(feeds.ENTRY)}
    after = {**before, name: entry}
    grows = len(after) > len(before) or stored_bytes(after) > stored_bytes(before)
    if grows and (len(after) > MOST_FEEDS or stored_bytes(after) > MOST_BYTES):
        raise Conflict(ErrorCode.TOO_MANY_FEEDS, most=MOST_FEEDS, most_bytes=MOST_BYTES)


def _show_to_lookups(exchange: "ExchangeTable", name: str, entry: Json | str) -> None:
    exchange.upsert(government_list_keys.SOURCES, {source_freshness.ENTRY + name: entry})
