"""A pull that is killed at any write goes on where it was, and ends as if nothing had happened."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.government_lists import apply_delta, pull_list
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState
from tests.government_lists.list_pulling import context, states
from tests.interruptions.saved_world import SavedWorld
from tests.support.builders import uscc
from tests.support.local_source import Source
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE"
WRITES = {"PutItem", "UpdateItem", "PutObject"}


class Killed(BaseException):
    """The function is gone: nothing more runs, and no write gets through."""


def line(number: int, removed: str = "") -> str:
    return f"{uscc(number)},北京朔序{number}商贸有限公司,组织虚假交易,2025-08-28,{removed}"


def table(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture
def source() -> Iterator[Source]:
    with Source() as made:
        yield made


class Writes:
    """Counts writes to the stores, and kills the worker at the write `at`."""

    def __init__(self, world: World) -> None:
        self.count, self.at = 0, 0
        for client in (world.dynamodb, world.s3):
            client.meta.events.register("before-call", self._before, unique_id="killer")
        self._clients = (world.dynamodb, world.s3)

    def _before(self, model: Any, **_: Any) -> None:
        if model.name in WRITES:
            self.count += 1
            if self.at and self.count >= self.at:
                raise Killed

    def stop(self) -> None:
        for client in self._clients:
            client.meta.events.unregister("before-call", unique_id="killer")


def pull(feed: Feed, now: datetime) -> FeedState:
    return pull_list.pull(context(), feed, now)


def outcome(world: World) -> tuple[dict[int, str], int]:
    """The state of every listing, and how many changes there were in all."""
    events = 0
    for number in range(12):
        subject = wiring.registry().subject(f"uscc:{uscc(number)}")
        events += sum(len(listing.history) for listing in subject.listings.values()) if subject else 0
    return states(12), events


def killed_pull(world: World, feed: Feed, now: datetime, at: int) -> bool:
    """Pull with a worker that dies at its n-th write; whether it died."""
    writes = Writes(world)
    writes.at = at
    try:
        pull(feed, now)
    except Killed:
        return True
    finally:
        writes.stop()
    assert writes.count < at
    return False


@pytest.mark.long
def test_killed_after_each_write_it_goes_on_and_nothing_is_lost_or_doubled(world: World, source: Source) -> None:
    feed = Feed("serious_violations", "serious_violations", address=source.url, shrink_percent=50)
    source.body = table(*(line(n) for n in range(6)))
    pull(feed, NOW)
    source.body = table(line(9), line(5), line(4), line(1, removed="2026-02-27"), line(3), line(2))
    prepared, kills, died = SavedWorld(world), 0, True
    later = NOW + timedelta(days=1)
    while died:
        died = killed_pull(prepared.restore(), feed, later, at=kills + 1)
        again = pull(feed, later + timedelta(minutes=30))
        assert again.last_result in ("applied", "unchanged"), kills
        assert again.run is None, kills
        expected = {0: "removed", 1: "removed", **dict.fromkeys((2, 3, 4, 5, 9), "active")}
        assert outcome(world) == (expected, 9), kills
        assert again.rows == 6, kills
        kills += died
    assert kills >= 15, "so many writes"


def test_a_run_that_has_no_time_left_goes_on_at_the_next_tick(world: World, source: Source) -> None:
    feed = Feed("serious_violations", "serious_violations", address=source.url)
    assert apply_delta.CHUNK == 1_000
    source.body = table(*(line(n) for n in range(2_500)))
    results = [pull_list.pull(context(), feed, NOW, lambda: False).last_result for _ in range(3)]
    assert results == ["saving", "saving", "applied"]
    assert len(source.seen) == 1, "what is fetched is saved before anything else is fetched"
    assert len(states()) == 40


def test_two_at_once_do_not_pull_the_same_list(world: World, source: Source) -> None:
    feed = Feed("serious_violations", "serious_violations", address=source.url)
    source.body = table(line(1))
    results: list[str] = []

    def meanwhile() -> bool:
        results.append(pull(feed, NOW).last_result)
        return True

    results.append(pull_list.pull(context(), feed, NOW, meanwhile).last_result)
    assert results == ["busy", "applied"]
