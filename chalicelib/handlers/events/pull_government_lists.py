"""The pulls of government lists that a schedule tick runs, one job for each list."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies

if TYPE_CHECKING:
    from chalicelib.government_lists.rules.feed import Feed
    from chalicelib.government_lists.rules.feed_state import FeedState

TimeIsLeft = Callable[[], bool]


def due(event: Mapping[str, Any]) -> Iterator[Callable[[TimeIsLeft], Mapping[str, Any]]]:
    """The pulls to run now: of lists that are due, that the event names, or whose held delta was decided on.

    Lists whose source was too slow come last, so that one which holds the worker to its end holds up no other twice.
    """
    from chalicelib.government_lists import feed_settings, feed_status
    from chalicelib.government_lists.rules import feed_state

    all_feeds = feed_settings.all_feeds(wiring.exchange(), wiring.default_feeds()).values()
    wanted: list[tuple[Feed, FeedState]] = []
    for feed in all_feeds:
        state = feed_status.read_state(wiring.exchange(), feed.name)
        if feed.enabled and _is_wanted(feed, state, event):
            wanted.append((feed, state))
    for feed in feed_state.in_turn(wanted):
        yield lambda time_is_left, feed=feed: _pull(feed, time_is_left)  # type: ignore[misc]


def measure(time_is_left: TimeIsLeft) -> Mapping[str, Any]:  # noqa: ARG001
    """Publish how many lists are stale, failing or held."""
    from chalicelib.government_lists import feed_status

    counts = feed_status.count_unhealthy(
        feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    )
    logs.measure(counts)
    return counts


def _is_wanted(feed: "Feed", state: "FeedState", event: Mapping[str, Any]) -> bool:
    from chalicelib.government_lists import held_deltas
    from chalicelib.government_lists.rules import feed_state

    named = feed.name in event["feeds"] if "feeds" in event else feed_state.is_due(feed, state, wiring.now())
    return named or held_deltas.decided_hold(wiring.exchange(), feed.name, state) is not None


def _pull(feed: "Feed", time_is_left: TimeIsLeft) -> Mapping[str, Any]:
    """Pull one list; a failure is recorded in the state of the list and raised again."""
    from chalicelib.government_lists import pull_list

    context = dependencies.government_lists()
    try:
        result = pull_list.pull(context, feed, wiring.now(), time_is_left)
    except Exception as error:
        result = pull_list.record_failure(context, feed, error, wiring.now())
        _log(feed, result)
        raise
    return _log(feed, result)


def _log(feed: "Feed", result: "FeedState") -> Mapping[str, Any]:
    from chalicelib.government_lists.rules import feed_state

    logs.measure({"FeedAgeSeconds": feed_state.age(result, wiring.now())}, feed=feed.name)
    noted = {"feed": feed.name, "result": result.last_result, "rows": result.rows or 0}
    if result.last_result == "held":
        logs.warn("feed_held", **noted)
    if until := feed_state.rests_until(result):
        logs.warn("feed_rests", until=until, slow_pulls=result.slow_pulls, **noted)
    return noted
