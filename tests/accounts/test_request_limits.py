"""Limits on requests and looked-up merchants: kept across containers, told in headers, and never in anybody's way."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.accounts import request_limits
from chalicelib.accounts.quotas import DEFAULTS, MERCHANTS, REQUESTS, Limits
from chalicelib.accounts.request_limits import (
    ADDRESS,
    LIMITS_READ_EVERY,
    MOST_ADDRESSES,
    SHARED_EVERY,
    SHARED_FROM,
    SHARED_SELDOM,
    RequestLimits,
)
from chalicelib.errors import TooMany
from tests.support.builders import uscc
from tests.world import World

NOON = 1_795_780_800.0
ALPHA, KEY = "platform:alpha", "key:000000000000"
FEW = Limits(requests_per_minute=10, merchants_per_minute=20, merchants_per_day=30)
SOME = {"requests_per_minute": 1_000, "merchants_per_minute": 3, "merchants_per_day": 100}


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

    def add(self, item_id: str, counts: dict[str, int], expires_at: int, remove: Collection[str]) -> dict[str, Any]:
        self.calls += 1
        if self.broken:
            raise TimeoutError
        assert not set(counts) & set(remove), "the store takes no field twice in an update"
        item = self.items.setdefault(item_id, {"id": item_id})
        for name, count in counts.items():
            item[name] = item.get(name, 0) + count
        for name in remove:
            item.pop(name, None)
        item["expires_at"] = expires_at
        return dict(item)

    def shared(self, quota: str) -> int:
        """What all containers have written of a quota, in all windows."""
        fields = [field for item in self.items.values() for field in item.items()]
        return sum(count for name, count in fields if name.startswith(f"{quota}:"))


def at_once(work: Callable[[], None]) -> None:
    work()


def container(items: Items, limits: Limits = FEW) -> RequestLimits:
    """A container that has read the account's limits."""
    request_limits.set_limits(items, ALPHA, limits)  # type: ignore[arg-type]
    made = RequestLimits(items, at_once)  # type: ignore[arg-type]
    made.take([ALPHA], {}, NOON - 100)
    return made


def taken(limits: RequestLimits, units: dict[str, int], times: int, now: float = NOON) -> int:
    """How many of so many requests pass."""
    passed = 0
    for _ in range(times):
        try:
            limits.take([ALPHA], units, now)
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
    limits.take([ALPHA], {MERCHANTS: 15}, NOON + 20)
    with pytest.raises(TooMany) as refused:
        limits.take([ALPHA], {MERCHANTS: 6}, NOON + 20)
    assert refused.value.details == {"limit": "merchants-minute", "most": 20, "per": 60, "seconds": 40}
    left = {each.quota.name: each.units for each in limits.take([ALPHA], {MERCHANTS: 5}, NOON + 20)}
    assert left == {"merchants-minute": 0, "merchants-day": 10}


def test_what_the_platform_may_not_does_not_count_for_its_key() -> None:
    limits = container(Items())
    limits.take([ALPHA], {MERCHANTS: 20}, NOON)
    with pytest.raises(TooMany):
        limits.take([KEY, ALPHA], {MERCHANTS: 1}, NOON)
    left = {each.quota.name: each.units for each in limits.left([KEY], {MERCHANTS: 1}, NOON)}
    assert left["merchants-minute"] == DEFAULTS.merchants_per_minute
    least = {each.quota.name: each.units for each in limits.left([KEY, ALPHA], {MERCHANTS: 1}, NOON)}
    assert least["merchants-minute"] == 0, "the least of both is told"


def test_a_fresh_container_knows_the_limits_that_an_operator_set_from_its_first_request_on() -> None:
    items = Items()
    request_limits.set_limits(items, ALPHA, FEW)  # type: ignore[arg-type]
    assert taken(RequestLimits(items, at_once), {REQUESTS: 1}, 30) == 10  # type: ignore[arg-type]


def test_the_window_that_began_meanwhile_loses_nothing_by_a_late_share() -> None:
    items, waiting = Items(), []
    limits = RequestLimits(items, waiting.append)  # type: ignore[arg-type]
    limits.take([ALPHA], {REQUESTS: 1}, NOON + 59)
    assert taken(limits, {REQUESTS: 1}, 4, NOON + 60) == 4
    waiting.pop()()
    left = {each.quota.name: each.units for each in limits.left([ALPHA], {REQUESTS: 1}, NOON + 60)}
    assert left["requests-minute"] == DEFAULTS.requests_per_minute - 4


