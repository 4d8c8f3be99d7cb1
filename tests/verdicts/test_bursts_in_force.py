"""The rules that every lookup reads stay small, however many bursts nobody decides; what was held back stays so."""

from datetime import date, timedelta

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.record_layout import stored_bytes
from chalicelib.verdicts import lift_guards
from chalicelib.verdicts.bursts_in_force import MOST_IN_ALL, MOST_OF_PLATFORM, put_in_force, standing_bursts
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules import guards
from chalicelib.verdicts.rules.burst_thresholds import Burst
from tests.support.builders import listed
from tests.world import World

REGULATOR = Caller("bureau", Role.REGULATOR, "k_1")
DAY = date(2026, 11, 1)


def burst(platform: str, day: int, key: str = "region:1101") -> Burst:
    on = (DAY + timedelta(days=day)).isoformat()
    return Burst(
        guard_id=f"g_{abs(hash((platform, day, key))) % 16**16:016x}", platform_id=platform, day=on, key=key,
        filed=120, in_all=130, busiest_before=3, at=f"{on}T02:00:00.000Z",
    )  # fmt: skip


def guard_on(platform: str, day: str) -> str:
    """The guard over a lone listing that a platform filed on a day."""
    change = listed(platform, filed_on=day)
    subject: Subject | None = change.apply(None)
    assert subject is not None
    guard = guards.guard_of(
        next(iter(subject.listings.values())), subject, rules_for(wiring.exchange(), "").alarms, "2026-12-01"
    )
    return guard.name if guard else ""


def test_a_few_bursts_stand_beside_each_other_and_each_costs_little(world: World) -> None:
    for day in range(MOST_OF_PLATFORM):
        put_in_force(wiring.exchange(), burst("alpha", day), wiring.now())
    ruling = wiring.exchange().get(verdict_keys.RULING) or {}
    assert len(ruling) == 1 + MOST_OF_PLATFORM
    assert stored_bytes(ruling) < 100 * MOST_OF_PLATFORM
    assert [each.burst.filed for each in standing_bursts(wiring.exchange())] == [120] * MOST_OF_PLATFORM
    assert guard_on("alpha", "2026-11-03") == "burst"
    assert guard_on("alpha", "2026-11-20") == ""
    assert world


def test_many_undecided_bursts_of_a_platform_become_one_that_holds_back_as_much(world: World) -> None:
    for day in range(10):
        put_in_force(wiring.exchange(), burst("alpha", day), wiring.now())
        put_in_force(wiring.exchange(), burst("alpha", day, "trade:商贸"), wiring.now())
        assert len(standing_bursts(wiring.exchange())) <= MOST_OF_PLATFORM
        for back in range(day + 1):
            assert guard_on("alpha", (DAY + timedelta(days=back)).isoformat()) == "burst"
    assert guard_on("alpha", "2026-12-20") == ""
    assert guard_on("alpha", "2026-10-20") == ""
    assert guard_on("beta", "2026-11-03") == ""
    assert world


def test_a_merged_burst_is_lifted_as_one_and_none_of_its_days_starts_again(world: World) -> None:
    for day in range(MOST_OF_PLATFORM + 1):
        put_in_force(wiring.exchange(), burst("alpha", day), wiring.now())
        counted = {"id": verdict_keys.filings("alpha", burst("alpha", day).day), "in_all": 130, "expires_at": 2**33}
        wiring.exchange().put({**counted, "standing": {"region:1101"}})
    merged = next(each for each in standing_bursts(wiring.exchange()) if each.burst.until)
    assert (merged.burst.day, merged.burst.until, merged.burst.key) == ("2026-11-01", "2026-11-08", "*")
    assert merged.burst.filed == 120 * MOST_OF_PLATFORM
    for _ in range(2):
        lifted = lift_guards.lift_burst(wiring.exchange(), merged.burst.guard_id, REGULATOR, "backlog", wiring.now())
        assert (lifted.until, lifted.lifted_by) == ("2026-11-08", "bureau")
    for day in range(MOST_OF_PLATFORM):
        on = (DAY + timedelta(days=day)).isoformat()
        assert guard_on("alpha", on) == ""
        filings = wiring.exchange().get(verdict_keys.filings("alpha", on)) or {}
        assert (filings["lifted"], filings.get("standing")) == (["region:1101"], None)
    assert guard_on("alpha", "2026-11-09") == "burst", "the last one stands by itself"
    causes = (wiring.exchange().get("task-recheck") or {})["causes"]
    assert causes == ["platform|alpha|"]
    assert world


@pytest.mark.parametrize("platforms", [62])
def test_however_many_platforms_have_bursts_the_item_stays_small(world: World, platforms: int) -> None:
    for day in range(2):
        for number in range(platforms):
            put_in_force(wiring.exchange(), burst(f"platform-{number}", day), wiring.now())
    standing = standing_bursts(wiring.exchange())
    assert MOST_IN_ALL < len(standing) <= 2 * platforms
    ruling = wiring.exchange().get(verdict_keys.RULING) or {}
    assert stored_bytes(ruling) < 140 * len(standing)
    assert {each.burst.platform_id for each in standing} == {f"platform-{number}" for number in range(platforms)}
    assert world


def test_a_burst_that_an_earlier_version_stored_is_read_merged_and_lifted(world: World) -> None:
    old = burst("alpha", 0)
    wiring.exchange().upsert(verdict_keys.RULING, {f"burst:alpha:{old.day}:{old.key}": old.to_item()})
    assert [each.burst for each in standing_bursts(wiring.exchange())] == [old]
    assert guard_on("alpha", old.day) == "burst"
    for day in range(1, MOST_OF_PLATFORM + 1):
        put_in_force(wiring.exchange(), burst("alpha", day), wiring.now())
    merged = next(each for each in standing_bursts(wiring.exchange()) if each.burst.until)
    assert merged.members[0] == f"{old.day}|{old.key}"
    lift_guards.lift_burst(wiring.exchange(), merged.burst.guard_id, REGULATOR, "backlog", wiring.now())
    assert guard_on("alpha", old.day) == ""
    assert world
