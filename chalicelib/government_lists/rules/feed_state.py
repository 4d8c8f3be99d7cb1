"""How the pulls of one feed stand: version, cursor, counts, last result, and the delta that is being saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.government_lists.rest_periods import rest_after
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.pull_findings import PullFindings
from chalicelib.government_lists.rules.source_freshness import ListSource
from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import age_seconds, iso

FIRST_REST: Final = timedelta(hours=1)
LONGEST_REST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaRun(Record):
    """A delta that is being saved: `done` of its `chunks` are; the rest is what the state says once all are.

    `place` is the folder of the bucket in which its chunks and the list as it will then be lie.
    """

    at: str = stored()
    place: str = stored()
    chunks: int = stored()
    done: int = stored()
    changes: int = stored()
    rows: int = stored()
    rejected: int = stored()
    persons_left_out: int = stored(0)
    not_saved: int = stored(0)
    cursor: Json = stored()
    version: str = stored()
    findings: PullFindings = stored(PullFindings(), record=PullFindings)

    def is_done(self) -> bool:
        """Whether every chunk is saved."""
        return self.done == self.chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState(Record):
    """How a feed stands.

    `cursor` is what its method of delivery asks with the next time, `records` where the list lies as it was last
    applied, `hold` and `held` the id and the reason of what is held, `discarded` the digests of what a person threw
    away. `confirmed_at`: when the list was last known to be current. `findings` are those of the pull applied last.
    `slow_pulls` counts the pulls in a row that took all of their time, the one that has begun included.
    """

    id: str = stored()
    version: str = stored("")
    cursor: Json = stored(factory=dict)
    records: str = stored("")
    rows: int | None = stored(None)
    rejected: int | None = stored(None)
    persons_left_out: int | None = stored(None)
    changed: int | None = stored(None)
    confirmed_at: str = stored("")
    first_try_at: str = stored("")
    tried_at: str = stored("")
    next_run_at: str = stored("")
    last_result: str = stored("")
    problem: str = stored("", always=True)
    slow_pulls: int = stored(0)
    hold: str = stored("")
    held: str = stored("")
    discarded: tuple[str, ...] = stored((), many="values")
    findings: PullFindings = stored(PullFindings(), record=PullFindings)
    run: DeltaRun | None = stored(None, record=DeltaRun)


def is_due(feed: Feed, state: FeedState, now: datetime) -> bool:
    """Whether it is time to pull: never tried, its run unfinished, or its next pull reached."""
    return feed.enabled and (state.run is not None or state.next_run_at <= iso(now))


def next_pull_at(feed: Feed, now: datetime, slow_pulls: int = 0) -> str:
    """When the feed is pulled again, a minute early, so that an hourly schedule does not miss it; later where its
    source rests."""
    return iso(now + max(timedelta(minutes=feed.every_minutes - 1), _rest(slow_pulls)))


def begun(state: FeedState, now: datetime) -> FeedState:
    """The state when a pull begins: where the source holds the worker to its end, the other lists come before it the
    next time, and after three times it rests."""
    slow = state.slow_pulls + 1
    rest = _rest(slow)
    next_run_at = max(state.next_run_at, iso(now + rest)) if rest else state.next_run_at
    return state.replace(
        first_try_at=state.first_try_at or iso(now), tried_at=iso(now), slow_pulls=slow, next_run_at=next_run_at
    )


def in_turn(wanted: Iterable[tuple[Feed, FeedState]]) -> list[Feed]:
    """The feeds in the order in which they are pulled: those that were too slow, or held the worker to its end, come
    last."""
    return [feed for feed, _state in sorted(wanted, key=lambda entry: entry[1].slow_pulls)]


def rests_until(state: FeedState) -> str:
    """Until when the source is left alone because it was too slow, '' where it is not."""
    return state.next_run_at if _rest(state.slow_pulls) else ""


def _rest(slow_pulls: int) -> timedelta:
    return rest_after(slow_pulls, FIRST_REST, LONGEST_REST)


def age(state: FeedState, now: datetime) -> int:
    """Seconds since the list was last known to be current; since its first try, while it never was."""
    return age_seconds(state.confirmed_at or state.first_try_at or iso(now), now)


def source_of(feed: Feed, state: FeedState) -> ListSource | None:
    """The list as lookups read it; None for one that is not pulled."""
    if not feed.enabled:
        return None
    return ListSource(feed.list_type, state.version, state.confirmed_at, feed.stale_after_seconds)
