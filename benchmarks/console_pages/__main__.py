"""Run: python -m benchmarks.console_pages [rounds] [part of a path]."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from statistics import median
from typing import Any, Final

from benchmarks.console_pages.store_costs import Cost, Store
from benchmarks.console_pages.visitor import ORGANISATIONS, Asked, Person
from chalicelib.accounts.roles import Role
from local import launch
from local.aws.gateway import Gateway

ROUNDS: Final = 5


def measure(person: Person, asked: Asked, store: Store) -> None:
    """Ask once more, and keep what it cost."""
    calls, units, wall, cpu, own = (
        store.calls,
        store.units,
        time.perf_counter(),
        time.process_time(),
        time.thread_time(),
    )
    status, _, body = person.ask(asked.method, asked.path, asked.body)
    spent = (time.perf_counter() - wall, time.process_time() - cpu, time.thread_time() - own)
    if status != 200:
        print(f"{asked.role}: {asked.label} answers {status}")
    asked.costs.append(Cost(*spent, len(body), store.calls - calls, store.units - units))


def show(pages: list[Asked]) -> None:
    """A line for each page of a role, of its addresses the slowest; the slowest page first."""
    slowest: dict[tuple[Role, str], Asked] = {}
    for asked in sorted(pages, key=_wall):
        slowest[asked.role, asked.label] = asked
    print(f"{'ms':>5} {'worst':>6} {'cpu':>5} {'worst':>6} {'own':>5} {'KB':>6} {'calls':>5} {'units':>6}")
    for asked in sorted(slowest.values(), key=_wall, reverse=True):
        costs = asked.costs
        wall, cpu = ([1000 * getattr(cost, name) for cost in costs] for name in ("wall", "cpu"))
        print(
            f"{median(wall):5.0f} {max(wall):6.0f} {median(cpu):5.0f} {max(cpu):6.0f}"
            f" {1000 * median(cost.own for cost in costs):5.0f} {costs[-1].size / 1000:6.1f} {costs[-1].calls:5}"
            f" {costs[-1].units:6.1f}  {asked.role} {asked.label}"
        )
    last, large = max(pages, key=_wall), max(pages, key=lambda each: each.costs[-1].size)
    print(f"slowest: {last.role} {last.label}, {1000 * _wall(last):.0f} ms; "
          f"largest: {large.role} {large.label}, {large.costs[-1].size / 1000:.1f} KB")  # fmt: skip


def _wall(asked: Asked) -> float:
    return median(cost.wall for cost in asked.costs)


@contextmanager
def exchange() -> Iterator[Any]:
    """The demo exchange of six months, at rest."""
    running = launch.start(months=True)
    try:
        running.settle()
        yield running
    finally:
        running.stop()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    with exchange() as running:
        from chalicelib import wiring

        gateway, store = Gateway(import_module("app").app, {}), Store(wiring.client("dynamodb"))
        pages: list[Asked] = []
        for role in ORGANISATIONS:
            person = Person(gateway, role)
            for asked in [*person.crawl(), *person.looks()]:
                if wanted in asked.label:
                    for _ in range(rounds):
                        running.settle()
                        measure(person, asked, store)
                    pages.append(asked)
        show(pages)


if __name__ == "__main__":
    main()
