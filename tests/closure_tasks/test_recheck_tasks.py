"""What lets a listing block opens its tasks, and what ends that undoes them, though the listing is unchanged."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.closure_tasks import recheck_tasks
from chalicelib.closure_tasks.rules.task import CHECK, UNDO
from chalicelib.handlers import dependencies
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import manage_campaigns, update_reporter_trust
from chalicelib.verdicts.load_rules import BURST, TRUST
from chalicelib.verdicts.request_recheck import MOST_CAUSES, concerns, of_platform, of_reasons, request_recheck
from tests.interruptions.interruption import Killed
from tests.interruptions.saved_world import SavedWorld
from tests.registry.full_subjects import spoil
from tests.stream.test_rebuild import rebuild
from tests.support.builders import listed, registered, uscc
from tests.world import World

NAME = "苏州霁昱商贸有限公司"


def always() -> bool:
    return True


def evicted(world: World, number: int = 1, platform: str = "alpha", **more: Any) -> str:
    """A merchant that beta has looked up, evicted today; the id of the listing."""
    now = wiring.now()
    change = listed(platform, iso(now), {"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"},
                    filed_on=china_date(now), **more)  # fmt: skip
    assert wiring.registry().save(change) is not None
    world.settle()
    return change.listing.listing_id


@pytest.fixture
def beta(world: World) -> str:
    key = world.admit("beta")
    for number in range(1, 5):
        world.call("POST", "/v1/lookups", key, {"uscc": uscc(number), "purpose": "onboarding"})
    return key


def tasks(world: World, key: str) -> list[tuple[str, str]]:
    """Kind and state of each task of a platform, in their order."""
    status, page, _ = world.call("GET", "/v1/tasks", key)
    assert status == 200
    return [(task["kind"], task["state"]) for task in page["tasks"]]


def recheck(now_later: timedelta = timedelta()) -> dict[str, Any]:
    context = dependencies.closure_tasks()
    return recheck_tasks.recheck_tasks(context, wiring.registry(), wiring.now() + now_later, always)


def low_trust(platform: str) -> None:
    for number in range(3):
        update_reporter_trust.count_outcome(wiring.exchange(), platform, "voided", f"d_{platform}_{number}")


def high_trust(platform: str) -> None:
    for number in range(10):
        update_reporter_trust.count_outcome(wiring.exchange(), platform, "upheld", f"u_{platform}_{number}")


def test_trust_that_is_lost_and_restored_undoes_and_opens_tasks_each_time(world: World, beta: str) -> None:
    evicted(world)
    assert tasks(world, beta) == [(CHECK, "told")]
    low_trust("alpha")
    assert recheck() == {"asked": 1, "left": False}
    assert tasks(world, beta) == [(CHECK, "lifted"), (UNDO, "told")]
    assert recheck() == {"asked": 0, "left": False}, "nothing waits any more"
    high_trust("alpha")
    assert recheck() == {"asked": 1, "left": False}
    wanted = [(CHECK, "lifted"), (UNDO, "lifted"), (CHECK, "told")]
    assert tasks(world, beta) == wanted
    rebuild(world)
    rebuild(world)
    assert tasks(world, beta) == wanted, "derived again, nobody is asked again"
    wiring.exchange().upsert(verdict_keys.RULING, {TRUST + "alpha": "low"})
    rebuild(world)
    assert tasks(world, beta) == [*wanted[:2], (CHECK, "lifted"), (UNDO, "told")]


def test_what_was_filed_under_a_guard_is_asked_once_it_is_lifted_and_by_rebuild(world: World, beta: str) -> None:
    low_trust("alpha")
    evicted(world)
    assert tasks(world, beta) == []
    wiring.exchange().remove_field(verdict_keys.RULING, TRUST + "alpha")
    rebuild(world)
    assert tasks(world, beta) == [(CHECK, "told")]


def test_a_burst_concerns_what_its_platform_filed_that_day(world: World, beta: str) -> None:
    evicted(world)
    evicted(world, 2, "gamma")
    day = china_date(wiring.now())
    field = f"{BURST}alpha:{day}:region:1101"
    wiring.exchange().upsert(verdict_keys.RULING, {field: {}})
    request_recheck(wiring.exchange(), of_platform("alpha", day))
    recheck()
    assert tasks(world, beta) == [(CHECK, "lifted"), (CHECK, "told"), (UNDO, "told")]
    wiring.exchange().remove_field(verdict_keys.RULING, field)
    request_recheck(wiring.exchange(), of_platform("alpha", day))
    recheck()
    assert tasks(world, beta)[2:] == [(UNDO, "lifted"), (CHECK, "told")]


@pytest.mark.parametrize("how", ["ended by a regulator", "over by its own days", "begun by its own day"])
def test_a_campaign_opens_tasks_and_its_end_undoes_them(world: World, beta: str, how: str) -> None:
    regulator = world.admit("bureau", "regulator")
    evicted(world, reasons=["AD01"], severity=2)
    assert tasks(world, beta) == []
    today = wiring.now()
    starts = china_date(today + timedelta(days=3)) if how.startswith("begun") else china_date(today)
    wanted = {"name": "虚假宣传专项", "reasons": ["AD01"], "starts_on": starts,
              "ends_on": china_date(today + timedelta(days=5)), "severity_floor": 3}  # fmt: skip
    status, campaign, _ = world.call("POST", "/v1/campaigns", regulator, wanted)
    assert status in (200, 201)
    recheck()
    if how.startswith("begun"):
        assert tasks(world, beta) == []
        recheck(timedelta(days=3))
    assert tasks(world, beta) == [(CHECK, "told")]
    if how.startswith("ended"):
        world.call("POST", f"/v1/campaigns/{campaign['campaign_id']}/end", regulator, {"why": "done"})
        recheck()
    else:
        recheck(timedelta(days=6))
    assert tasks(world, beta) == [(CHECK, "lifted"), (UNDO, "told")]


def test_a_listing_that_another_bore_out_falls_back_when_that_one_ends(world: World, beta: str) -> None:
    low_trust("alpha")
    evicted(world)
    ident = evicted(world, 1, "gamma")
    assert tasks(world, beta) == [(CHECK, "told"), (CHECK, "told")], "both, for they confirm each other"
    gamma = world.admit("gamma")
    assert world.call("POST", f"/v1/listings/{ident}/withdrawal", gamma, {"reason": "误报"})[0] == 200
    world.settle()
    assert sorted(tasks(world, beta)) == [(CHECK, "lifted"), (CHECK, "lifted"), (UNDO, "told"), (UNDO, "told")]


def test_a_guard_that_the_registration_brings_undoes_the_tasks(world: World, beta: str) -> None:
    evicted(world, listed_on="2026-01-02")
    assert tasks(world, beta) == [(CHECK, "told")]
    large = {"name": "苏州樾1野商贸股份有限公司", "entity_type": "股份有限公司", "established_on": "1999-01-04",
             "status": "operating"}  # fmt: skip
    wiring.registry().save(registered({"uscc": uscc(1)}, large, iso(wiring.now())))
    world.settle()
    assert tasks(world, beta) == [(CHECK, "lifted"), (UNDO, "told")]


def killed_recheck(world: World, write: int) -> bool:
    """Recheck with a worker that dies at its n-th write of the exchange table; whether it died."""

    class Dying:
        """DynamoDB until the function dies."""

        left = write

        def __getattr__(self, name: str) -> Any:
            if name in ("put_item", "update_item"):
                if Dying.left == 0:
                    raise Killed
                Dying.left -= 1
            return getattr(world.dynamodb, name)

    real = wiring.exchange()._client
    wiring.exchange()._client = Dying()
    try:
        recheck()
    except Killed:
        return True
    finally:
        wiring.exchange()._client = real
    return False


@pytest.mark.long
def test_killed_at_any_write_it_resumes_and_asks_everybody_once(world: World, beta: str) -> None:
    for number in range(1, 5):
        evicted(world, number)
    low_trust("alpha")
    prepared, kills = SavedWorld(world), 0
    while killed_recheck(prepared.restore(), 5 * kills):
        # The lease of the dead worker ends by itself.
        recheck(timedelta(minutes=20))
        assert sorted(tasks(world, beta)) == [(CHECK, "lifted")] * 4 + [(UNDO, "told")] * 4, kills
        kills += 1
    assert kills >= 15, "some 90 writes"


def test_it_works_in_steps_and_goes_on_past_a_record_that_cannot_be_read(world: World, beta: str) -> None:
    for number in range(1, 5):
        evicted(world, number)
    spoil(world, 2)
    low_trust("alpha")
    steps, asked = 0, 0
    while True:
        context = dependencies.closure_tasks()
        result = recheck_tasks.recheck_tasks(context, wiring.registry(), wiring.now(), lambda: False)
        steps, asked = steps + 1, asked + result["asked"]
        if not result["left"]:
            break
    assert (steps, asked) == (5, 3)
    assert tasks(world, beta).count((UNDO, "told")) == 3


def test_two_workers_at_once_ask_once(world: World, beta: str) -> None:
    evicted(world)
    low_trust("alpha")
    context, inner = dependencies.closure_tasks(), []

    def other_worker() -> bool:
        if not inner:
            inner.append(recheck_tasks.recheck_tasks(context, wiring.registry(), wiring.now(), always))
        return True

    recheck_tasks.recheck_tasks(context, wiring.registry(), wiring.now(), other_worker)
    assert inner == [{"asked": 0, "left": True}]
    assert tasks(world, beta) == [(CHECK, "lifted"), (UNDO, "told")]


def test_too_many_causes_concern_everything(world: World) -> None:
    for number in range(MOST_CAUSES + 1):
        request_recheck(wiring.exchange(), of_platform(f"platform-{number}"))
    causes = (wiring.exchange().get("task-recheck") or {})["causes"]
    assert len(causes) == MOST_CAUSES + 1
    assert "*" in causes
    assert concerns(causes, listed("other").listing)
    assert world


def test_a_cause_concerns_its_own_listings_alone() -> None:
    listing = listed("alpha", filed_on="2026-03-01", reasons=["AD01", "QC01"]).listing
    for cause, yes in (
        (of_platform("alpha"), True), (of_platform("alpha", "2026-03-01"), True),
        (of_platform("alpha", "2026-03-02"), False),
        (of_platform("beta"), False), (of_reasons(["AD01"]), True), (of_reasons(["PR01", "QC01"]), True),
        (of_reasons(["PR01"]), False), ("*", True),
    ):  # fmt: skip
        assert concerns([cause], listing) is yes, cause


def test_the_clock_runs_it(world: World, beta: str) -> None:
    import app
    from tests.world import SCHEDULED

    evicted(world)
    low_trust("alpha")
    app.clocks_due(SCHEDULED, SimpleNamespace(get_remaining_time_in_millis=lambda: 600_000))
    assert tasks(world, beta) == [(CHECK, "lifted"), (UNDO, "told")]
    assert manage_campaigns.list_campaigns(wiring.exchange()) == []
