"""No gap, no double, in whatever order things are killed, retried or raced."""

import doctest
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from benchmarks.priced_store import PricedStore
from chalicelib import wiring
from chalicelib.errors import BadRequest, Conflict
from chalicelib.messages import ErrorCode
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.numbered_log import NumberedLog
from tests.world import OneAtATime, World

pytestmark = pytest.mark.invented_items


def entry(name: str) -> dict[str, Any]:
    return {"entry_id": name, "what": name}


class Dying:
    """An exchange table that dies before its n-th write."""

    def __init__(self, real: Any, writes: int) -> None:
        self._real = real
        self._left = writes

    def __getattr__(self, name: str) -> Any:
        if name in ("put_new", "set_fields", "put"):
            if self._left == 0:
                raise ConnectionError("killed")
            self._left -= 1
        return getattr(self._real, name)


def test_numbers_run_without_a_gap_and_an_entry_that_comes_twice_keeps_its_own(world: World) -> None:
    feed = NumberedLog(wiring.exchange(), "change")
    assert [feed.append(entry(name))["number"] for name in "abcab"] == [1, 2, 3, 1, 2]
    assert [entry["entry_id"] for entry in feed.read(0)] == ["a", "b", "c"]
    assert [entry["entry_id"] for entry in feed.read(1, 1)] == ["b"]
    assert feed.read(3) == []


@pytest.mark.parametrize("head", [0, 1, 3, 4, 5, 8, 11, 12])
@pytest.mark.parametrize(("after", "limit"), [(0, 100), (0, 5), (0, 1), (3, 4), (10, 100), (11, 1), (12, 9)])
def test_a_page_is_whole_however_far_the_head_lags(head: int, after: int, limit: int) -> None:
    store = PricedStore({"exchange": "id"})
    table = ExchangeTable(store, "exchange")
    feed = NumberedLog(table, "change")
    for number in range(1, 13):
        table.put({"id": numbered_log_keys.slot("change", number), "number": number})
    if head:
        table.put({"id": numbered_log_keys.head("change"), "number": head})
    numbers = [entry["number"] for entry in feed.read(after, limit)]
    assert numbers == list(range(after + 1, min(12, after + limit) + 1))


def test_a_reader_that_has_read_everything_pays_for_two_items() -> None:
    store = PricedStore({"exchange": "id"})
    table = ExchangeTable(store, "exchange")
    feed = NumberedLog(table, "change")
    for number in range(1, 5):
        table.put({"id": numbered_log_keys.slot("change", number), "number": number})
    table.put({"id": numbered_log_keys.head("change"), "number": 4})
    for read, after, units in ((feed.read, 4, 2), (feed.read, 0, 6), (feed.read_on, 4, 2)):
        store.forget()
        read(after)
        assert store.reads == units


@pytest.mark.parametrize("writes", range(4))
def test_killed_between_any_two_writes_and_overtaken_it_still_keeps_one_number(world: World, writes: int) -> None:
    feed = NumberedLog(wiring.exchange(), "change")
    feed.append(entry("before"))
    dying: Any = Dying(wiring.exchange(), writes)
    with suppress(ConnectionError):
        NumberedLog(dying, "change").append(entry("mine"))
    feed.append(entry("other"))
    feed.append(entry("third"))
    mine = feed.append(entry("mine"))
    entries = feed.read(0)
    assert [entry["number"] for entry in entries] == [1, 2, 3, 4]
    assert sorted(entry["entry_id"] for entry in entries) == ["before", "mine", "other", "third"]
    assert mine == feed.find("mine")


def test_numbered_by_somebody_else_between_two_looks_it_keeps_that_number(world: World) -> None:
    class Overtaken:
        """An exchange table on which another numbers the same entry just before the n-th read."""

        def __init__(self, name: str, reads: int) -> None:
            self.name = name
            self.reads = reads

        def __getattr__(self, name: str) -> Any:
            if name == "get":
                self.reads -= 1
                if self.reads == 0:
                    NumberedLog(wiring.exchange(), "change").append(entry(self.name))
                    NumberedLog(wiring.exchange(), "change").append(entry(f"after {self.name}"))
            return getattr(wiring.exchange(), name)

    for reads in (1, 2):
        table: Any = Overtaken(f"mine {reads}", reads)
        assert NumberedLog(table, "change").append(entry(f"mine {reads}"))["number"] == 2 * reads - 1
    entries = [entry["entry_id"] for entry in NumberedLog(wiring.exchange(), "change").read(0)]
    assert entries == ["mine 1", "after mine 1", "mine 2", "after mine 2"]


