"""What a digest names has one name, whichever workers have heard of a rotation and wherever they are killed."""

from collections.abc import Callable, Iterable
from itertools import permutations
from typing import Any

import pytest

from chalicelib.keys.lasting_names import Names, lasting_names

OLD, NEW, NEWER = "person:1", "person:k2-1", "person:k3-1"
# The names of one person by the keys that a worker knows: one that has not heard of a rotation, one that has, and one
# that has heard that the earlier key was dropped.
BEFORE, IN_USE, DROPPED = (OLD,), (NEW, OLD), (NEW,)
# Which workers there are at one time: a step is taken when all have heard of the one before.
TIMES = [(BEFORE, IN_USE), (IN_USE, DROPPED), (IN_USE, IN_USE)]


class Killed(Exception):
    """The worker died here."""


class Table:
    """A table of items in memory; `before_write` is called before each write, `kill_after` so many writes it dies."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.before_write: Callable[[], object] = lambda: None
        self.kill_after = 0
        self.writes = 0

    def get_many(self, item_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {item_id: self.items[item_id] for item_id in item_ids if item_id in self.items}

    def put_new(self, item: dict[str, Any]) -> dict[str, Any] | None:
        self.before_write()
        taken = self.items.setdefault(item["id"], item)
        self.writes += 1
        if self.writes == self.kill_after:
            raise Killed
        return None if taken is item else taken


def name(table: Table, subjects: set[str], *names: str) -> str:
    """The lasting name of one person; its subject is saved under it."""
    (lasting,) = lasting_names(table, "named#{}".format, [names], lambda asked: subjects & set(asked))  # type: ignore[arg-type]
    subjects.add(lasting)
    return lasting


@pytest.mark.parametrize("workers", TIMES)
@pytest.mark.parametrize("stood", [set(), {OLD}])
def test_workers_that_know_different_keys_agree(workers: tuple[Names, Names], stood: set[str]) -> None:
    for order in permutations((*workers, IN_USE)):
        table, subjects = Table(), set(stood)
        if stood:
            name(table, subjects, *IN_USE)
        assert len({name(table, subjects, *names) for names in order}) == 1
        assert len(subjects) == 1


@pytest.mark.parametrize(("first", "second"), [*TIMES, *((second, first) for first, second in TIMES)])
def test_a_worker_that_is_overtaken_before_its_write_agrees(first: Names, second: Names) -> None:
    table, subjects, overtaken = Table(), set[str](), list[str]()

    def overtake() -> None:
        table.before_write = lambda: None
        overtaken.append(name(table, subjects, *second))

    table.before_write = overtake
    assert [name(table, subjects, *first)] == overtaken
    assert len(subjects) == 1


@pytest.mark.parametrize("kill", [1, 2, 3])
@pytest.mark.parametrize("stood", [set(), {OLD}])
def test_a_worker_that_is_killed_after_any_write_leaves_nothing_to_repair(kill: int, stood: set[str]) -> None:
    undisturbed = name(Table(), set(stood), NEW, OLD)
    table, subjects = Table(), set(stood)
    table.kill_after = kill
    try:
        name(table, subjects, NEW, OLD)
    except Killed:
        table.kill_after = 0
    assert name(table, subjects, NEW, OLD) == undisturbed
    assert name(table, subjects, NEW) == undisturbed, "once the earlier key was dropped"
    assert len(subjects) == 1


def test_a_name_lasts_through_rotation_after_rotation() -> None:
    table, subjects = Table(), {OLD}
    for names in ((NEW, OLD), (NEW,), (NEWER, NEW), (NEWER,)):
        assert name(table, subjects, *names) == OLD
    writes = table.writes
    assert name(table, subjects, NEWER) == OLD
    assert table.writes == writes == 2, "one for each new key, and none once it is known"


def test_nothing_is_read_where_nothing_is_asked() -> None:
    assert lasting_names(None, str, [], set) == []  # type: ignore[arg-type]


def test_one_person_twice_in_one_chunk_has_one_name() -> None:
    table = Table()
    found = lasting_names(table, "named#{}".format, [(NEW, OLD), (OLD,), (NEW, OLD)], lambda _: set())  # type: ignore[arg-type]
    assert found == [NEW] * 3
