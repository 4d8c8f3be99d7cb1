"""Which government lists are pulled, and how: entries that operators edit, and how each list stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, NotFound
from chalicelib.government_lists import held_deltas
from chalicelib.government_lists.rules import feed as feeds
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

MOST_DROPPED: Final = 400 * 1024 * 1024
DROP_SECONDS: Final = 3_600
INSIDE = ("address", "secret", "headers", "problem", "edited_by")
# What a state says to people; the rest is the machine's own.
SHOWN = ("last_result", "problem", "version", "rows", "rejected", "changed", "confirmed_at", "tried_at", "next_run_at")


def known(exchange: "ExchangeTable", defaults: Sequence[Feed]) -> dict[str, Feed]:
    """Every feed by name."""
    return feeds.read_feeds(exchange.get(feeds.FEEDS_ID), defaults)


def put(exchange: "ExchangeTable", feed: Feed, by: Caller, now: datetime) -> dict[str, Any]:
    """Add a feed or change it; it is pulled at the next stroke of the clock."""
    edited = {"edited_by": by.platform_id, "edited_at": iso(now)}
    exchange.upsert(feeds.FEEDS_ID, {feeds.ENTRY + feed.name: {**feeds.as_entry(feed), **edited}})
    state = exchange.get(feeds.state_id(feed.name)) or {}
    if state:
        exchange.set_fields(feeds.state_id(feed.name), {"next_run_at": iso(now)})
    exchange.upsert(feeds.SOURCES_ID, {feeds.ENTRY + feed.name: feeds.source_entry(feed, state)})
    return {**feeds.as_entry(feed), **edited}


def remove(exchange: "ExchangeTable", name: str, defaults: Sequence[Feed], by: Caller, now: datetime) -> dict[str, Any]:
    """Pull a list no more. Its listings stand until their own end; `NotFound` for a feed that there is not."""
    told = (exchange.get(feeds.SOURCES_ID) or {}).get(feeds.ENTRY + name, feeds.GONE)
    if name not in known(exchange, defaults) and told == feeds.GONE:
        raise NotFound("not_found", feed=name)
    # Lookups stop naming it last, so that none is ever answered without a list that is still pulled.
    exchange.upsert(feeds.FEEDS_ID, {feeds.ENTRY + name: feeds.GONE})
    exchange.upsert(feeds.SOURCES_ID, {feeds.ENTRY + name: feeds.GONE})
    return {"name": name, "removed_by": by.platform_id, "removed_at": iso(now)}


def open_drop(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    name: str,
    file_name: str,
    defaults: Sequence[Feed],
    now: datetime,
) -> dict[str, Any]:
    """A form with which an office that has no access to the bucket puts one file where the feed looks for it.

    `NotFound` for a feed that there is not, `Conflict` for one whose files arrive in another way.
    """
    one = known(exchange, defaults).get(name)
    if one is None:
        raise NotFound("not_found", feed=name)
    if one.way != "dropped":
        raise Conflict("feed_not_dropped", feed=name, way=one.way)
    plain = file_name.replace("/", "_").replace("\\", "_")[-120:]
    form = bucket.upload_form(f"feeds/{name}/dropped/{iso(now)}-{plain}", MOST_DROPPED, DROP_SECONDS)
    expires_at = iso(now + timedelta(seconds=DROP_SECONDS))
    return {"feed": name, "upload": {**form, "most_bytes": MOST_DROPPED, "expires_at": expires_at}}


def describe(exchange: "ExchangeTable", defaults: Sequence[Feed], now: datetime) -> list[dict[str, Any]]:
    """Every feed as it is arranged and as it stands: age, version, rows, last result, next run, what is held."""
    found = known(exchange, defaults)
    states = exchange.get_many(feeds.state_id(name) for name in found)
    held = {name: states.get(feeds.state_id(name), {}).get("hold", "") for name in found}
    holds = exchange.get_many(feeds.hold_id(name, ident) for name, ident in held.items() if ident)
    return [
        _view(feed, states.get(feeds.state_id(name), {}), holds.get(feeds.hold_id(name, held[name])), now)
        for name, feed in found.items()
    ]


def describe_one(exchange: "ExchangeTable", name: str, defaults: Sequence[Feed], now: datetime) -> dict[str, Any]:
    """One feed; `NotFound` for one that there is not."""
    one = known(exchange, defaults).get(name)
    if one is None:
        raise NotFound("not_found", feed=name)
    state = exchange.get(feeds.state_id(name)) or {}
    hold = exchange.get(feeds.hold_id(name, state["hold"])) if state.get("hold") else None
    return _view(one, state, hold, now)


def outside(view: dict[str, Any]) -> dict[str, Any]:
    """A feed as platforms see it: how it stands, and not where it comes from."""
    return {field: value for field, value in view.items() if field not in INSIDE}


def counts(views: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How many feeds want a person: held, stale or never pulled, and half-way to stale."""
    pulled = [view for view in views if view["enabled"]]
    return {
        "FeedsHeld": sum("hold" in view for view in pulled),
        "FeedsStale": sum(view["status"] != "ok" for view in pulled),
        "FeedsAging": sum(
            view["status"] != "ok" or 2 * view["age_seconds"] > view["stale_after_seconds"] for view in pulled
        ),
    }


def _view(feed: Feed, state: dict[str, Any], hold: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    age = age_seconds(state["confirmed_at"], now) if "confirmed_at" in state else None
    status = "missing" if age is None else "stale" if age > feed.stale_after_seconds else "ok"
    view: dict[str, Any] = {**feeds.as_entry(feed), "status": status, "age_seconds": age}
    view |= {field: state[field] for field in SHOWN if state.get(field) not in (None, "")}
    view.setdefault("next_run_at", iso(now + timedelta(minutes=5)) if feed.enabled else "")
    if "run" in state:
        run = state["run"]
        view["saving"] = {key: run[key] for key in ("changes", "chunks", "done")}
    if hold:
        view["hold"] = held_deltas.view(hold)
    return view