@pytest.mark.parametrize("passed", [1, 599, 600, 601, 900])
def test_an_address_may_send_600_requests_a_minute(passed: int) -> None:
    limits = RequestLimits(Items(), at_once)  # type: ignore[arg-type]
    assert sum(passes(limits, "192.0.2.1") for _ in range(passed)) == min(passed, 600)
    assert passes(limits, "192.0.2.2"), "another address goes on"


def passes(limits: RequestLimits, network: str, now: float = NOON) -> bool:
    try:
        limits.take([ADDRESS + network], {REQUESTS: 1}, now)
    except TooMany:
        return False
    return True


def test_addresses_are_forgotten_the_longest_unseen_first_and_the_busy_ones_stay() -> None:
    limits = RequestLimits(Items(), request_limits.never)  # type: ignore[arg-type]
    for number in range(3 * MOST_ADDRESSES):
        passes(limits, f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::/64")
        if number % 40 == 0:
            passes(limits, "192.0.2.1")
    assert len(limits._addresses) == MOST_ADDRESSES
    left = limits.left([ADDRESS + "192.0.2.1"], {REQUESTS: 1}, NOON)
    assert left[0].units == 0, "whoever asks from many addresses does not reset the count of one"


def test_addresses_are_shared_as_digests_and_only_busy_ones() -> None:
    items = Items()
    limits = RequestLimits(items, at_once, lambda address: "d" * len(address))  # type: ignore[arg-type]
    for second in range(SHARED_FROM):
        passes(limits, "192.0.2.1", NOON + second / 10)
        passes(limits, "198.51.100.1", NOON) if second % 10 == 0 else None
    passes(limits, "192.0.2.1", NOON + 8)
    assert set(items.items) == {f"usage#address:{'d' * 9}"}
    assert items.shared("address-minute") == SHARED_FROM
    other = RequestLimits(items, at_once, lambda address: "d" * len(address))  # type: ignore[arg-type]
    for _ in range(SHARED_FROM):
        passes(other, "192.0.2.1", NOON + 1)
    passes(other, "192.0.2.1", NOON + 9)
    left = other.left([ADDRESS + "192.0.2.1"], {REQUESTS: 1}, NOON + 9)[0]
    assert left.units == 600 - SHARED_FROM - (SHARED_FROM + 1)


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
            limits.take([ALPHA], {}, NOON + seconds)
    assert taken(one, {REQUESTS: 1}, 5, NOON + 2 * SHARED_EVERY) == 0
    assert taken(other, {REQUESTS: 1}, 5, NOON + 2 * SHARED_EVERY) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), min_size=1, max_size=60))
def test_all_containers_share_all_that_they_count(steps: list[tuple[int, int]]) -> None:
    items, now = Items(), NOON
    containers = [container(items, Limits()) for _ in range(4)]
    for which, wait in steps:
        now = min(now + wait, NOON + 38)
        containers[which].take([ALPHA], {REQUESTS: 1}, now)
    for limits in containers:
        limits.take([ALPHA], {}, NOON + 38 + SHARED_SELDOM)
    assert items.shared("requests-day") == len(steps)


def test_a_store_that_does_not_answer_refuses_nobody() -> None:
    items = Items()
    limits = container(items)
    items.broken = True
    assert taken(limits, {REQUESTS: 1}, 8) == 8
    limits.take([ALPHA], {}, NOON + SHARED_EVERY)
    items.broken = False
    limits.take([ALPHA], {}, NOON + 2 * SHARED_EVERY)
    assert items.shared("requests-minute") == 8, "shared later, and once"


def test_the_store_is_written_every_few_seconds_however_many_requests_come() -> None:
    items = Items()
    limits = container(items, Limits())
    for tenth in range(0, 590, 3):
        limits.take([ALPHA], {REQUESTS: 1, MERCHANTS: 1}, NOON + tenth / 10)
    assert items.calls <= 60 // SHARED_SELDOM
    items = Items()
    busy = container(items, Limits(merchants_per_minute=600))
    for tenth in range(590):
        busy.take([ALPHA], {REQUESTS: 1, MERCHANTS: 1}, NOON + tenth / 10)
    assert 60 // SHARED_EVERY - 3 <= items.calls <= 60 // SHARED_EVERY, "more often once a tenth of a limit is used"


