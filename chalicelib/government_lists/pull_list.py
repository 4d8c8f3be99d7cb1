"""A government list is pulled: fetched if it is new, kept, compared, held if it is odd, saved in chunks.

A pull is two steps with one write between them. What changed is put into the bucket, and the state names the run that
saves it. From then on each pull carries that run on until it is done, before anything else is fetched.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chalicelib.errors import FeedUnreachable, FileRefused
from chalicelib.government_lists import apply_delta, feed_runs, held_deltas, hold_preview
from chalicelib.government_lists.compute_delta import AppliedList, Delta, compute_delta
from chalicelib.government_lists.dependencies import Context
from chalicelib.government_lists.feed_status import read_state
from chalicelib.government_lists.held_deltas import Doubt
from chalicelib.government_lists.keep_rejections import keep_rejections, rejections_key
from chalicelib.government_lists.retry_unsaved import retry_unsaved
from chalicelib.government_lists.rules import feed as feeds
from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.feed import SILENCE_CONFIRMS, Feed
from chalicelib.government_lists.rules.feed_state import DeltaRun, FeedState, begun, next_pull_at, source_of
from chalicelib.government_lists.rules.fetched_list import FetchedList
from chalicelib.government_lists.rules.held_delta import RELEASED, HeldDelta
from chalicelib.government_lists.rules.hold_thresholds import hold_reason
from chalicelib.government_lists.rules.pull_findings import PullFindings
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.storage.lease import lease
from chalicelib.values.timestamps import china_date, iso


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What a source delivered, the folder for the work on it, and whether a person has released it."""

    fetched: FetchedList
    folder: Path
    is_released: bool

    @property
    def applied(self) -> Path:
        """Where the list as it was applied last is downloaded to."""
        return self.folder / "known.gz"


def always() -> bool:
    """There is time."""
    return True


def pull(context: Context, feed: Feed, now: datetime, time_is_left: Callable[[], bool] = always) -> FeedState:
    """Pull the list once, or carry on the run that a pull began; how the feed then stands.

    `last_result`: applied, unchanged, saving (more is left to do than there was time for), busy (another worker pulls
    it), or held (`hold` is its id), in which case nothing was changed and the last good list stays. Raises
    `FeedUnreachable`.
    """
    with lease(context.exchange, government_list_keys.feed_state(feed.name), now) as is_ours:
        state = read_state(context.exchange, feed.name)
        if not is_ours:
            return state.replace(last_result="busy")
        if state.run is None:
            retry_unsaved(context, feed, now)
            state = _fetch(context, feed, state, now)
        if state.run is None:
            return state
        run = apply_delta.save_chunks(context, feed, state, state.run, time_is_left)
        if not run.is_done():
            return state.replace(run=run, last_result="saving")
        return _checkpoint(context, feed, state, run, now)


def record_failure(context: Context, feed: Feed, error: Exception, now: datetime) -> FeedState:
    """How the feed stands after a pull that could not be made; the list stays as it was applied, and grows older."""
    problem = error.problem if isinstance(error, FeedUnreachable) else type(error).__name__
    state = read_state(context.exchange, feed.name)
    slow = state.slow_pulls if isinstance(error, FeedUnreachable) and error.is_slow else 0
    return _write_state(context, feed, state, now, last_result="failed", problem=problem, slow_pulls=slow)


def _fetch(context: Context, feed: Feed, state: FeedState, now: datetime) -> FeedState:
    """Fetch what is new and compare it: the state with a run, or without one where there is nothing to save."""
    decided = held_deltas.decided_hold(context.exchange, feed.name, state)
    released = decided if decided and decided.decision == RELEASED else None
    if decided and not released:
        state = _discard(state, decided)
    state = begun(state, now)
    context.exchange.put(state.to_item())
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        if released:
            fetched: FetchedList | None = held_deltas.fetch(context.bucket, released, folder)
        else:
            fetched = context.delivery_methods[feed.way].fetch(feed, state.cursor, folder)
        state = state.replace(slow_pulls=0)
        if fetched is None:
            is_confirmed = feed.way in SILENCE_CONFIRMS and state.version
            confirmed_at = iso(now) if is_confirmed else state.confirmed_at
            return _write_state(context, feed, state, now, last_result="unchanged", confirmed_at=confirmed_at)
        if fetched.sha256 in state.discarded:
            # The source still has what a person threw away: nothing is confirmed, and the list grows older.
            return _write_state(context, feed, state, now, last_result="discarded")
        return _compare(context, feed, state, _Delivery(fetched, folder, bool(released)), now)


def _discard(state: FeedState, hold: HeldDelta) -> FeedState:
    """The state after a discarded delivery: a whole list is waited for anew, changes are left behind for good."""
    cursor = state.cursor if hold.whole else hold.cursor
    return state.replace(cursor=cursor, hold="", held="", discarded=(*state.discarded, hold.sha256)[-10:])


