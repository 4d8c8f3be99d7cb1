"""How each government list stands: age, version, entries, last result, next pull, what is held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.government_lists import feed_settings
from chalicelib.government_lists.rules import feed as feeds
from chalicelib.government_lists.rules import held_delta
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import FeedState, rests_until
from chalicelib.government_lists.rules.held_delta import HeldDelta
from chalicelib.government_lists.rules.pull_findings import findings_view
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Where a list comes from and who arranged it is not for platforms.
INTERNAL: Final = (
    "address", "secret", "headers", "problem", "edited_by", "unknown_columns", "nearest", "slow_pulls", "rests_until",
)  # fmt: skip
# What people see of a state; the rest is for the workers.
_SHOWN: Final = (
    "last_result", "problem", "version", "rows", "rejected", "persons_left_out", "changed", "confirmed_at", "tried_at",
    "next_run_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """A feed, the state of its pulls, what of it is held, and how fresh it is: ok, stale or missing.

    `age_seconds`: since the list was last known to be current; None when it never was.
    """

    feed: Feed
    state: FeedState
    hold: HeldDelta | None
    age_seconds: int | None

    @property
    def status(self) -> str:
        """Whether the list is fresh enough to be relied on."""
        if self.age_seconds is None:
            return "missing"
        return "stale" if self.age_seconds > self.feed.stale_after_seconds else "ok"

    @property
    def is_aging(self) -> bool:
        """Whether the list is stale, or half-way to it."""
        return self.status != "ok" or 2 * (self.age_seconds or 0) > self.feed.stale_after_seconds


def all_statuses(exchange: "ExchangeTable", defaults: Sequence[Feed], now: datetime) -> list[FeedStatus]:
    """How every feed stands."""
    all_feeds = feed_settings.all_feeds(exchange, defaults)
    items = exchange.get_many(government_list_keys.feed_state(name) for name in all_feeds)
    states = {name: _state(name, items.get(government_list_keys.feed_state(name))) for name in all_feeds}
    held = {name: government_list_keys.hold(name, state.hold) for name, state in states.items() if state.hold}
    holds = exchange.get_many(held.values())
    return [
        _status(feed, states[name], HeldDelta.from_item(item) if (item := holds.get(held.get(name, ""))) else None, now)
        for name, feed in all_feeds.items()
    ]


def status_of(exchange: "ExchangeTable", name: str, defaults: Sequence[Feed], now: datetime) -> FeedStatus:
    """How one feed stands; `NotFound` for one that there is not."""
    feed = feed_settings.find_feed(exchange, name, defaults)
    state = read_state(exchange, name)
    return _status(feed, state, read_hold(exchange, name, state), now)


def read_state(exchange: "ExchangeTable", name: str) -> FeedState:
    """How the pulls of the feed stand."""
    return _state(name, exchange.get(government_list_keys.feed_state(name)))


def read_hold(exchange: "ExchangeTable", name: str, state: FeedState) -> HeldDelta | None:
    """What of the feed is held now."""
    item = exchange.get(government_list_keys.hold(name, state.hold)) if state.hold else None
    return HeldDelta.from_item(item) if item else None


def view(status: FeedStatus, now: datetime) -> Json:
    """A feed as operators and regulators see it."""
    feed, state = status.feed, status.state
    answer: Json = {**feeds.settings_view(feed), "status": status.status, "age_seconds": status.age_seconds}
    answer |= {field: value for field in _SHOWN if (value := getattr(state, field)) not in (None, "")}
    answer.setdefault("next_run_at", iso(now + timedelta(minutes=5)) if feed.enabled else "")
    answer |= {"slow_pulls": state.slow_pulls} if state.slow_pulls else {}
    answer |= {"rests_until": until} if (until := rests_until(state)) else {}
    answer |= findings_view(state.findings)
    if state.run:
        answer["saving"] = {"changes": state.run.changes, "chunks": state.run.chunks, "done": state.run.done}
    if status.hold:
        answer["hold"] = held_delta.view(status.hold)
    return answer


def platform_view(status: FeedStatus, now: datetime) -> Json:
    """A feed as platforms see it: how it stands, and not where it comes from."""
    shown = {field: value for field, value in view(status, now).items() if field not in INTERNAL}
    if "hold" in shown:
        shown["hold"] = {field: value for field, value in shown["hold"].items() if field not in INTERNAL}
    return shown


def count_unhealthy(statuses: Iterable[FeedStatus]) -> dict[str, float]:
    """How many feeds want a person: held, stale or never pulled, half-way to stale, and resting for being slow."""
    pulled = [status for status in statuses if status.feed.enabled]
    return {
        "FeedsHeld": sum(status.hold is not None for status in pulled),
        "FeedsStale": sum(status.status != "ok" for status in pulled),
        "FeedsAging": sum(status.is_aging for status in pulled),
        "FeedsResting": sum(bool(rests_until(status.state)) for status in pulled),
    }


def _state(name: str, item: Json | None) -> FeedState:
    return FeedState.from_item(item or {"id": government_list_keys.feed_state(name)})


def _status(feed: Feed, state: FeedState, hold: HeldDelta | None, now: datetime) -> FeedStatus:
    age = age_seconds(state.confirmed_at, now) if state.confirmed_at else None
    return FeedStatus(feed, state, hold, age)
