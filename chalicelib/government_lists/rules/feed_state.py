"""How the pulls of one feed stand: version, cursor, counts, last result, and the delta that is being saved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.pull_findings import PullFindings
from chalicelib.government_lists.rules.source_freshness import ListSource
from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import age_seconds, iso


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
    hold: str = stored("")
    held: str = stored("")
    discarded: tuple[str, ...] = stored((), many="values")
    findings: PullFindings = stored(PullFindings(), record=PullFindings)
    run: DeltaRun | None = stored(None, record=DeltaRun)


def is_due(feed: Feed, state: FeedState, now: datetime) -> bool:
    """Whether it is time to pull: never tried, its run unfinished, or its next pull reached."""
    return feed.enabled and (state.run is not None or state.next_run_at <= iso(now))


def next_pull_at(feed: Feed, now: datetime) -> str:
    """When the feed is pulled again, a minute early, so that an hourly schedule does not miss it."""
    return iso(now + timedelta(minutes=feed.every_minutes - 1))


def age(state: FeedState, now: datetime) -> int:
    """Seconds since the list was last known to be current; since its first try, while it never was."""
    return age_seconds(state.confirmed_at or state.first_try_at or iso(now), now)


def source_of(feed: Feed, state: FeedState) -> ListSource | None:
    """The list as lookups read it; None for one that is not pulled."""
    if not feed.enabled:
        return None
    return ListSource(feed.list_type, state.version, state.confirmed_at, feed.stale_after_seconds)