def test_many_at_once_get_each_number_once(world: World) -> None:
    table = ExchangeTable(OneAtATime(world.dynamodb), wiring.settings().exchange_table)
    feed = NumberedLog(table, "change")
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(lambda number: feed.append(entry(str(number // 2)))["number"], range(24)))
    assert sorted(set(numbers)) == list(range(1, 13))
    assert [entry["number"] for entry in feed.read(0)] == list(range(1, 13))
    assert feed.head() == 12


def test_two_feeds_do_not_share_numbers(world: World) -> None:
    assert NumberedLog(wiring.exchange(), "change").append(entry("a"))["number"] == 1
    assert NumberedLog(wiring.exchange(), "task:beta").append(entry("a"))["number"] == 1


class Memory:
    """An exchange table in memory that counts its calls."""

    def __init__(self, items: dict[str, Any], epoch: int) -> None:
        self.items = {key: dict(item) for key, item in items.items()}
        self.epoch = epoch
        self.calls = 0

    def get(self, item_id: str) -> dict[str, Any] | None:
        return self.get_many([item_id]).get(item_id)

    def get_many(self, item_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        self.calls += 1
        return {item_id: dict(self.items[item_id]) for item_id in item_ids if item_id in self.items}

    def put_new(self, item: dict[str, Any]) -> dict[str, Any] | None:
        return self.items.get(item["id"]) or self.items.update({item["id"]: dict(item)})

    def set_fields(self, item_id: str, fields: dict[str, Any], only_if: dict[str, Any] | None = None) -> bool:
        item = self.items.get(item_id, {})
        if not item or any(item.get(name) != value for name, value in (only_if or {}).items()):
            return False
        item.update(fields)
        return True


class Restores:
    """The log of an exchange that is put back to earlier moments."""

    def __init__(self) -> None:
        self.table: Any = Memory({}, 0)

    @property
    def log(self) -> NumberedLog:
        return NumberedLog(self.table, "change")

    def save(self) -> Any:
        return Memory(self.table.items, 0).items

    def put_back(self, saved: Any) -> None:
        self.table = Memory(saved, self.table.epoch + 1)
        self.log.cut(self.table.epoch)


def test_a_cursor_of_the_lost_time_is_told_where_to_read_on_and_reads_everything_from_there() -> None:
    story = Restores()
    for name in "abc":
        story.log.append(entry(name))
    saved = story.save()
    lost = [story.log.append(entry(name))["number"] for name in "de"]
    story.put_back(saved)
    new = [story.log.append(entry(name))["number"] for name in "xyz"]
    assert new == [1_000_000_004, 1_000_000_005, 1_000_000_006]
    for cursor in lost:
        with pytest.raises(Conflict) as refused:
            story.log.read_on(cursor)
        assert refused.value.code == ErrorCode.RESTORED
        read_after = int(refused.value.details["read_after"])
        assert [each["entry_id"] for each in story.log.read_on(read_after)] == ["x", "y", "z"]
        assert story.log.at(cursor) is None, "a number of the lost time is not the entry that took its place"
    # An earlier cursor is as good as ever, and so is each that a page gives.
    for cursor in (0, 1, 2, 3):
        names = [each["entry_id"] for each in story.log.read_on(cursor)]
        assert names == list("abcxyz")[cursor:]
    for after, number in zip((3, *new), new, strict=False):
        assert story.log.read_on(after, 1)[0]["number"] == number
    assert (story.log.end(), story.log.length()) == (new[-1], 6)
    with pytest.raises(BadRequest):
        story.log.read_on(new[-1] + 1)
    with pytest.raises(BadRequest):
        story.log.read_on(2 * 10**9 + 1)


def test_each_of_two_restores_is_remembered() -> None:
    story = Restores()
    for name in "ab":
        story.log.append(entry(name))
    first = story.save()
    story.log.append(entry("lost once"))
    story.put_back(first)
    story.log.append(entry("c"))
    second = story.save()
    lost_twice = story.log.append(entry("lost twice"))["number"]
    story.put_back(second)
    story.log.append(entry("d"))
    wanted = {3: "cd", lost_twice: "d", 2: "cd", 1_000_000_003: "d"}
    for cursor, names in wanted.items():
        try:
            page = story.log.read_on(cursor)
        except Conflict as refused:
            page = story.log.read_on(int(refused.details["read_after"]))
        assert "".join(each["entry_id"] for each in page) == names, cursor


def test_a_log_that_began_in_the_lost_time_is_read_from_its_beginning() -> None:
    story = Restores()
    saved = story.save()
    for name in "ab":
        story.log.append(entry(name))
    story.put_back(saved)
    for name in "xyz":
        story.log.append(entry(name))
    with pytest.raises(Conflict) as refused:
        story.log.read_on(2)
    assert len(story.log.read_on(int(refused.value.details["read_after"]))) == 3


def test_the_epoch_costs_no_calls_and_the_cut_may_be_made_again() -> None:
    story = Restores()
    for name in "abc":
        story.log.append(entry(name))
    story.put_back(story.save())
    story.log.append(entry("d"))
    assert story.log.cut(1) == 4, "said again after the first new entry"
    with pytest.raises(Conflict) as refused:
        story.log.read_on(4)
    assert refused.value.details["read_after"] == "1000000003"
    for cursor in (4 + 10**9, 3):
        story.table.calls = 0
        story.log.read_on(cursor, 1)
        assert story.table.calls == 1


def test_the_place_of_a_number_is_what_the_docstring_says() -> None:
    results = doctest.testmod(numbered_log_keys)
    assert (results.attempted, results.failed) == (1, 0)