def test_a_day_that_is_half_used_is_shared_no_oftener_until_little_is_left() -> None:
    """A platform that asks evenly uses a tenth of its day's limit before three in the morning."""

    def calls(most: int, asked: int) -> int:
        items = Items()
        items.add("usage#platform:alpha", {f"merchants-day:{int(NOON) // 86_400}": asked}, 0, ())
        limits = container(items, Limits(merchants_per_day=most))
        items.calls = 0
        for second in range(0, 600, 5):
            limits.take([ALPHA], {REQUESTS: 1, MERCHANTS: 1}, NOON + second)
        return items.calls

    assert calls(100_000, 50_000) <= 600 // SHARED_SELDOM
    assert calls(100_000, 99_880) >= 4 * 600 // SHARED_SELDOM


def test_an_account_is_one_item_that_does_not_grow() -> None:
    items = Items()
    one, other = container(items, Limits()), container(items, Limits())
    for minute in range(300):
        for limits in (one, other) if minute % 7 else (one,):
            limits.take([ALPHA], {REQUESTS: 1, **({MERCHANTS: 1} if minute % 50 == 0 else {})}, NOON + 60 * minute)
    usage = items.items["usage#platform:alpha"]
    assert len(usage) <= 2 + 4 * 3, usage
    day = next(count for name, count in usage.items() if name.startswith("requests-day:"))
    assert day == 300 + 300 - 43, "nothing of the day is lost with the minutes that are over"


def test_what_an_operator_sets_counts_within_a_minute() -> None:
    items, now = Items(), NOON
    limits = container(items, Limits())
    limits.take([ALPHA], {REQUESTS: 1}, now)
    request_limits.set_limits(items, ALPHA, FEW)  # type: ignore[arg-type]
    limits.take([ALPHA], {REQUESTS: 1}, now + LIMITS_READ_EVERY)
    assert taken(limits, {REQUESTS: 1}, 30, now + LIMITS_READ_EVERY) == 9


def test_requests_are_answered_with_what_is_left_and_then_refused(world: World) -> None:
    key, operator = world.admit("alpha"), world.admit("office", "operator")
    answered = {**DEFAULTS.to_item(), **SOME}
    assert world.call("PUT", "/v1/platforms/alpha/limits", operator, SOME)[:2] == (200, answered)
    restart()
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
    assert '"merchants-minute";r=2;t=' in headers["RateLimit"], "what is refused is told too"
    assert world.call("GET", "/v1/platforms/me", key)[0] == 200, "other requests go on"
    assert world.call("POST", "/v1/lookups", world.admit("beta"), asked)[0] == 200, "and so do other platforms"


def test_a_key_may_have_a_limit_of_its_own(world: World) -> None:
    key, operator = world.admit("alpha"), world.admit("office", "operator")
    key_id = key.split("_")[1]
    few = {"requests_per_minute": 2, "merchants_per_minute": 1, "merchants_per_day": 1}
    assert world.call("PUT", "/v1/platforms/alpha/limits", operator, {**few, "key_id": key_id})[0] == 200
    assert request_limits.get_limits(wiring.exchange(), f"key:{key_id}").requests_per_minute == 2
    assert request_limits.get_limits(wiring.exchange(), ALPHA) == DEFAULTS
    status, body, _ = world.call("PUT", "/v1/platforms/alpha/limits", operator, {**few, "key_id": "0" * 12})
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert world.call("PUT", "/v1/platforms/alpha/limits", key, few)[0] == 403


def restart() -> None:
    """A container that shares its counts before it goes on."""
    wiring.reset(keep_clients=True)
    wiring.request_limits()._background = at_once


def test_files_have_a_quota_whatever_they_are(world: World) -> None:
    key, operator = world.admit("alpha"), world.admit("office", "operator")
    world.call("PUT", "/v1/platforms/alpha/limits", operator, {"files_per_hour": 5, "rows_per_hour": 3})
    restart()
    eviction = {"uscc": uscc(1), "name": "示例", "evicted_on": "2026-01-02", "reason_text": "售假"}
    table = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    answers = b"task_id,outcome\n1,closed\n2,closed\n3,closed\n4,closed\n"
    status, body, headers = world.call("POST", "/v1/tasks/outcomes/files", key, answers, **table)
    assert (status, body["error"]["details"]["limit"]) == (429, "rows-hour"), "its rows count before any is taken"
    assert '"files-hour";r=4;t=' in headers["RateLimit"]
    sent = [
        world.call("POST", "/v1/reports", key, {"evictions": [eviction]}),
        world.call("POST", "/v1/reports/uploads", key, {"file_name": "a.csv"}),
        world.call("POST", "/v1/rosters/files", key, "商家ID,主体名称\n1,示例\n".encode(), **table),
        world.call("POST", "/v1/rosters/uploads", key, {"file_name": "a.csv"}),
        world.call("POST", "/v1/reports/files", key, b"", **table),
    ]
    assert [status for status, _, _ in sent] == [202, 202, 202, 202, 429]
    assert sent[-1][1]["error"]["details"]["limit"] == "files-hour"
    assert 0 < int(sent[-1][2]["Retry-After"]) <= 3_600


