"""A day of any number of members: no item grows past its bound, and what earlier versions stored still counts."""

import pytest

from chalicelib import wiring
from chalicelib.closure_tasks import task_reminders
from chalicelib.displays import shop_page_checks
from chalicelib.disputes import overdue_answers
from chalicelib.licences import licence_store
from chalicelib.registry import listing_expiry
from chalicelib.storage.item_kind import MOST_ITEM_BYTES
from chalicelib.storage.sharded_set import ShardedSet
from tests.world import World

pytestmark = pytest.mark.invented_items
SETS = {
    "listings": (listing_expiry.ENDS, "l_uscc-91110105MA0000015F_0123456789abcdef", ["expiring#2026-11-27#d"]),
    "licences": (licence_store.DUE, "91110105MA0000015F", ["licences_due#2026-11-27"]),
    "shops": (shop_page_checks.VISITS, "d_0123456789abcdef01234567", ["shops_due#2026-11-27"]),
    "answers": (overdue_answers.ANSWERS, "l_uscc-91110105MA0000015F_0123456789abcdef|d_0123456789abcdef01234567",
                ["answer-due#2026-11-27"]),
    "tasks": (task_reminders.DUE, "some-platform-of-forty-characters-or-so#000000000007", []),
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_a_part_that_is_full_is_far_below_the_limit_of_the_store(name: str) -> None:
    days, member, _ = SETS[name]
    assert days.most * (len(member) + 20) < MOST_ITEM_BYTES * 3 // 4
    assert days.parts * days.most >= 64_000


def small(name: str = "listings") -> ShardedSet:
    days, _, _ = SETS[name]
    return ShardedSet(field=days.field, key=days.key, parts=2, most=3, older=days.older)


def test_members_that_do_not_fit_go_on_in_further_parts_and_none_is_lost_or_doubled(world: World) -> None:
    days, exchange = small(), wiring.exchange()
    members = sorted(f"l_{number:03}" for number in range(40))
    for _ in range(2):
        for member in members:
            days.add(exchange, "2026-11-27", member)
    found = list(days.parts_of(exchange, "2026-11-27", "2026-11-28"))
    assert all(len(some) <= 3 for _, some in found)
    assert sorted(member for _, some in found for member in some) == members
    assert days.members(exchange, "2026-11-27") == members
    assert days.members(exchange, "2026-11-28") == []
    assert world


@pytest.mark.parametrize("name", SETS)
def test_what_an_earlier_version_stored_is_read_with_what_is_new(world: World, name: str) -> None:
    days, member, older = SETS[name]
    period = "2026-11-27T16" if name == "tasks" else "2026-11-27"
    for key in older:
        wiring.exchange().add_to_set(key, days.field, {member + "old", member})
    days.add(wiring.exchange(), period, member)
    assert set(days.members(wiring.exchange(), period)) == {member, *([member + "old"] if older else [])}
    assert world


def test_a_part_that_an_earlier_version_filled_further_is_left_as_it_is(world: World) -> None:
    days, exchange = small("tasks"), wiring.exchange()
    many = {f"beta#{number:012}" for number in range(20)}
    exchange.add_to_set(days.key("2026-11-27T16", 0), "tasks", many)
    for number in range(30, 40):
        days.add(exchange, "2026-11-27T16", f"beta#{number:012}")
    found = dict(days.parts_of(exchange, "2026-11-27T16"))
    assert set(found[days.key("2026-11-27T16", 0)]) == many
    assert set(days.members(exchange, "2026-11-27T16")) == many | {f"beta#{number:012}" for number in range(30, 40)}
    assert world
