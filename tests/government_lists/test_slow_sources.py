"""A source that takes all of its time, again and again, rests and holds up no other list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.displays.rules.resting_hosts import MOST_HOSTS, RestingHosts
from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists import feed_status, pull_list
from chalicelib.government_lists.adapters.delivery_methods import SignedPages
from chalicelib.government_lists.adapters.http_source import HttpSource
from chalicelib.government_lists.feed_status import read_state
from chalicelib.government_lists.rest_periods import rest_after
from chalicelib.government_lists.rules import feed_state
from chalicelib.government_lists.rules.feed import FEEDS
from chalicelib.handlers.responses.feeds import FeedStatus
from tests.government_lists.list_pulling import context
from tests.support.slow_server import SlowServer
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
FEED = replace(FEEDS["serious_violations"], every_minutes=60, address="https://list.example.cn/list", enabled=True)
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The worker ends in the middle of what it does."""


class Office:
    """A source that does what the next of `answers` says."""

    def __init__(self, *answers: BaseException | None) -> None:
        self.answers = list(answers)

    def fetch(self, _feed: Any, _cursor: Any, _folder: Path) -> None:
        answer = self.answers.pop(0)
        if answer:
            raise answer


def pull(office: Office, now: datetime) -> feed_state.FeedState:
    methods = context(delivery_methods={FEED.way: office})
    try:
        return pull_list.pull(methods, FEED, now)
    except FeedUnreachable as error:
        return pull_list.record_failure(methods, FEED, error, now)


def slow() -> FeedUnreachable:
    return FeedUnreachable("more than 300 seconds", is_slow=True)


def hours_until(state: feed_state.FeedState, now: datetime) -> float:
    return round((datetime.fromisoformat(state.next_run_at) - now) / HOUR, 1)


def test_a_source_that_was_slow_three_times_in_a_row_rests_for_longer_each_time(world: World) -> None:
    office = Office(*[slow() for _ in range(9)])
    states = [pull(office, NOW) for _ in range(9)]
    assert [hours_until(state, NOW) for state in states] == [1, 1, 1, 2, 4, 8, 16, 24, 24]
    assert not feed_state.is_due(FEED, states[-1], NOW + 23 * HOUR)
    assert feed_state.is_due(FEED, states[-1], NOW + 24 * HOUR)
    (status,) = feed_status.all_statuses(wiring.exchange(), [FEED], NOW)
    seen = feed_status.view(status, NOW)
    assert (seen["slow_pulls"], seen["rests_until"]) == (9, states[-1].next_run_at)
    assert not {"slow_pulls", "rests_until"} & feed_status.platform_view(status, NOW).keys()
    FeedStatus.model_validate(seen)
    assert feed_status.count_unhealthy([status])["FeedsResting"] == 1


@pytest.mark.parametrize("answer", [None, FeedUnreachable("HTTP 503")])
def test_an_answer_in_time_ends_the_row(world: World, answer: FeedUnreachable | None) -> None:
    office = Office(slow(), slow(), answer, slow(), slow(), slow())
    assert [pull(office, NOW).slow_pulls for _ in range(6)] == [1, 2, 0, 1, 2, 3]


def test_a_source_that_holds_the_worker_to_its_end_counts_as_slow(world: World) -> None:
    for _ in range(3):
        with pytest.raises(Killed):
            pull(Office(Killed()), NOW)
    state = read_state(wiring.exchange(), FEED.name)
    assert (state.slow_pulls, state.tried_at[:16]) == (3, "2026-03-01T08:00")
    assert not feed_state.is_due(FEED, state, NOW)


def test_lists_of_slow_sources_come_last_and_the_others_as_they_are() -> None:
    slow_pulls = {"a": 2, "b": 0, "c": 1, "d": 0}
    states = [(replace(FEED, name=name), feed_state.FeedState(id=name, slow_pulls=n)) for name, n in slow_pulls.items()]
    assert [feed.name for feed in feed_state.in_turn(states)] == ["b", "d", "c", "a"]


def test_pages_that_are_each_in_time_have_a_deadline_in_all(tmp_path: Path) -> None:
    source = HttpSource([].append, let_loopback=True, most_seconds=0.15)
    with SlowServer("body") as server, pytest.raises(FeedUnreachable) as refused:
        SignedPages(source, lambda _name: "").fetch(replace(FEED, address=f"{server.origin}/p"), {}, tmp_path)
    assert refused.value.is_slow


def test_the_rest_doubles_and_is_bounded() -> None:
    rests = [rest_after(slow, HOUR, 10 * HOUR) / HOUR for slow in (0, 2, 3, 4, 5, 6, 7, 10_000)]
    assert rests == [0, 0, 1, 2, 4, 8, 10, 10]


def test_hosts_that_rest_are_named_and_bounded() -> None:
    hosts = RestingHosts({})
    for _ in range(3):
        assert not hosts.is_resting("a.cn", NOW)
        hosts = hosts.after("a.cn", was_slow=True, now=NOW)
    assert hosts.resting(NOW) == ["a.cn"]
    assert hosts.resting(NOW + timedelta(days=1)) == []
    again = RestingHosts.from_item(hosts.to_item()).after("a.cn", was_slow=True, now=NOW + timedelta(days=1))
    assert again.resting(NOW + timedelta(days=2)) == ["a.cn"]
    assert again.after("a.cn", was_slow=False, now=NOW).hosts == {}
    for number in range(MOST_HOSTS + 5):
        again = again.after(f"{number}.cn", was_slow=True, now=NOW)
    assert len(again.hosts) == MOST_HOSTS
    assert "a.cn" in again.hosts, "what rests the longest is kept"
