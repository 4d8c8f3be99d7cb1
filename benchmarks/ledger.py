"""The cost of the closure ledger: calls to the store from opening to answer, and pages of the restricted-entry list.

Calls are counted on an imitated DynamoDB, so they are exact and their times say nothing; the list is read from a store
in memory that prices each call, so its CPU time is ours.
Run: python -m benchmarks.ledger [tasks] [entries]
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from benchmarks.priced_store import PricedStore
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import restricted_entry_list
from chalicelib.registry.adapters.registry_table import RegistryTable
from chalicelib.registry.rules.listing import Listing, listing_id
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.storage.numbered_log import NumberedLog
from chalicelib.verdicts.rules.rules_in_force import EXCHANGE

AT = "2026-01-05T02:00:00.000Z"
WRITES = ("PutItem", "UpdateItem")


def listed(number: int) -> Listed:
    """An invented merchant that an invented platform evicted."""
    identity = Identity(uscc=f"91110105MA{number:07d}X", name=f"苏州樾野{number}商贸有限公司")
    listing = Listing(
        listing_id=listing_id("platform:alpha", identity.subject_id, "2026-01-02", ["PR01"]),
        source=Source.of_platform("alpha"),
        listed_on="2026-01-02",
        reasons=("PR01",),
        severity=3,
        evidence_level="E2",
        reported_at=AT,
    )
    return Listed(identity, listing, AT)


def restricted(entries: int) -> None:
    """Print the cost of a page over so many entries."""
    store = PricedStore({"subjects": "subject_id", "keys": "key", "exchange": "id"})
    registry = RegistryTable(store, "subjects", "keys", "exchange")
    exchange = ExchangeTable(store, "exchange")
    for number in range(1, entries + 1):
        change = listed(number)
        registry.save(change)
        exchange.put({"id": f"restricted#{number:012d}", "number": number, "entry_id": change.listing.listing_id})
    store.forget()
    began = time.process_time()
    page = restricted_entry_list.page(
        registry, NumberedLog(exchange, "restricted"), EXCHANGE, 0, entries, datetime(2026, 1, 6, tzinfo=UTC)
    )
    took = time.process_time() - began
    assert len(page["entries"]) == entries
    print(f"restricted-entry list, {entries:,} entries: {took:.2f} s CPU, {sum(store.calls.values())} calls, "
          f"{store.reads:,.0f} read units")  # fmt: skip


@contextmanager
def counted(client: Any) -> Iterator[Counter[str]]:
    """The calls to DynamoDB made meanwhile."""
    calls: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        calls["writes" if model.name in WRITES else "reads"] += 1

    client.meta.events.register("after-call.dynamodb", count, unique_id="counted")
    try:
        yield calls
    finally:
        client.meta.events.unregister("after-call.dynamodb", unique_id="counted")


def ledger(tasks: int) -> None:
    """Print how many calls it takes to open a task, to answer it, to remind of it and to count the day."""
    os.environ["POWERTOOLS_LOG_LEVEL"] = "ERROR"
    from moto import mock_aws

    # By its name, because tests stand outside what is type-checked.
    tests = import_module("tests.conftest")
    with mock_aws():
        world = tests.World(tests.aws_clients())
        from chalicelib import wiring
        from chalicelib.accounts.api_keys import Caller
        from chalicelib.closure_tasks import count_daily_figures, task_outcomes, task_reminders
        from chalicelib.handlers import dependencies
        from chalicelib.monitoring import lookup_index
        from chalicelib.stream import publish_changes

        context, now = dependencies.closure_tasks(), wiring.now()
        world.admit("beta")
        images = [(None, saved) for number in range(2 * tasks) if (saved := wiring.registry().save(listed(number)))]
        opened, unknown = images[:tasks], images[tasks:]
        _show(
            world,
            "a change of an unknown merchant",
            tasks,
            lambda: publish_changes.publish_changes(context, unknown, now),
        )
        for _, image in opened:
            lookup_index.record_inquiry(wiring.exchange(), image.subject_id, "beta", now)
        _show(
            world, "a change that opens one task", tasks, lambda: publish_changes.publish_changes(context, opened, now)
        )
        rows = [task_outcomes.Row(number, str(number), "closed") for number in range(1, tasks // 2 + 1)]
        beta = Caller("beta", Role.PLATFORM, "k")
        _show(world, "an answer among many", len(rows), lambda: task_outcomes.answer_tasks(context, beta, rows, now))

        def remind(at: datetime) -> None:
            task_reminders.send_due_reminders(context, at, lambda: True)

        remind(now)
        _show(world, "a tick with nothing due", 1, lambda: remind(now))
        _show(world, "counting the day", 1, lambda: count_daily_figures.count_marked_days(context, now, lambda: True))
        _show(world, "reminding of one task", tasks - len(rows), lambda: remind(now + timedelta(days=12)))


def _show(world: Any, name: str, share: int, step: Callable[[], object]) -> None:
    with counted(world.dynamodb) as calls:
        step()
    print(f"{name}: {calls['writes'] / share:.1f} writes, {calls['reads'] / share:.1f} reads")


if __name__ == "__main__":
    ledger(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    restricted(int(sys.argv[2]) if len(sys.argv) > 2 else 5_000)