@pytest.mark.parametrize(
    ("method", "path", "key", "body", "status", "quota"),
    [
        ("GET", "/v1/platforms/me", "good", None, 200, "requests-minute"),
        ("GET", "/v1/platforms", "good", None, 403, "requests-minute"),
        ("GET", "/v1/reports/r_0", "good", None, 404, "requests-minute"),
        ("GET", "/v1/changes?limit=x", "good", None, 400, "requests-minute"),
        ("POST", "/v1/lookups", "good", {"purpose": "none"}, 400, "requests-minute"),
        ("GET", "/v1/platforms/me", "lf_000000000000_" + "0" * 48, None, 401, "address-minute"),
        ("GET", "/v1/platforms/me", "", None, 401, "address-minute"),
        ("GET", "/health", "", None, 200, "address-minute"),
        ("GET", "/licences/d_1", "", None, 404, "address-minute"),
        ("GET", "/licences/d_1/mark.svg", "", None, 404, "address-minute"),
        ("GET", "/my-record", "", None, 200, "address-minute"),
        ("GET", "/v1/my-record", "", None, 401, "address-minute"),
        ("POST", "/v1/licence-checks/k_0/response", "", {"presentation": "a.b.c"}, 404, "address-minute"),
        ("POST", "/v1/lookups", "good", b"text", 415, "address-minute"),
    ],
)
def test_every_answer_says_what_is_left_errors_and_pages_too(
    world: World, method: str, path: str, key: str, body: Any, status: int, quota: str
) -> None:
    kind = {} if not isinstance(body, bytes) else {"Content_Type": "text/plain"}
    key = world.admit("alpha") if key == "good" else key
    answer = world.call(method, path, key, body, **kind)
    assert answer[0] == status, answer
    assert f'"{quota}";r=' in answer[2]["RateLimit"]
    assert f'"{quota}";q=' in answer[2]["RateLimit-Policy"]


@pytest.mark.parametrize(
    ("path", "key", "kind"),
    [
        ("/health", "", "json"),
        ("/openapi.json", "", "json"),
        ("/licences/d_1", "", "html"),
        ("/licences/d_1/mark.svg", "", "json"),
        ("/my-record", "", "html"),
        ("/v1/my-record", "", "json"),
        ("/.well-known/jwks.json", "", "json"),
        ("/v1/platforms/me", "lf_000000000000_" + "0" * 48, "json"),
    ],
)
def test_an_address_that_asks_too_much_is_refused_on_every_public_route(
    world: World, path: str, key: str, kind: str
) -> None:
    limits, good = wiring.request_limits(), world.admit("alpha")
    limits.take([ADDRESS + "127.0.0.1"], {REQUESTS: 600}, wiring.now().timestamp())
    status, body, headers = world.call("GET", path, key, X_Forwarded_For="203.0.113.9")
    assert status == 429
    assert 0 < int(headers["Retry-After"]) <= 60
    assert '"address-minute";r=0;t=' in headers["RateLimit"]
    assert kind in headers["Content-Type"]
    assert kind == "html" or body["error"]["code"] == "too_many_requests"
    assert world.call("GET", "/v1/platforms/me", good)[0] == 200, "a good key is counted by itself"


def test_a_form_that_no_route_takes_is_refused_by_a_page_too(world: World) -> None:
    taken = {"Content_Type": "text/odd"}
    assert world.call("POST", "/my-record/statement", "", b"a=b", **taken)[0] == 415
    wiring.request_limits().take([ADDRESS + "127.0.0.1"], {REQUESTS: 599}, wiring.now().timestamp())
    status, _page, headers = world.call("POST", "/my-record/statement", "", b"a=b", **taken)
    assert (status, headers["Content-Type"].partition(";")[0]) == (429, "text/html")
