"""What could not be saved of a list is tried again with each pull, until its source says something else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.government_lists import retry_unsaved
from chalicelib.registry.rules.subject import Subject
from tests.conftest import ENVIRONMENT
from tests.government_lists.list_pulling import pull
from tests.government_lists.test_states_of_entries import SERIOUS, Feed, listing, serious
from tests.registry.full_subjects import spoil, store
from tests.support.builders import uscc
from tests.world import World

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
FEED = Feed("serious_violations", "serious_violations", "dropped", shrink_percent=100)
FROM_LIST = "government:serious_violations"
HEADER = SERIOUS + "备注\n"


def deliver(day: int, *numbers: int, feed: Feed = FEED) -> None:
    body = HEADER + "".join(serious(number, "") for number in numbers)
    wiring.bucket().put(f"feeds/serious_violations/dropped/{day:03}.csv", body.encode())
    assert pull(feed, NOW + timedelta(days=day)).last_result == "applied"


def empty(world: World, number: int) -> None:
    """The merchant's subject is readable again, and has room."""
    key = {"subject_id": {"S": f"uscc:{uscc(number)}"}}
    world.dynamodb.delete_item(TableName=ENVIRONMENT["SUBJECTS_TABLE"], Key=key)


def of_list(number: int) -> list[Any]:
    subject = wiring.registry().subject(f"uscc:{uscc(number)}")
    return [each for each in subject.listings.values() if each.source == FROM_LIST] if subject else []


def unreadable(world: World, number: int) -> None:
    """The merchant's subject is one that nothing can be saved to."""
    store(world, Subject(subject_id=f"uscc:{uscc(number)}", version=1))
    spoil(world, number)


@pytest.mark.invented_items
def test_an_entry_is_saved_by_a_later_pull_though_its_source_says_nothing_new(world: World) -> None:
    unreadable(world, 1)
    deliver(0, 1, 2)
    assert [listing(2).state] == ["active"]
    pull(FEED, NOW + timedelta(hours=1))
    empty(world, 1)
    state = pull(FEED, NOW + timedelta(hours=2))
    assert state.last_result == "unchanged"
    assert [each.state for each in of_list(1)] == ["active"]
    before = wiring.registry().subject(f"uscc:{uscc(1)}")
    pull(FEED, NOW + timedelta(hours=3))
    assert wiring.registry().subject(f"uscc:{uscc(1)}") == before, "it is tried no more"


@pytest.mark.invented_items
def test_what_the_source_has_taken_off_meanwhile_is_not_listed_any_more(world: World) -> None:
    unreadable(world, 1)
    deliver(0, 1, 2)
    deliver(1, 2)
    empty(world, 1)
    pull(FEED, NOW + timedelta(days=2))
    assert of_list(1) == []


@pytest.mark.invented_items
def test_so_many_are_tried_with_a_pull_and_each_has_its_turn(world: World) -> None:
    for number in range(1, 6):
        unreadable(world, number)
    deliver(0, *range(1, 7))
    for number in range(1, 6):
        empty(world, number)
    before, retry_unsaved.MOST_TRIED = retry_unsaved.MOST_TRIED, 2  # type: ignore[misc]
    try:
        saved = []
        for hour in range(1, 5):
            pull(FEED, NOW + timedelta(hours=hour))
            saved.append(sum(bool(of_list(number)) for number in range(1, 6)))
    finally:
        retry_unsaved.MOST_TRIED = before  # type: ignore[misc]
    assert saved == [2, 4, 5, 5]
