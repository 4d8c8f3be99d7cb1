"""Past its bound a call is refused with a code of its own, and what there is goes on working."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts import api_keys
from chalicelib.displays import display_store
from chalicelib.government_lists import feed_settings
from chalicelib.government_lists.adapters import delivery_methods
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.handlers import dependencies
from chalicelib.licences import licence_store
from chalicelib.monitoring import roster_index
from chalicelib.registry.adapters.registry_pages import POSTING_BYTES, with_room
from chalicelib.rosters import roster_run_queue
from chalicelib.values.record_layout import stored_bytes
from tests.handlers.platform.test_displays import made, path, verified
from tests.interruptions.interruption import overtaken_before, writes_to
from tests.interruptions.test_two_workers import sent
from tests.support import roster_files
from tests.support.builders import uscc
from tests.support.licence_records import COMPANY
from tests.world import World

LIST = {"list_type": "penalties", "address": "https://office.example/list.csv"}


@contextmanager
def bound(module: ModuleType, name: str, most: int) -> Iterator[None]:
    """Let a bound be smaller for a while."""
    before = getattr(module, name)
    setattr(module, name, most)
    try:
        yield
    finally:
        setattr(module, name, before)


def test_an_account_has_so_many_keys_and_those_that_were_revoked_make_room(world: World) -> None:
    operator = world.admit("ops", "operator")
    world.admit("alpha")
    keys = "/v1/platforms/alpha/keys"
    with bound(api_keys, "MOST_KEYS", 3):
        second, third = (world.call("POST", keys, operator, {})[1] for _ in range(2))
        status, refused, _ = world.call("POST", keys, operator, {})
        assert (status, refused["error"]["code"]) == (409, "too_many_keys")
        assert world.call("GET", "/v1/platforms/me", third["key"])[0] == 200
        assert world.call("DELETE", f"{keys}/{second['key_id']}", operator)[0] == 200
        status, fourth, _ = world.call("POST", keys, operator, {})
        assert status == 201
        assert world.call("GET", "/v1/platforms/me", fourth["key"])[0] == 200
        assert world.call("GET", "/v1/platforms/me", second["key"])[0] == 401, "it stays revoked"
        assert second["key_id"] not in {key["key_id"] for key in platform_keys(world, fourth["key"])}
        assert world.call("POST", keys, operator, {})[0] == 409
        # Revoked from a later moment on, a key is still in use.
        body = {"replaces": third["key_id"], "grace_seconds": 3_600}
        assert world.call("POST", keys, operator, body)[0] == 409


def platform_keys(world: World, key: str) -> list[dict[str, Any]]:
    return list(world.call("GET", "/v1/platforms/me", key)[1]["keys"])


def test_a_licence_has_so_many_displays_and_those_that_were_deleted_make_room(world: World) -> None:
    key = verified(world)
    first = made(world, key)
    wanted = {"uscc": COMPANY, "shop_id": "s-3", "shop_name": "霁川零食铺三店"}
    with bound(display_store, "MOST_DISPLAYS", 2):
        made(world, key, shop_id="s-2")
        status, refused, _ = world.call("POST", "/v1/displays", key, wanted)
        assert (status, refused["error"]["code"]) == (409, "too_many_displays")
        assert world.call("POST", "/v1/displays", key, wanted)[0] == 409, "nothing was made"
        assert world.call("GET", path(first), "")[0] == 200
        assert world.call("POST", f"/v1/displays/{first['display_id']}/deletion", key, {"why": "关店"})[0] == 200
        status, third, _ = world.call("POST", "/v1/displays", key, wanted)
        assert status == 201
        assert world.call("POST", "/v1/displays", key, wanted)[:2] == (200, third)
        assert len(licence_store.displays_of(wiring.exchange(), COMPANY)) == 2


def test_there_are_so_many_lists_with_settings_of_so_many_bytes(world: World) -> None:
    operator = world.admit("ops", "operator")
    with bound(feed_settings, "MOST_FEEDS", 2):
        for name in ("one", "two"):
            assert world.call("PUT", f"/v1/feeds/{name}", operator, LIST)[0] == 200
        status, refused, _ = world.call("PUT", "/v1/feeds/three", operator, LIST)
        assert (status, refused["error"]["code"]) == (409, "too_many_feeds")
        assert world.call("DELETE", "/v1/feeds/one", operator)[0] == 200
        assert world.call("PUT", "/v1/feeds/three", operator, LIST)[0] == 409, "a removed list keeps its place"
        assert world.call("PUT", "/v1/feeds/one", operator, LIST)[0] == 200
    with bound(feed_settings, "MOST_BYTES", 1_000):
        long = {**LIST, "headers": {f"列{number}": "name" for number in range(60)}}
        assert world.call("PUT", "/v1/feeds/two", operator, long)[1]["error"]["code"] == "too_many_feeds"
        assert world.call("PUT", "/v1/feeds/two", operator, {**LIST, "every_minutes": 90})[0] == 200


def test_calls_enrol_so_many_merchants_until_a_run_takes_them_in(world: World) -> None:
    key = world.admit("beta")
    check = {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "merchant_id": "M-1"}
    assert world.call("POST", "/v1/onboarding-checks", key, check)[0] == 200
    slot = roster_index.enrolments_id("beta", "M-1")
    size = stored_bytes(wiring.exchange().get(slot))
    other = next(f"N-{n}" for n in range(9_999) if roster_index.enrolments_id("beta", f"N-{n}") == slot)
    with bound(roster_index, "MOST_ENROLLED_BYTES", size):
        status, refused, _ = world.call("POST", "/v1/onboarding-checks", key, {**check, "merchant_id": other})
        assert (status, refused["error"]["code"]) == (409, "too_many_enrolled")
        assert world.call("POST", "/v1/onboarding-checks", key, check)[0] == 200, "what is there may be set again"
        body = {**check, "merchant_id": other, "enrol": False}
        assert world.call("POST", "/v1/onboarding-checks", key, body)[0] == 200
        roster_index.remove_from_roster(wiring.exchange(), "beta", other, wiring.now())
    assert set(wiring.exchange().get(slot) or {}) == {"id", "in:M-1", f"in:{other}"}


@pytest.mark.invented_items
def test_rosters_that_wait_behind_many_others_have_their_turn_in_order(world: World) -> None:
    key = world.admit("beta")
    roster_files.done(world, key, f"S1,{uscc(1)},")
    context, order = dependencies.rosters(), [sent(world, key, number) for number in range(7)]
    with bound(roster_run_queue, "MOST_WAITING", 2):
        for _ in range(2):
            for roster_id in order:
                roster_run_queue.enqueue(context, "beta", roster_id, wiring.now())
        queue = roster_run_queue.read_queue(wiring.exchange(), "beta")
        assert (queue.active, queue.waiting, queue.overflow) == (order[0], tuple(order[1:3]), True)
        world.settle()
    bases = [(wiring.exchange().get(f"roster#{roster_id}") or {})["base"] for roster_id in order]
    assert bases[1:] == order[:-1], "each starts from the generation of the one before"
    queue = roster_run_queue.read_queue(wiring.exchange(), "beta")
    assert (queue.active, queue.waiting, queue.overflow, queue.taken) == ("", (), False, 4)
    assert queue.current == order[-1]


@pytest.mark.invented_items
def test_a_roster_that_is_put_behind_the_last_at_the_same_moment_is_not_left_there(world: World) -> None:
    key = world.admit("beta")
    roster_files.done(world, key, f"S1,{uscc(1)},")
    context, late = dependencies.rosters(), sent(world, key, 9)
    queue = roster_run_queue.read_queue(wiring.exchange(), "beta")
    wiring.exchange().put(queue.replace(overflow=True, turn=queue.turn + 1).to_item())

    def enqueue() -> None:
        roster_run_queue.enqueue(context, "beta", late, wiring.now())

    # The first worker has seen that nobody waits any more, and is about to say so.
    with overtaken_before(world, enqueue, writes_to(queue.id, "turn", "overflow")):
        roster_run_queue.start_next_run(context, "beta", wiring.now())
    after = roster_run_queue.read_queue(wiring.exchange(), "beta")
    assert late in (after.active, after.current)


def test_a_posting_has_room_for_the_names_of_a_subject_but_not_for_any_number() -> None:
    usual = {"n": ["苏州霁昱商贸有限公司"] * 12, "s": ["霁昱旗舰店"] * 12}
    assert with_room(usual) == usual
    kept = with_room({"n": ["苏" * 400] * 12, "s": ["霁昱旗舰店"]})
    assert kept == {"n": ["苏" * 400] * 5}
    assert stored_bytes(kept) < POSTING_BYTES


def test_more_dropped_files_than_one_delivery_holds_come_with_the_next_pulls(world: World, tmp_path: Any) -> None:
    feed = Feed("many", "penalties", "dropped", delivers="changes")
    for number in range(5):
        wiring.bucket().put(f"feeds/many/dropped/{number}.csv", b"x")
    cursor: dict[str, Any] = {}
    fetched = []
    with bound(delivery_methods, "MOST_PARTS", 2):
        while result := delivery_methods.DroppedFile(wiring.bucket()).fetch(feed, cursor, tmp_path):
            fetched.append(len(result.parts))
            cursor = result.cursor
    assert fetched == [2, 2, 1]
    assert world
