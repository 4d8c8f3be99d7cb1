"""No gap, no double, in whatever order things are killed, retried or raced."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from benchmarks.priced_store import PricedStore
from chalicelib import wiring
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
