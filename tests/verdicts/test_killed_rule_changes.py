"""Killed after any write and called again: rules, counters and guards end as if nothing had happened."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.verdicts import (
    campaign_figures,
    detect_bursts,
    lift_guards,
    manage_campaigns,
    save_platform_policy,
    update_reporter_trust,
)
from chalicelib.verdicts.rules.burst_thresholds import BURST_LEAST
from chalicelib.verdicts.rules.campaign import Campaign
from chalicelib.verdicts.rules.platform_policy import PolicyRow
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import Killed, killed_after, timeless
from tests.verdicts.test_detect_bursts import chunk, report
from tests.world import World, aws_clients

WHEN = {"set_at", "opened_at", "ended_at", "lifted_at"}
PLATFORM, BUREAU = Caller("alpha", Role.PLATFORM, "k"), Caller("bureau", Role.REGULATOR, "k")
CAMPAIGN = Campaign(
    campaign_id="c_1", name="x", reasons=("PR01",), starts_on="2026-01-01", ends_on="2099-01-01", working_days=0,
    severity_floor=3,
)  # fmt: skip


def burst(_world: World) -> None:
    detect_bursts.count_chunk(dependencies.notices(), report("r_1"), 1, chunk(0, BURST_LEAST), wiring.now())


def burst_that_falls(_world: World) -> None:
    detect_bursts.count_chunk(dependencies.notices(), report("r_1"), 1, chunk(0, BURST_LEAST), wiring.now())
    detect_bursts.count_chunk(
        dependencies.notices(), report("r_2"), 1, chunk(500, BURST_LEAST + 1, "330106"), wiring.now()
    )


def lifted(world: World) -> None:
    burst(world)
    for standing in detect_bursts.current_bursts(wiring.exchange()):
        lift_guards.lift_burst(wiring.exchange(), standing.guard_id, BUREAU, "", wiring.now())


def policy(_world: World) -> None:
    save_platform_policy.put_policy(wiring.exchange(), PLATFORM, [PolicyRow("weak", 3, "review")], "", wiring.now())


def campaign(_world: World) -> None:
    manage_campaigns.open_campaign(wiring.exchange(), CAMPAIGN, BUREAU, wiring.now())
    campaign_figures.tally(wiring.numbered_log, campaign_figures.LISTINGS, [{"campaign_id": "c_1"}], "l_1")
    campaign_figures.tally_answer(wiring.numbered_log, [{"campaign_id": "c_1"}], "t_1", "closed", True)


def trust(_world: World) -> None:
    for decision in ("d_1", "d_2", "d_3"):
        update_reporter_trust.count_outcome(wiring.exchange(), "alpha", "voided", decision)


def end_state() -> list[Any]:
    """The exchange table without times; a head is a hint."""
    from chalicelib.storage.dynamodb_values import from_item

    items = wiring.client("dynamodb").scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
    kept = (from_item(item) for item in items)
    plain = [timeless(item) for item in kept if not item["id"].startswith("head#")]
    return sorted(({k: v for k, v in item.items() if k not in WHEN} for item in map(_still, plain)), key=str)


def _still(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _still(element) for key, element in value.items() if key not in WHEN}
    return [_still(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.long
@pytest.mark.parametrize("act", [burst, burst_that_falls, lifted, policy, campaign, trust])
def test_killed_after_each_write_and_called_again_it_ends_the_same(act: Callable[[World], None]) -> None:
    import moto

    def run(die_after: int) -> tuple[list[Any], int]:
        with moto.mock_aws():
            world = World(aws_clients())
            for name in ("bureau", "alpha"):
                wiring.topics().open_platform(name, "")
            wiring.exchange().put(
                {
                    "id": "platform#bureau",
                    "platform_id": "bureau",
                    "role": "regulator",
                    "name": "b",
                    "created_at": "2026-01-01T00:00:00.000Z",
                }
            )
            wiring.exchange().add_to_set("platforms", "members", {"bureau"})
            try:
                with killed_after(world, die_after) as written, suppress(Killed):
                    act(world)
                act(world)
                return end_state(), len(written)
            finally:
                world.close()

    whole, writes = run(0)
    assert writes >= 2
    for number in range(1, writes + 1):
        ended, _ = run(number)
        assert ended == whole, f"after write {number}"
