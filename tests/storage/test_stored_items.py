from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.storage.stored_items import faults
from tests.world import NAMES, World

AT = datetime(2026, 11, 27, 1, 2, 3, tzinfo=UTC)
IN_360_DAYS = int((AT + timedelta(days=360)).timestamp())


def lookup(**more: Any) -> dict[str, Any]:
    return {
        "id": "lookup#k_1",
        "lookup_id": "k_1",
        "at": AT.isoformat(),
        "relations": {},
        "expires_at": str(IN_360_DAYS),
        **more,
    }


def test_an_item_as_it_is_declared_has_no_fault() -> None:
    assert faults("exchange", [lookup(), {"id": "displays#9111", "d_1": "beta"}, {"id": "platforms"}]) == []


@pytest.mark.parametrize(
    ("table", "item", "fault"),
    [
        ("exchange", {"id": "lookups#k_1"}, "exchange lookups#k_1: no declared kind"),
        ("exchange", {"id": "change#1"}, "exchange change#1: no declared kind"),
        ("exchange", lookup(colour="x"), "exchange lookup#k_1: undeclared field colour"),
        ("exchange", {"id": "lookup#k_1"}, "exchange lookup#k_1: no expires_at"),
        (
            "exchange",
            lookup(expires_at=str(IN_360_DAYS + 86_400)),
            "exchange lookup#k_1: expires_at is not 360 days, 0:00:00 after at",
        ),
        ("exchange", {"id": "platforms", "expires_at": "1"}, "exchange platforms: undeclared field expires_at"),
        ("subjects", {"subject_id": "tax:1"}, "subjects tax:1: no declared kind"),
        ("keys", {"key": "n#1", "m": "1"}, "keys n#1: undeclared field m"),
    ],
)
def test_what_is_not_declared_is_a_fault(table: str, item: dict[str, Any], fault: str) -> None:
    assert faults(table, [item]) == [fault]


def test_an_expiry_that_comes_later_may_be_missing() -> None:
    subscription = {"id": "subscription#beta#s_1", "topic": "closures"}
    assert faults("exchange", [subscription]) == []
    ended = {**subscription, "ended_at": AT.isoformat(), "expires_at": str(IN_360_DAYS)}
    assert len(faults("exchange", [ended])) == 1


def test_a_world_refuses_to_end_with_an_item_that_is_not_declared(world: World) -> None:
    table = NAMES["EXCHANGE_TABLE"]
    world.admit("beta")
    assert {item["id"] for item in world.held(table)} >= {"platforms", "platform#beta"}
    world.dynamodb.put_item(TableName=table, Item={"id": {"S": "surprise#1"}})
    with pytest.raises(AssertionError, match="surprise#1"):
        world.close()
    world.dynamodb.delete_item(TableName=table, Key={"id": {"S": "surprise#1"}})
