"""Killed after any write while what was sent again moves to a new key, a worker loses nothing and doubles nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.lookups import not_same_decisions
from chalicelib.storage.dynamodb_values import from_item
from infra.keys import standing
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import process_killed_after
from tests.interruptions.saved_world import SavedWorld
from tests.keys.exchange import Exchange, person
from tests.keys.test_rotation import view
from tests.support import roster_files
from tests.world import World

SUBJECT, OLD, BOTH = "uscc:91110108MA01A2B3X4", "person:" + "1" * 40, "person:k2" + "2" * 40 + "|" + "1" * 40


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
    row, header = f"m0,{person(0)['id_no']},{person(0)['name']}", "商家ID,证件号码,姓名"

    def sent() -> None:
        exchange.report("alpha", 0)
        roster_files.done(world, exchange.keys["beta"], row, header=header)

    def end() -> Any:
        world.settle()
        stored = world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
        items = {item["id"]: item for item in map(from_item, stored)}
        queues = {"beta": items["rosters#beta"]}
        merchants = standing.count_merchants(queues, wiring.bucket(), "k2").total()
        indexed = sorted(item_id for item_id in items if item_id.startswith(("known#", "named#")))
        subjects = world.dynamodb.scan(TableName=ENVIRONMENT["SUBJECTS_TABLE"])["Items"]
        return len(subjects), exchange.left_behind(), merchants, indexed, view(exchange, 0)

    sent()
    exchange.rotate()
    assert end()[:3] == (1, 1, 1)
    killed_anywhere(world, sent, end, every=2)
    assert end()[:3] == (1, 0, 0)


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
