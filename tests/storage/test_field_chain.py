"""Fields of any number: no item grows past its bound, none is lost, and what earlier versions stored still counts."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.closure_tasks.rules.daily_counts import ReportCounts, UsageCounts
from chalicelib.closure_tasks.rules.day_figures import DayFigures
from chalicelib.lookups import kept_lookups, not_same_decisions
from chalicelib.storage import field_chain
from chalicelib.storage.item_kind import MOST_ITEM_BYTES
from chalicelib.values.record_layout import stored_bytes
from tests.lookups.test_not_same_decisions import NAME, decide, evict, look_up
from tests.support import roster_files
from tests.world import World

pytestmark = pytest.mark.invented_items
KEYS = ("decided#beta#name:0f2a", "decided#beta#name:0f2a#01", "decided#beta#name:0f2a#02")


def key(part: int) -> str:
    return not_same_decisions.decisions_of("beta", "name:0f2a")(part)


def chained() -> dict[str, Any]:
    read = field_chain.read_on(wiring.exchange().get, key, wiring.exchange().get(key(0)))
    (many,) = field_chain.read_many(wiring.exchange(), {"a": key, "none": lambda part: f"decided#none#{part}"}).values()
    assert read == many
    return {name: value for name, value in read.items() if name not in ("id", "more")}


def test_fields_that_do_not_fit_go_on_in_further_items_and_none_is_lost_or_doubled(world: World) -> None:
    exchange, fields = wiring.exchange(), {f"not:{number:03}": f"2026-03-{number:02}" for number in range(1, 31)}
    for _ in range(2):
        for name, value in fields.items():
            field_chain.put_fields(exchange, key, {name: value}, 300)
    assert chained() == fields
    items = [exchange.get(item_id) or {} for item_id in KEYS]
    assert all(0 < stored_bytes(item) <= 310 for item in items), "`more` beside what counts as full"
    assert [item.get("more", False) for item in items] == [True, True, False]
    assert exchange.get(key(3)) is None
    assert world


def test_a_field_is_changed_where_it_is_and_one_that_grew_moves(world: World) -> None:
    exchange = wiring.exchange()
    field_chain.put_fields(exchange, key, {"not:a": "1", "not:b": "x" * 200, "not:c": "y" * 200}, 300)
    field_chain.put_fields(exchange, key, {"not:a": "2", "not:b": ""}, 300)
    assert exchange.get(key(0)) == {"id": KEYS[0], "not:a": "2", "not:b": "", "more": True}
    field_chain.put_fields(exchange, key, {"not:a": "z" * 280}, 300)
    assert chained() == {"not:a": "z" * 280, "not:b": "", "not:c": "y" * 200}
    field_chain.put_fields(exchange, key, {"not:d": "w" * 1_000}, 300)
    assert chained()["not:d"] == "w" * 1_000, "a field that is larger than an item may be has one for itself"
    assert world


def test_an_item_that_an_earlier_version_filled_further_is_left_as_it_is(world: World) -> None:
    exchange, old = wiring.exchange(), {f"not:{number}": "2026-01-02" for number in range(100)}
    exchange.upsert(key(0), old)
    field_chain.put_fields(exchange, key, {"not:new": "2026-03-01", "not:7": ""}, 300)
    assert chained() == {**old, "not:7": "", "not:new": "2026-03-01"}
    assert (exchange.get(key(1)) or {})["not:new"] == "2026-03-01"
    assert world


def test_decisions_in_further_items_count_in_lookups_rosters_and_alerts(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha, evidence_level="E4")
    first = look_up(world, beta, name=NAME)
    (subject,) = [match["subject"]["subject_id"] for match in first["matches"]]
    full = {f"not:uscc:{number:05}" + "0" * 3_000: "2026-01-02T00:00:00.000Z" for number in range(22)}
    wiring.exchange().put({"id": not_same_decisions.decisions_of("beta", asked_id(first))(0), **full})
    others = {f"other-{number}|name:{number:05}" + "0" * 3_000: "2026-01-02T00:00:00.000Z" for number in range(22)}
    wiring.exchange().put({"id": not_same_decisions.decisions_on(subject)(0), **others})
    assert decide(world, beta, first["lookup_id"], subject)[0] == 200
    assert look_up(world, beta, name=NAME)["matches"] == []
    assert look_up(world, alpha, name=NAME)["verdict"] == "review"
    for item_id in (f"decided#beta#{asked_id(first)}#01", f"apart#{subject}#01"):
        assert wiring.exchange().get(item_id), "what was full is followed by a further item"
    evict(world, alpha, evidence_level="E4", evicted_on="2026-02-03")
    assert world.call("GET", "/v1/tasks", beta)[1]["tasks"] == [], "its platform told the applicant apart"
    roster_files.snapshot(world)
    done = roster_files.done(world, beta, f"M-1,,{NAME}")
    assert done["counts"].get("review", 0) == 0
    assert decide(world, beta, first["lookup_id"], subject, "undecided")[0] == 200
    assert look_up(world, beta, name=NAME)["verdict"] == "review"


def asked_id(lookup: dict[str, Any]) -> str:
    kept = kept_lookups.read(wiring.exchange(), lookup["lookup_id"])
    assert kept is not None
    return kept.asked_id


def test_the_figures_of_a_day_fill_as_many_items_as_they_need(world: World) -> None:
    exchange, day = wiring.exchange(), "2026-03-05"
    lateness = {f"{days}" + "0" * 1_500: 1_000 + days for days in range(10)}
    reports = {f"platform-{number:04}": ReportCounts(reported=number, lateness=lateness) for number in range(20)}
    usage = {f"platform-{number:04}": UsageCounts(lookups=number, matches=1) for number in range(30)}
    for _ in range(2):
        count_daily_figures.save_figures(exchange, day, DayFigures(reports=reports))
        count_daily_figures.save_figures(exchange, day, DayFigures(usage=usage))
    (figures,), _ = count_daily_figures.read_days(exchange, day, "2026-03-06")
    assert (figures.reports, figures.usage) == (reports, usage)
    sizes = [stored_bytes(exchange.get(f"figures#{day}{part}")) for part in ("", "#01")]
    assert all(100_000 < size < MOST_ITEM_BYTES / 2 + 10 for size in sizes)
    assert world
