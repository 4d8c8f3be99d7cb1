"""Figures count each event once, however often it is told or folded; the restricted list is the truth of the moment."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from chalicelib import wiring
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.handlers import dependencies
from chalicelib.values.timestamps import china_date
from tests.interruptions.interruption import process_killed_after
from tests.interruptions.saved_world import SavedWorld
from tests.support.builders import listed, stored_subject, uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
SCHEDULE = Path(__file__).parents[2] / "events" / "schedule.json"


def fold() -> int:
    return count_daily_figures.count_marked_days(dependencies.closure_tasks(), wiring.now(), lambda: True)


def play(world: World) -> dict[str, str]:
    """Beta and gamma know the merchant of alpha's report; beta closes, gamma is not there."""
    keys = {name: world.admit(name) for name in ("alpha", "beta", "gamma")}
    keys["bureau"] = world.admit("bureau", "regulator")
    for name in ("beta", "gamma"):
        world.call("POST", "/v1/lookups", keys[name], {"uscc": uscc(1), "purpose": "onboarding"})
    today = china_date(wiring.now())
    rows = [{**EVICTION, "evicted_on": today}, {**EVICTION, "uscc": uscc(2)}]
    world.call("POST", "/v1/reports", keys["alpha"], {"evictions": rows})
    world.settle()
    world.call("POST", "/v1/tasks/1/outcome", keys["beta"], {"outcome": "closed"})
    return keys


def of(world: World, keys: dict[str, str], name: str) -> dict[str, Any]:
    answer = world.call("GET", "/v1/statistics?days=2", keys["bureau"])[1]
    return next(platform for platform in answer["platforms"] if platform["platform_id"] == name)


def test_figures_follow_what_happened_and_no_retry_counts_twice(world: World) -> None:
    keys = play(world)
    assert fold() > 0
    alpha, beta = of(world, keys, "alpha"), of(world, keys, "beta")
    assert (alpha["reported"], alpha["reported_in_time"], alpha["give_to_take"]) == (2, 0.5, None)
    assert (alpha["lateness"]["p50_days"], alpha["lateness"]["p95_days"] > 300) == (0, True)
    assert (beta["check"]["closed"], beta["answered_in_time"], beta["kept_rate"], beta["lookups"]) == (1, 1.0, 0.0, 1)
    assert beta["give_to_take"] == 0.0
    assert world.call("GET", "/v1/statistics", keys["bureau"])[1]["circles"] == {}, "gamma has not answered"
    assert of(world, keys, "gamma")["check"] == {"told": 1, "open": 1}
    assert fold() == 0, "nothing is marked any more"

    world.call("POST", "/v1/tasks/1/outcome", keys["gamma"], {"outcome": "not_present"})
    import app

    app.subject_announced({"Records": world.stream_records()}, None)
    app.clocks_due(json.loads(SCHEDULE.read_text("utf-8")), None)
    answer = world.call("GET", "/v1/statistics", keys["bureau"])[1]
    assert {reason: element["closed"] for reason, element in answer["circles"].items()} == {"QC01": 1, "all": 1}
    assert of(world, keys, "alpha")["reported"] == 2
    assert answer["as_of"]
    count_daily_figures.recount(dependencies.closure_tasks())
    fold()
    assert world.call("GET", "/v1/statistics", keys["bureau"])[1] | {"as_of": ""} == answer | {"as_of": ""}


@pytest.mark.long
def test_killed_after_each_write_the_fold_ends_with_the_same_figures(world: World) -> None:
    play(world)
    saved = SavedWorld(world)

    def figures(kill: int) -> tuple[list[Any], int]:
        saved.restore()
        with process_killed_after(world, kill) as writes:
            fold()
        # The lease of the worker that died has ended.
        wiring.exchange().put({"id": "lease#figures", "until": ""})
        fold()
        today = china_date(wiring.now())
        return count_daily_figures.read_days(wiring.exchange(), today, today)[0], len(writes)

    undisturbed, writes = figures(0)
    assert undisturbed
    for kill in range(1, writes + 1):
        assert figures(kill)[0] == undisturbed, f"after write {kill}"


