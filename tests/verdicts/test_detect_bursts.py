"""The guard at work: bursts counted once whatever comes twice, late or out of order, and lifted by a regulator."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.reports.rules.report import Report
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import detect_bursts, update_reporter_trust
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules import decide_verdict, guards
from chalicelib.verdicts.rules.burst_thresholds import BURST_LEAST
from chalicelib.verdicts.rules.reporter_trust import level
from tests.support.builders import listed, reported, uscc
from tests.world import World

BUREAU = Caller("bureau", Role.REGULATOR, "k")
REGION = f"region:{uscc(1)[2:6]}"
HALF = BURST_LEAST // 2


def chunk(start: int, size: int, division: str = "110105") -> list[Listed]:
    return [listed(identity={"uscc": uscc(number, division)}) for number in range(start, start + size)]


def report(ident: str, days: int = 0, **more: Any) -> Report:
    received_at = iso(wiring.now() + timedelta(days=days))
    return reported(report_id=ident, received_at=received_at, **more)


def count(one: Report, number: int, changes: list[Listed]) -> None:
    detect_bursts.count_chunk(dependencies.notices(), one, number, changes, wiring.now())


def bursts() -> set[str]:
    return {f"{burst.day} {burst.key}" for burst in detect_bursts.current_bursts(wiring.exchange())}


def today(days: int = 0) -> str:
    return china_date(wiring.now() + timedelta(days=days))


def test_a_burst_stands_once_it_is_one_and_the_regulator_is_told_once(world: World) -> None:
    world.admit("bureau", "regulator")
    ear = world.listen(wiring.topics().platform_arn("bureau"))
    count(report("r_1"), 1, chunk(0, BURST_LEAST - 1))
    assert bursts() == set()
    count(report("r_2"), 1, chunk(500, 1))
    count(report("r_2"), 1, chunk(500, 1))
    count(report("r_3"), 1, chunk(600, 1))
    assert bursts() == {f"{today()} {REGION}"}
    (notice,) = world.heard(ear)
    assert (notice["kind"], notice["burst"]["platform_id"], notice["burst"]["filed"]) == (
        "reports_burst",
        "alpha",
        BURST_LEAST,
    )


def test_what_comes_twice_is_counted_once_until_its_report_knows_it_done(world: World) -> None:
    for _ in range(3):
        count(report("r_1"), 1, chunk(0, HALF))
    item = wiring.exchange().get(f"filed#alpha#{today()}") or {}
    assert (item["in_all"], item[REGION], item["marks"]) == (HALF, HALF, ["r_1.1"])
    detect_bursts.forget_chunk(wiring.exchange(), report("r_1"), 1)
    assert "marks" not in (wiring.exchange().get(f"filed#alpha#{today()}") or {})
    assert bursts() == set()


def test_what_is_filed_is_counted_by_the_hour_in_china(world: World) -> None:
    for ident, moment in (("r_1", "2026-11-20T16:30:00.000Z"), ("r_2", "2026-11-21T15:59:00.000Z")):
        count(reported(report_id=ident, received_at=moment), 1, chunk(0, 4))
    item = wiring.exchange().get("filed#alpha#2026-11-21") or {}
    assert {name: item[name] for name in item if name.startswith("hour:")} == {"hour:00": 4, "hour:23": 4}
    assert item["in_all"] == 8


def parts() -> list[tuple[dict[str, Any], int, list[Listed]]]:
    """Together a burst on one region, until the last report brings as many on another and one more."""
    return [
        (report("r_1"), 1, chunk(0, HALF)),
        (report("r_1"), 2, chunk(HALF, HALF)),
        (report("r_2"), 1, chunk(500, 10, "330106")),
        (report("r_3"), 1, chunk(600, BURST_LEAST - 9, "330106")),
    ]


@pytest.mark.parametrize("last", [3, 4])
def test_in_whatever_order_the_same_bursts_stand_in_the_end(world: World, last: int) -> None:
    ends = []
    for place, order in enumerate(itertools.permutations(parts()[:last])):
        if place % 5:
            continue
        wiring.exchange().put({"id": verdict_keys.RULING})
        wiring.exchange().put({"id": f"filed#alpha#{today()}"})
        for entry in (*order, order[0]):
            count(*entry)
        ends.append(bursts())
    other = f"{today()} region:3301"
    assert ends == [{f"{today()} {REGION}"} if last == 3 else {other}] * len(ends)


def test_the_whole_file_counts_from_its_first_chunk_on(world: World) -> None:
    count(report("r_1", accepted=10 * BURST_LEAST), 1, chunk(0, BURST_LEAST))
    assert bursts() == set(), "a file that is sorted by region is no burst"


def test_a_platforms_own_days_before_say_what_is_much(world: World) -> None:
    count(report("r_0", days=-3), 1, chunk(0, BURST_LEAST))
    assert bursts() == {f"{today(-3)} {REGION}"}, "nobody knew it yet"
    count(report("r_1"), 1, chunk(0, 2 * BURST_LEAST))
    assert bursts() == {f"{today(-3)} {REGION}"}, "twice its busiest day is no burst"
    # A report that was delivered late counts on its own day.
    count(report("r_2", days=-40), 1, chunk(0, BURST_LEAST))
    assert f"{today(-40)} {REGION}" in bursts()


def test_what_a_regulator_files_is_not_counted(world: World) -> None:
    count(report("r_1", on_behalf_of="beta"), 1, chunk(0, BURST_LEAST))
    detect_bursts.forget_chunk(wiring.exchange(), report("r_1", enforcement=True), 1)
    assert wiring.exchange().get(f"filed#alpha#{today()}") is None


def evictions(many: int) -> dict[str, Any]:
    row = {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E2"}
    return {"evictions": [{**row, "uscc": uscc(number)} for number in range(many)]}


def test_a_burst_goes_to_review_until_a_regulator_lifts_it(world: World) -> None:
    keys = {name: world.admit(name) for name in ("alpha", "beta")} | {"bureau": world.admit("bureau", "regulator")}
    world.call("POST", "/v1/reports", keys["alpha"], evictions(1))
    world.settle()
    asked = {"uscc": uscc(0), "purpose": "onboarding"}
    assert world.call("POST", "/v1/lookups", keys["beta"], asked)[1]["verdict"] == "block"
    world.call("POST", "/v1/reports", keys["alpha"], {"evictions": evictions(BURST_LEAST)["evictions"][1:]})
    while world.deliver_queue("report_file_arrived") + world.deliver_queue("report_chunk_arrived"):
        pass
    answer = world.call("POST", "/v1/lookups", keys["beta"], asked)[1]
    (listing,) = answer["matches"][0]["listings"]
    assert (answer["verdict"], listing["guard"]["name"]) == ("review", "burst"), "what came before it, too"
    assert listing["decided_by"] == {"step": "guard", "row": "burst"}

    view = world.call("GET", "/v1/guards", keys["bureau"])[1]
    (burst,) = view["bursts"]
    assert (burst["platform_id"], burst["key"], view["low_trust"]) == ("alpha", REGION, [])
    assert world.call("GET", "/v1/guards", keys["beta"])[1]["bursts"] == []
    own = world.call("GET", "/v1/guards", keys["alpha"])[1]
    assert (own["bursts"], own["trust"]["reported"], own["trust"]["level"]) == ([burst], BURST_LEAST, "fair")
    path = f"/v1/guards/{burst['guard_id']}/lift"
    lifted = world.call("POST", path, keys["bureau"], {"why": "已核实 13812345678"})[1]
    assert (lifted["lifted_by"], lifted["why"]) == ("bureau", "已核实 138****5678")
    assert world.call("POST", path, keys["bureau"], {})[1] == lifted
    assert world.call("POST", "/v1/guards/g_x/lift", keys["bureau"], {})[0] == 404
    count(report("r_9"), 1, chunk(700, 1))
    assert bursts() == set(), "once lifted it stands no more"
    assert world.call("POST", "/v1/lookups", keys["beta"], asked)[1]["verdict"] == "block"


def test_a_guard_on_one_listing_is_lifted_by_a_change_that_all_are_told_of(world: World) -> None:
    keys = {name: world.admit(name) for name in ("alpha", "beta")} | {"bureau": world.admit("bureau", "regulator")}
    ear = world.listen(wiring.settings().closures_topic_arn)
    world.call("POST", "/v1/reports", keys["alpha"], evictions(1))
    world.settle()
    subject = wiring.registry().subject(f"uscc:{uscc(0)}") or {}
    (ident,) = subject.listings
    path = f"/v1/listings/{ident}/guard/lift"
    assert world.call("POST", path, keys["bureau"], {})[1]["error"]["code"] == "not_guarded"
    for decision in ("d_1", "d_2", "d_3"):
        update_reporter_trust.count_outcome(wiring.exchange(), "alpha", "voided", decision)
    asked = {"uscc": uscc(0), "purpose": "onboarding"}
    (match,) = world.call("POST", "/v1/lookups", keys["beta"], asked)[1]["matches"]
    assert (match["verdict"], match["listings"][0]["guard"]["name"]) == ("review", "low_trust")
    world.heard(ear)
    lifted = world.call("POST", path, keys["bureau"], {"why": "证据属实"})[1]
    assert (lifted["guard_lifted"], lifted["history"][-1]["by"]) == ("low_trust", "regulator:bureau")
    assert world.call("POST", path, keys["bureau"], {})[1]["revision"] == lifted["revision"], "twice is fine"
    world.settle()
    (notice,) = world.heard(ear)
    assert (notice["kind"], notice["listing"]["state"], "guard" in notice) == ("guard_lifted", "active", False)
    assert world.call("POST", "/v1/lookups", keys["beta"], asked)[1]["verdict"] == "block"
    assert world.call("POST", "/v1/listings/l_uscc-x_0000000000000000/guard/lift", keys["bureau"], {})[0] == 404


def test_trust_is_counted_once_for_each_decision_and_heeded_while_it_is_low(world: World) -> None:
    exchange = wiring.exchange()

    def low() -> frozenset[str]:
        return rules_for(exchange, "").alarms.low

    for decision in ("d_1", "d_1", "d_2"):
        counted = update_reporter_trust.count_outcome(exchange, "alpha", "voided", decision)
    assert (counted.voided, level(counted).name, low()) == (2, "fair", frozenset())
    assert level(update_reporter_trust.count_outcome(exchange, "alpha", "voided", "d_3")).name == "low"
    assert (low(), detect_bursts.platforms_of_low_trust(exchange)) == ({"alpha"}, ["alpha"])
    for number in range(4):
        counted = update_reporter_trust.count_outcome(exchange, "alpha", "upheld", f"d_u{number}")
    assert (level(counted).name, low()) == ("watched", frozenset())
    update_reporter_trust.count_outcome(exchange, "alpha", "voided", "d_4")
    assert low() == {"alpha"}
    update_reporter_trust.count_reported(exchange, "alpha", "r_1", 5_000)
    update_reporter_trust.count_reported(exchange, "alpha", "r_1", 5_000)
    assert (update_reporter_trust.get_trust(exchange, "alpha").reported, low()) == (5_000, frozenset())
    update_reporter_trust.forget_report(exchange, "alpha", "r_1")
    assert "r_1" not in (exchange.get("trust#alpha") or {})["marks"]
    with pytest.raises(ValueError, match="no such outcome"):
        update_reporter_trust.count_outcome(exchange, "alpha", "lost", "d_9")
    assert level(update_reporter_trust.get_trust(exchange, "beta")).name == "fair"


def test_every_row_of_the_guard_is_served_with_its_reason() -> None:
    from chalicelib.methodology import describe_methodology

    served = describe_methodology()
    assert [row["guard"] for row in served["guards"]] == [row.name for row in guards.GUARDS]
    assert all(row["why"]["zh"] and row["why"]["en"] and row["when"] for row in served["guards"])
    assert [row["step"] for row in served["order_of_judgement"]] == [step for step, *_ in decide_verdict.STEPS]
    assert [row["level"] for row in served["trust_levels"]] == ["low", "watched", "fair"]
    assert len(served["policy_bounds"]) == 16
