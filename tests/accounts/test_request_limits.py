"""Limits on requests and looked-up merchants: kept across containers, told in headers, and never in anybody's way."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.accounts import request_limits
from chalicelib.accounts.request_limits import MERCHANTS, REQUESTS, SHARED_EVERY, Limits, RequestLimits
from chalicelib.errors import TooMany
from tests.support.builders import uscc
from tests.world import World

NOON = 1_795_780_800.0
ALPHA = "platform:alpha"
FEW = Limits(requests_per_minute=10, merchants_per_minute=20, merchants_per_day=30)


class Items:
    """The part of the exchange table that counts."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.broken = False
        self.calls = 0

    def get(self, item_id: str) -> dict[str, Any] | None:
        return self.items.get(item_id)

    def put(self, item: dict[str, Any]) -> None:
        self.items[item["id"]] = item

    def add(self, item_id: str, counts: dict[str, int], expires_at: int) -> dict[str, Any]:
        self.calls += 1
        if self.broken:
            raise TimeoutError
        item = self.items.setdefault(item_id, {"id": item_id})
        for name, count in counts.items():
            item[name] = item.get(name, 0) + count
        return item


def at_once(work: Callable[[], None]) -> None:
    work()


def container(items: Items, limits: Limits = FEW) -> RequestLimits:
    """A container that has read the account's limits."""
    request_limits.set_limits(items, ALPHA, limits)  # type: ignore[arg-type]
    made = RequestLimits(items, at_once)  # type: ignore[arg-type]
    made.take(ALPHA, {}, NOON - 100)
    made.take(ALPHA, {}, NOON - 50)
    return made


def taken(limits: RequestLimits, units: dict[str, int], times: int, now: float = NOON) -> int:
    """How many of so many requests pass."""
    passed = 0
    for _ in range(times):
        try:
            limits.take(ALPHA, units, now)
        except TooMany:
            continue
        passed += 1
    return passed


def test_a_quota_is_what_passes_in_its_window() -> None:
    limits = container(Items())
    assert taken(limits, {REQUESTS: 1}, 15) == 10
    assert taken(limits, {REQUESTS: 1}, 15, NOON + 59) == 0
    assert taken(limits, {REQUESTS: 1}, 15, NOON + 60) == 10


def test_what_is_refused_is_not_counted_and_says_when_to_come_back() -> None:
    limits = container(Items())
    limits.take(ALPHA, {MERCHANTS: 15}, NOON + 20)
    with pytest.raises(TooMany) as refused:
        limits.take(ALPHA, {MERCHANTS: 6}, NOON + 20)
    assert refused.value.details == {"limit": "merchants-minute", "most": 20, "per": 60, "seconds": 40}
    left = {each.quota.name: each.units for each in limits.take(ALPHA, {MERCHANTS: 5}, NOON + 20)}
    assert left == {"requests-minute": 10, "merchants-minute": 0, "merchants-day": 10}


def test_the_day_has_a_quota_of_its_own() -> None:
    limits = container(Items())
    assert [taken(limits, {MERCHANTS: 10}, 5, NOON + 60 * minute) for minute in range(3)] == [2, 1, 0]


def test_containers_know_of_each_other_after_some_seconds() -> None:
    items = Items()
    one, other = container(items), container(items)
    assert taken(one, {REQUESTS: 1}, 6) == 6
    assert taken(other, {REQUESTS: 1}, 6) == 6, "each lets through what it knows"
    for seconds in (SHARED_EVERY, 2 * SHARED_EVERY):
        for limits in (one, other):
            limits.take(ALPHA, {}, NOON + seconds)
    assert taken(one, {REQUESTS: 1}, 5, NOON + 2 * SHARED_EVERY) == 0
    assert taken(other, {REQUESTS: 1}, 5, NOON + 2 * SHARED_EVERY) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), min_size=1, max_size=60))
