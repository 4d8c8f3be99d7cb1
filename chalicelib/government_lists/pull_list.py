"""A government list is pulled: fetched if it is new, kept, compared, guarded, saved in chunks, checkpointed last.

A pull is two steps with one write between them. What changed is laid down in the bucket, and the state names the run.
From then on the run is carried on until it is done, by whoever comes next, before anything else is fetched.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.errors import FeedUnreachable, FileRefused
from chalicelib.government_lists import apply_delta, held_deltas
from chalicelib.government_lists.compute_delta import Comparison, Read, compare
from chalicelib.government_lists.rules.feed import (
    ENTRY,
    FEEDS_ID,
    GONE,
    SILENCE_CONFIRMS,
    SOURCES_ID,
    Feed,
    State,
    next_run,
    source_entry,
    state_id,
)
from chalicelib.government_lists.rules.fetched_list import Arrival, Way
from chalicelib.government_lists.rules.hold_thresholds import hold_reason
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.storage.lease import lease
from chalicelib.values.timestamps import age_seconds, china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that refreshing works with; `ways` is by the names of `WAYS`."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    bucket: "FileBucket"
    sender: NoticeSender
    ways: Mapping[str, Way]
    read: Read


def always() -> bool:
    """There is time."""
    return True


def refresh(context: Context, feed: Feed, now: datetime, time_is_left: Callable[[], bool] = always) -> State:
    """Pull the list once, or carry on what was begun; how the feed then stands.

    `last_result`: applied, unchanged, saving (more is left to do than there was time for), busy (another is at it), or
    held (`hold` is its id), in which case nothing was changed and the last known good list stays. Raises
    `FeedUnreachable`.
    """
    with lease(context.exchange, state_id(feed.name), now) as ours:
        state = load(context.exchange, feed.name)
        if not ours:
            return {**state, "last_result": "busy"}
        if "run" not in state:
            state = _begin(context, feed, state, now)
        if "run" not in state:
            return state
        if not apply_delta.go_on(context.registry, context.exchange, context.bucket, feed, state, time_is_left):
            return {**state, "last_result": "saving"}
        return _checkpoint(context, feed, state, now)


def load(exchange: "ExchangeTable", name: str) -> State:
    """How the feed stands."""
    return exchange.get(state_id(name)) or {"id": state_id(name)}


def failed(context: Context, feed: Feed, error: Exception, now: datetime) -> State:
    """How the feed stands after a pull that could not be made; what is known stays, and grows older."""
    problem = error.problem if isinstance(error, FeedUnreachable) else type(error).__name__
    return _keep(context, feed, load(context.exchange, feed.name), now, {"last_result": "failed", "problem": problem})


def age(state: Mapping[str, Any], now: datetime) -> int:
    """Seconds since the list was last known to be current; since its first try, while it never was."""
    return age_seconds(state.get("confirmed_at") or state.get("first_try_at") or iso(now), now)


def _begin(context: Context, feed: Feed, state: State, now: datetime) -> State:
    """Fetch what is new and find what changed: the state with a run, or without one where there is nothing to save."""
    held = held_deltas.decided(context.exchange, feed.name, state)
    released = held if held and held["decision"] == "released" else None
    if held and not released:
        state = _throw_away(state, held)
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        if released:
            arrival: Arrival | None = held_deltas.fetch(context.bucket, released, folder)
        else:
            arrival = context.ways[feed.way].fetch(feed, state.get("cursor", {}), folder)
        if arrival is None:
            confirmed = {"confirmed_at": iso(now)} if feed.way in SILENCE_CONFIRMS and "version" in state else {}
            return _keep(context, feed, state, now, {"last_result": "unchanged", **confirmed})
        if arrival.sha256 in state.get("discarded", ()):
            # The source still shows what a person threw away: nothing is confirmed, and the list grows older.
            return _keep(context, feed, state, now, {"last_result": "discarded"})
        originals = _keep_originals(context, feed, arrival)
        found = _compare(context, feed, state, arrival, folder, now, bool(released))
        reason = found if isinstance(found, str) else _doubt(feed, arrival, found)
        if isinstance(found, str) or (reason and not released):
            counts = None if isinstance(found, str) else found.counts
            ident = held_deltas.open_hold(
                context.exchange, context.sender, feed, arrival, originals, reason, counts, now
            )
            return _keep(context, feed, state, now, {"last_result": "held", "hold": ident, "held": reason})
        run = apply_delta.lay_down(context.bucket, feed, found, now)
        run |= {"cursor": dict(arrival.cursor), "version": arrival.sha256[:16]}
        # From here on the run is done, whatever happens.
        return _keep(context, feed, state, now, {"run": run})


def _throw_away(state: State, hold: Mapping[str, Any]) -> State:
    """The state after a discarded delivery: a whole list is waited for anew, changes are left behind for good."""
    passed = {} if hold["whole"] else {"cursor": hold["cursor"]}
    known = [*state.get("discarded", ()), hold["sha256"]]
    return {**state, **passed, "hold": "", "held": "", "discarded": known[-10:]}


def _compare(
    context: Context, feed: Feed, state: State, arrival: Arrival, folder: Path, now: datetime, released: bool
) -> Comparison | str:
    """What changed, or the reason for which nothing can be compared."""
    known = None
    if state.get("records"):
        known = folder / "known.gz"
        context.bucket.download(state["records"], known)
    if not arrival.parts:
        return arrival.problem or "unreadable"
    today, before = date.fromisoformat(china_date(now)), state.get("rows", 0)
    try:
        return compare(context.read, feed, arrival, known, before, folder, today)
    except FileRefused as refusal:
        if refusal.code == "empty_file" and released:
            # A person has said that the list is truly empty.
            return compare(context.read, feed, replace(arrival, parts=()), known, before, folder, today)
        return "empty" if refusal.code == "empty_file" else "unreadable"


def _doubt(feed: Feed, arrival: Arrival, found: Comparison) -> str:
    if arrival.problem:
        return arrival.problem
    if arrival.rows not in (-1, found.rows):
        return "checksum_mismatch"
    return hold_reason(feed, found.counts)


def _keep_originals(context: Context, feed: Feed, arrival: Arrival) -> list[str]:
    keys = [f"feeds/{feed.name}/{arrival.sha256}/{place}" for place in range(len(arrival.parts))]
    for key, part in zip(keys, arrival.parts, strict=True):
        context.bucket.put_file(key, part)
    return keys


def _checkpoint(context: Context, feed: Feed, state: State, now: datetime) -> State:
    run = state["run"]
    fields = {
        "last_result": "applied",
        "confirmed_at": run["at"],
        "version": run["version"],
        "cursor": run["cursor"],
        "rows": run["rows"],
        "rejected": run["rejected"],
        "changed": run["changes"],
        "records": f"{run['place']}/records",
        "hold": "",
        "held": "",
    }
    return _keep(context, feed, {key: value for key, value in state.items() if key != "run"}, now, fields)


def _keep(context: Context, feed: Feed, state: State, now: datetime, fields: Mapping[str, Any]) -> State:
    """Write how the feed stands, then what lookups say of it."""
    timing = {"tried_at": iso(now), "next_run_at": next_run(feed, now)}
    kept = {"first_try_at": iso(now), "problem": "", **state, **fields, **timing}
    if fields.get("last_result") not in (None, "failed"):
        kept["problem"] = ""
    context.exchange.put(kept)
    feeds = context.exchange.get(FEEDS_ID) or {}
    if feeds.get(ENTRY + feed.name) != GONE:
        context.exchange.upsert(SOURCES_ID, {ENTRY + feed.name: source_entry(feed, kept)})
    return kept