def _compare(context: Context, feed: Feed, state: FeedState, delivery: _Delivery, now: datetime) -> FeedState:
    """Keep what was fetched, compare it with the list as it was applied, and begin a run or hold it."""
    fetched = delivery.fetched
    originals = _store_originals(context, feed, fetched)
    delta = _delta(context, feed, state, delivery, now)
    if isinstance(delta, Delta):
        key = rejections_key(feed.name, fetched.sha256[:16])
        kept, rejected = delta.findings.kept_rejections, delta.counts.rejected
        keep_rejections(context.bucket, key, delta.rejected, kept, rejected)
    doubt = _doubt(feed, fetched, delta) if isinstance(delta, Delta) else delta
    if isinstance(delta, Doubt) or (doubt and not delivery.is_released):
        assert doubt is not None
        hold = held_deltas.new_hold(feed, fetched, originals, doubt, now)
        if isinstance(delta, Delta):
            applied = delivery.applied if state.records else None
            hold_preview.try_to_keep(context, feed, hold.hold_id, (delta.changes, applied), now)
        held_deltas.hold_delta(context, hold, now)
        return _write_state(context, feed, state, now, last_result="held", hold=hold.hold_id, held=doubt.reason)
    run = apply_delta.prepare_run(context.bucket, feed, fetched, delta, now)
    # From here on the run is done, whatever happens.
    return _write_state(context, feed, state, now, run=run)


def _delta(context: Context, feed: Feed, state: FeedState, delivery: _Delivery, now: datetime) -> Delta | Doubt:
    """What changed, or why nothing can be compared."""
    fetched, folder = delivery.fetched, delivery.folder
    path = delivery.applied if state.records else None
    if path:
        context.bucket.download(state.records, path)
    if not fetched.parts:
        return Doubt(fetched.problem or "unreadable")
    applied, today = AppliedList(path, state.rows or 0), date.fromisoformat(china_date(now))
    try:
        return compute_delta(context.read, feed, fetched, applied, folder, today)
    except FileRefused as refusal:
        if refusal.code == "empty_file" and delivery.is_released:
            # A person has said that the list is truly empty.
            return compute_delta(context.read, feed, replace(fetched, parts=()), applied, folder, today)
        nearest = refusal.details.get("nearest", {})
        findings = PullFindings(unknown_columns=tuple(nearest), nearest=nearest)
        return Doubt("empty" if refusal.code == "empty_file" else "unreadable", None, findings)


def _doubt(feed: Feed, fetched: FetchedList, delta: Delta) -> Doubt | None:
    """Why a person must look at the delta; None for no reason."""
    reason = fetched.problem
    if not reason and fetched.rows not in (-1, delta.rows):
        reason = "checksum_mismatch"
    reason = reason or hold_reason(feed, delta.counts)
    return Doubt(reason, delta.counts, delta.findings) if reason else None


def _store_originals(context: Context, feed: Feed, fetched: FetchedList) -> list[str]:
    keys = [f"feeds/{feed.name}/{fetched.sha256}/{place}" for place in range(len(fetched.parts))]
    for key, part in zip(keys, fetched.parts, strict=True):
        context.bucket.put_file(key, part)
    return keys


def _checkpoint(context: Context, feed: Feed, state: FeedState, run: DeltaRun, now: datetime) -> FeedState:
    """The run is done: what it saved is the list as it is applied now."""
    return _write_state(
        context,
        feed,
        state,
        now,
        last_result="applied",
        confirmed_at=run.at,
        version=run.version,
        cursor=run.cursor,
        rows=run.rows,
        rejected=run.rejected,
        persons_left_out=run.persons_left_out,
        changed=run.changes,
        findings=run.findings,
        records=f"{run.place}/records",
        hold="",
        held="",
        run=None,
    )


def _write_state(context: Context, feed: Feed, state: FeedState, now: datetime, **fields: Any) -> FeedState:
    """Write how the feed stands, then what lookups read of it."""
    timing = {"tried_at": iso(now), "next_run_at": next_pull_at(feed, now, fields.get("slow_pulls", 0))}
    written = state.replace(first_try_at=state.first_try_at or iso(now), **{**fields, **timing})
    if fields.get("last_result") not in (None, "failed"):
        written = written.replace(problem="")
    context.exchange.put(written.to_item())
    if not feeds.is_removed(context.exchange.get(government_list_keys.FEEDS), feed.name):
        source = source_of(feed, written)
        entry = source.to_item() if source else source_freshness.REMOVED
        context.exchange.upsert(government_list_keys.SOURCES, {source_freshness.ENTRY + feed.name: entry})
    if "last_result" in fields:
        feed_runs.record_run(context.exchange, feed.name, written, now)
    return written
