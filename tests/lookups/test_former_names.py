"""A former name finds a renamed merchant, whoever says it: the register, a report, a roster or the one who looks up."""

from typing import Any

import pytest

from chalicelib import wiring
from tests.support.builders import uscc
from tests.support.roster_files import done, evict, snapshot
from tests.world import World

OLD, NEW = "宁波听潮居示例灯具有限公司", "杭州栖霞岭示例科技有限公司"


def _former(match: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (each["relation"], each["query"], each["candidate"])
        for each in match["reasons"]
        if each["field"] == "former_name"
    ]


@pytest.fixture
def beta(world: World) -> str:
    return world.admit("beta")


def _look_up(world: World, key: str, **asked: str) -> dict[str, Any]:
    _, answer, _ = world.call("POST", "/v1/lookups", key, {"purpose": "onboarding", **asked})
    return dict(answer)


def test_an_applicant_is_looked_up_by_the_name_that_it_had(world: World, beta: str) -> None:
    evict(world, world.admit("alpha"), uscc=uscc(1), name=OLD)
    assert _look_up(world, beta, name=NEW)["verdict"] == "clear"
    answer = _look_up(world, beta, name=NEW, former_name=OLD)
    (match,) = answer["matches"]
    assert (match["relation"], match["verdict"]) == ("same_name", "review")
    assert _former(match) == [("asked_former", OLD, OLD)]
    assert answer["asked"] == {"name": "used", "former_name": "used"}
    assert _look_up(world, beta, former_name=OLD)["verdict"] == "review"


def test_a_report_says_a_former_name_with_its_day(world: World, beta: str) -> None:
    evict(world, world.admit("alpha"), uscc=uscc(1), name=NEW, former_name=OLD)
    (match,) = _look_up(world, beta, name=OLD)["matches"]
    ((relation, _, candidate),) = _former(match)
    assert (relation, candidate[:-12]) == ("reported_former", OLD)
    assert candidate[-12:] == f"（{wiring.now().date().isoformat()}）"
    (match,) = _look_up(world, beta, name=NEW)["matches"]
    assert _former(match) == []


def test_a_roster_is_screened_and_watched_by_former_names(world: World, beta: str) -> None:
    alpha = world.admit("alpha")
    evict(world, alpha, uscc=uscc(1), name=OLD)
    snapshot(world)
    roster = done(world, beta, f"S1,{NEW},{OLD}", f"S2,{NEW},", header="商家ID,主体名称,曾用名")
    _, page, _ = world.call("GET", f"/v1/rosters/{roster['roster_id']}/results", beta)
    assert [(row["merchant_id"], row["verdict"]) for row in page["results"]] == [("S1", "review")]
    # Who is evicted afterwards under the old name is that platform's to look at, too.
    done(world, beta, f"S3,{NEW},苏州枫桥晚示例家居有限公司", header="商家ID,主体名称,曾用名")
    evict(world, alpha, name="苏州枫桥晚示例家居有限公司", uscc=uscc(3))
    world.settle()
    _, tasks, _ = world.call("GET", "/v1/tasks", beta)
    assert uscc(3) in {task["subject"].get("uscc") for task in tasks["tasks"]}