def test_all_containers_share_all_that_they_count(steps: list[tuple[int, int]]) -> None:
    items, now = Items(), NOON
    containers = [container(items, Limits()) for _ in range(4)]
    for which, wait in steps:
        now = min(now + wait, NOON + 40)
        containers[which].take(ALPHA, {REQUESTS: 1}, now)
    for limits in containers:
        limits.take(ALPHA, {}, NOON + 55)
    shared = sum(item["n"] for key, item in items.items.items() if "requests-minute" in key)
    assert shared == len(steps)


def test_a_store_that_does_not_answer_refuses_nobody() -> None:
    items = Items()
    limits = container(items)
    items.broken = True
    assert taken(limits, {REQUESTS: 1}, 8) == 8
    limits.take(ALPHA, {}, NOON + SHARED_EVERY)
    items.broken = False
    limits.take(ALPHA, {}, NOON + 2 * SHARED_EVERY)
    assert [item["n"] for key, item in items.items.items() if "requests-minute" in key] == [8], "shared later, and once"


def test_the_store_is_written_every_few_seconds_however_many_requests_come() -> None:
    items = Items()
    limits = container(items, Limits())
    for tenth in range(590):
        limits.take(ALPHA, {REQUESTS: 1, MERCHANTS: 1}, NOON + tenth / 10)
    quotas, shares = 3, 60 // SHARED_EVERY
    assert items.calls <= quotas * shares


def test_requests_are_answered_with_what_is_left_and_then_refused(world: World) -> None:
    key, operator = world.admit("alpha"), world.admit("office", "operator")
    few = {"requests_per_minute": 1_000, "merchants_per_minute": 3, "merchants_per_day": 100}
    assert world.call("PUT", "/v1/platforms/alpha/limits", operator, few)[:2] == (200, few)
    wiring.reset(keep_clients=True)
    limits = wiring.request_limits()
    limits._background = at_once
    limits.take(ALPHA, {}, wiring.now().timestamp() - 10)
    limits.take(ALPHA, {}, wiring.now().timestamp())
    asked = {"uscc": uscc(1), "purpose": "onboarding"}
    status, _, headers = world.call("POST", "/v1/lookups", key, asked)
    assert status == 200
    assert '"merchants-minute";q=3;w=60' in headers["RateLimit-Policy"]
    assert '"merchants-minute";r=2;t=' in headers["RateLimit"]
    applicants = [{"uscc": uscc(number)} for number in (1, 2, 3)]
    status, body, headers = world.call(
        "POST", "/v1/lookups/batch", key, {"purpose": "onboarding", "applicants": applicants}
    )
    assert (status, body["error"]["code"], body["error"]["details"]["limit"]) == (
        429,
        "too_many_requests",
        "merchants-minute",
    )
    assert 0 < int(headers["Retry-After"]) <= 60
    assert world.call("GET", "/v1/platforms/me", key)[0] == 200, "other requests go on"
    assert world.call("POST", "/v1/lookups", world.admit("beta"), asked)[0] == 200, "and so do other platforms"


def test_a_key_may_have_a_limit_of_its_own(world: World) -> None:
    key, operator = world.admit("alpha"), world.admit("office", "operator")
    key_id = key.split("_")[1]
    few = {"requests_per_minute": 2, "merchants_per_minute": 1, "merchants_per_day": 1}
    assert world.call("PUT", "/v1/platforms/alpha/limits", operator, {**few, "key_id": key_id})[0] == 200
    assert request_limits.get_limits(wiring.exchange(), f"key:{key_id}").requests_per_minute == 2
    assert request_limits.get_limits(wiring.exchange(), ALPHA) == request_limits.DEFAULTS
    status, body, _ = world.call("PUT", "/v1/platforms/alpha/limits", operator, {**few, "key_id": "0" * 12})
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert world.call("PUT", "/v1/platforms/alpha/limits", key, few)[0] == 403
