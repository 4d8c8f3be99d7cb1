"""Killed after any write while what was sent again moves to a new key, a worker loses nothing and doubles nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.lookups import not_same_decisions
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import process_killed_after
from tests.interruptions.saved_world import SavedWorld
from tests.keys.exchange import Exchange
from tests.keys.test_rotation import view
from tests.world import World

SUBJECT, OLD, BOTH = "uscc:91110108MA01A2B3X4", "person:" + "1" * 40, "person:k2" + "2" * 40 + "|" + "1" * 40


def again(exchange: Exchange) -> None:
    """The same report and the same roster under the new key; what was broken off is delivered again."""
    exchange.report("alpha", 0)
    exchange.roster("beta", [0])


def killed_anywhere(world: World, act: Callable[[], None], end: Callable[[], Any], every: int = 1) -> None:
    """Kill the act after each of its writes (or each n-th) and do it again: the end is that of the undisturbed act."""
    saved = SavedWorld(world)
    with process_killed_after(world, 0) as written:
        act()
    undisturbed = end()
    assert written
    for kill in range(1, len(written) + 1, every):
        saved.restore()
        with process_killed_after(world, kill):
            act()
        act()
        assert end() == undisturbed, f"after write {kill} of {len(written)} ({written[kill - 1]})"


@pytest.mark.long
def test_a_report_and_a_roster_sent_again(world: World) -> None:
    exchange = Exchange(world)
    exchange.report("alpha", 0)
    exchange.roster("beta", [0])
    exchange.rotate()

    def end() -> Any:
        world.settle()
        subjects = world.dynamodb.scan(TableName=ENVIRONMENT["SUBJECTS_TABLE"])["Items"]
        return len(subjects), exchange.left_behind(), view(exchange, 0), exchange.roster("beta", [0])

    killed_anywhere(world, lambda: again(exchange), end, every=3)


@pytest.mark.invented_items
def test_decisions_that_move(world: World) -> None:
    exchange = wiring.exchange()
    lookup = {
        "platform_id": "beta",
        "purpose": "onboarding",
        "at": "",
        "verdict": "review",
        "expires_at": 0,
    }
    relations = {f"{SUBJECT}{number}": "likely_same" for number in range(2)}
    exchange.put({"id": "lookup#k_1", "lookup_id": "k_1", "asked_id": OLD, "relations": relations, **lookup})
    for subject_id in relations:
        not_same_decisions.decide_match(exchange, "beta", "k_1", subject_id, "not_same", wiring.now())
    current, _ = BOTH.split("|")

    def end() -> Any:
        chain = exchange.get(f"decided#beta#{current}") or {}
        apart = [exchange.get(f"apart#{subject_id}") or {} for subject_id in relations]
        return sorted(chain), [sorted(item) for item in apart]

    killed_anywhere(world, lambda: not_same_decisions.move_decisions(exchange, "beta", BOTH), end)
    assert end()[0] == ["id", *(f"not:{subject_id}" for subject_id in relations)]
    with process_killed_after(world, 0) as written:
        not_same_decisions.move_decisions(exchange, "beta", BOTH)
        not_same_decisions.move_decisions(exchange, "beta", OLD)
    assert written == [], "what was moved is not written again, and with one key nothing is"
