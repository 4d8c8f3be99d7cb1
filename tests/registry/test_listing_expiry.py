"""The end of a listing by its own date is a change like any other: saved, told, and foreseen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.registry import listing_expiry
from tests.support.builders import listed, uscc
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def always() -> bool:
    return True


def evict(world: World, number: int, expires_on: str, platform: str = "alpha", **more: Any) -> None:
    change = listed(platform, identity={"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"},
                    expires_on=expires_on, **more)  # fmt: skip
    assert wiring.registry().save(change) is not None
    subject = wiring.registry().subject(f"uscc:{uscc(number)}")
    assert subject is not None
    listing_expiry.index_ends(wiring.exchange(), [(None, subject)], NOW)


def run(now: datetime, time_is_left: Any = always) -> dict[str, Any]:
    context = listing_expiry.Context(registry=wiring.registry(), exchange=wiring.exchange())
    return listing_expiry.end_due_listings(context, now, time_is_left)


def state(number: int) -> str:
    (result,) = (wiring.registry().subject(f"uscc:{uscc(number)}") or {}).listings.values()
    return str(result.state)


def test_each_listing_ends_on_its_day_and_no_other(world: World) -> None:
    evict(world, 1, "2026-03-02")
    evict(world, 2, "2026-03-05")
    evict(world, 3, "9999-12-31")
    assert run(NOW)["ended"] == 0
    assert run(NOW + timedelta(days=1)) == {"ended": 1, "done_until": "2026-03-02"}
    assert (state(1), state(2), state(3)) == ("expired", "active", "active")
    assert run(NOW + timedelta(days=1)) == {"ended": 0, "done_until": "2026-03-02"}
    assert run(NOW + timedelta(days=9))["ended"] == 1, "days on which nothing ran are made good"
    assert state(2) == "expired"


def test_the_day_is_chinas(world: World) -> None:
    evict(world, 1, "2026-03-02")
    assert run(datetime(2026, 3, 1, 15, 59, tzinfo=UTC))["ended"] == 0
    assert run(datetime(2026, 3, 1, 16, 1, tzinfo=UTC))["ended"] == 1


def test_a_listing_that_was_over_when_it_came_ends_the_next_day(world: World) -> None:
    run(NOW)
    evict(world, 1, "2026-02-01")
    assert run(NOW + timedelta(days=1))["ended"] == 1


def test_a_date_that_was_moved_counts_as_it_is_now(world: World) -> None:
    evict(world, 1, "2026-03-02")
    evict(world, 1, "2026-04-02", at="2026-02-01T00:00:00.000Z")
    assert run(NOW + timedelta(days=1))["ended"] == 0
    assert run(NOW + timedelta(days=40))["ended"] == 1


def test_out_of_time_or_killed_it_goes_on_with_the_day_that_it_was_at(world: World) -> None:
    for number in range(12):
        evict(world, number, "2026-03-02")
    later = NOW + timedelta(days=1)
    left = [5]

    def time_is_left() -> bool:
        left[0] -= 1
        return left[0] > 0

    assert run(later, time_is_left)["done_until"] < "2026-03-02"
    assert "active" in {state(number) for number in range(12)}
    assert run(later)["done_until"] == "2026-03-02"
    assert {state(number) for number in range(12)} == {"expired"}


def test_everyone_who_was_told_of_it_is_told_of_its_end(world: World) -> None:
    ear = world.listen(wiring.settings().closures_topic_arn)
    tomorrow = wiring.now() + timedelta(days=1)
    wiring.registry().save(listed(expires_on=f"{tomorrow:%Y-%m-%d}"))
    world.deliver_stream()
    run(tomorrow + timedelta(days=1))
    world.deliver_stream()
    assert [notice["kind"] for notice in world.heard(ear)] == ["opened", "expired"]


@pytest.mark.parametrize("role", ["platform", "regulator"])
def test_the_preview_shows_by_day_what_the_caller_may_see(world: World, role: str) -> None:
    key = world.admit("watcher", role)
    today = wiring.now()

    def day(ahead: int) -> str:
        return f"{today + timedelta(days=ahead):%Y-%m-%d}"

    for number, ahead in ((1, 20), (2, 5), (3, 45), (4, 5)):
        change = listed("alpha", identity={"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"},
                        expires_on=day(ahead), severity=1 if number == 4 else 3)  # fmt: skip
        wiring.registry().save(change)
    world.deliver_stream()
    seen: list[str] = []
    after = ""
    while True:
        _, body, _ = world.call("GET", f"/v1/listings?expiring_within=30d&limit=1&after={after}", key)
        seen += [listing["subject"]["uscc"] for listing in body["listings"]]
        after = body["next"]
        if not after:
            break
    expected = {uscc(2), uscc(1)} | ({uscc(4)} if role == "regulator" else set())
    assert (set(seen), len(seen), seen[-1]) == (expected, len(expected), uscc(1))
    for wrong in ("expiring_within=soon", "expiring_within=400d", "after=nonsense"):
        assert world.call("GET", f"/v1/listings?{wrong}", key)[0] == 400