def test_what_comes_while_a_day_is_folded_is_folded_the_next_time(world: World) -> None:
    keys = play(world)
    context = dependencies.closure_tasks()
    answered: list[int] = []

    def time_is_left() -> bool:
        # Another request, in the middle of the fold.
        if not answered:
            answered.append(world.call("POST", "/v1/tasks/1/outcome", keys["gamma"], {"outcome": "closed"})[0])
        return True

    count_daily_figures.count_marked_days(context, wiring.now(), time_is_left)
    fold()
    assert answered == [200]
    assert of(world, keys, "gamma")["check"]["closed"] == 1


def test_out_of_time_nothing_is_taken_for_folded(world: World) -> None:
    keys = play(world)
    count_daily_figures.count_marked_days(dependencies.closure_tasks(), wiring.now(), lambda: False)
    assert world.call("GET", "/v1/statistics", keys["bureau"])[1]["platforms"][0]["check"] == {}
    fold()
    assert of(world, keys, "beta")["check"]["closed"] == 1


def test_a_platform_sees_its_own_and_no_median_of_few(world: World) -> None:
    keys = play(world)
    fold()
    answer = world.call("GET", "/v1/statistics", keys["beta"])[1]
    assert answer["own"]["check"]["closed"] == 1
    assert set(answer["median"].values()) == {None}
    assert "platforms" not in answer
    assert "alpha" not in str(answer)
    assert answer["circles"] == {}
    for wrong in ("days=soon", "days=9999"):
        assert world.call("GET", f"/v1/statistics?{wrong}", keys["beta"])[0] == 400


def test_the_restricted_list_is_complete_and_a_removal_is_out_of_it_with_its_save(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    tomorrow = china_date(wiring.now() + timedelta(days=1))
    plain = [
        (1, {}), (2, {"evidence_level": "E1"}), (3, {"severity": 2, "reasons": ["AD04"]}),
        (4, {"expires_on": tomorrow}), (5, {"expires_on": china_date(wiring.now())}), (6, {}),
    ]  # fmt: skip
    for number, fields in plain:
        actor = {"uscc": uscc(number), "name": f"=苏州樾野{number}商贸有限公司"}
        wiring.registry().save(listed("alpha", identity=actor, **fields))
    world.deliver_stream()

    def listed_now(limit: int = 1) -> list[str]:
        result: list[str] = []
        after = "0"
        while after:
            page = world.call("GET", f"/v1/restricted-entries?limit={limit}&after={after}", beta)[1]
            result += [entry["uscc"] for entry in page["entries"]]
            after = page["next"]
        return result

    assert sorted(listed_now()) == sorted([uscc(1), uscc(4), uscc(6)])
    entry = world.call("GET", "/v1/restricted-entries?limit=1", beta)[1]["entries"][0]
    assert entry["since"] == "2026-01-02"
    assert not entry.keys() & {"shop_id", "reason_text", "report_id", "history"}, "what a gatekeeper needs, no more"
    listing = next(iter(stored_subject().listings))
    world.call("POST", f"/v1/listings/{listing}/withdrawal", alpha, {})
    assert sorted(listed_now(100)) == sorted([uscc(4), uscc(6)]), "before the stream has said anything"
    status, text, headers = world.call("GET", "/v1/restricted-entries?format=csv&limit=4", beta)
    assert (status, "X-Next" in headers) == (200, True)
    assert text.splitlines()[0].startswith("序号 number,名称 name,统一社会信用代码 uscc")
    assert "'=苏州樾野" in text
    assert uscc(1) not in text
    status, file, _ = world.call("GET", "/v1/restricted-entries?format=file", beta)
    assert (status, file["entries"], file["next"]) == (200, 2, "")
    key = unquote(urlsplit(file["url"]).path).partition("/results/")[2]
    whole = (wiring.bucket().get(f"results/{key}") or b"").decode("utf-8-sig").splitlines()
    assert [line.count(",") for line in whole] == [11, 11, 11]
    assert whole[0] == text.splitlines()[0]
