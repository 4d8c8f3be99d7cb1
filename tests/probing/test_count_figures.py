"""What counting a day of lookups reads."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from chalicelib.probing.count_figures import WEEK, count_day, days_until
from chalicelib.probing.rules.asked import Asked
from chalicelib.storage.item_keys import closure_task_keys, probing_keys

DAY = "2026-03-08"
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


class Items:
    """The part of the exchange table that is read, which counts how often each item is."""

    def __init__(self, items: Iterable[dict[str, Any]]) -> None:
        self.items = {item["id"]: item for item in items}
        self.reads: Counter[str] = Counter()

    def get_many(self, item_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        asked = set(item_ids)
        self.reads.update(asked)
        return {item_id: self.items[item_id] for item_id in asked if item_id in self.items}


def test_a_day_is_counted_by_its_own_sample_and_each_item_is_read_once() -> None:
    def item(day: str, place: int) -> dict[str, Any]:
        asked = Asked(f"name:{day}-{place}", hit=True)
        return {"id": probing_keys.sample(day, "beta", place), "key_id": "k", "entries": [asked.entry()]}

    days = days_until(DAY, WEEK)
    usage = [{"id": closure_task_keys.usage(day, "beta"), "requests": 3, "lookups": 3, "hits": 3} for day in days]
    items = Items([*usage, *(item(day, place) for day in days for place in range(3))])
    figures = count_day(cast("Any", items), "beta", DAY, usage[0], NOW)
    assert (figures.lookups, figures.judged, figures.absent) == (3, 3, 3)
    assert set(items.reads.values()) == {1}
