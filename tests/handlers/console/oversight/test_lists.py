"""Government lists at the console: what is held, what a release would change, and deciding on it."""

import re

import pytest

from chalicelib.people.duties import Duty
from tests.handlers.oversight.test_government_lists import tick
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.support.local_source import Source
from tests.world import World

HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE"
WHERE = "/console/lists/beijing_list"


def table(count: int) -> bytes:
    lines = (f"{uscc(n)},北京朔序{n}商贸有限公司,组织虚假交易。情节严重,2025-08-28," for n in range(count))
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture
def held(world: World) -> str:
    """A list of eight entries of which the next delivery had two; the id of what is held."""
    operator = world.admit("ops", "operator")
    with Source() as source:
        source.body = table(8)
        wanted = {"list_type": "beijing_serious_violations", "address": source.url}
        assert world.call("PUT", "/v1/feeds/beijing_list", operator, wanted)[0] == 200
        tick()
        source.body = table(2)
        tick("beijing_list")
    return str(world.call("GET", "/v1/feeds/beijing_list", operator)[1]["hold"]["hold_id"])


def officer(world: World, *duties: Duty) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, "bureau", *duties, role="regulator"))
    return visitor, session.csrf_key


def test_a_held_list_comes_first_and_says_what_a_release_would_change(world: World, held: str) -> None:
    visitor, key = officer(world, Duty.READ, Duty.DECIDE)
    assert re.search(r"beijing_list.*待放行", visitor.get("/console/lists")[1], re.DOTALL)
    text = visitor.get(WHERE)[1]
    assert "减少 6 条" in text
    assert "<svg" in text
    assert held in text
    assert re.search(r"applied,.*,8,", visitor.get(f"{WHERE}/pulls.csv")[1])
    assert visitor.get(f"{WHERE}/rejections.csv")[0] == 200
    assert "beijing_list" in visitor.get("/console/lists.csv")[1]
    assert visitor.get("/console/lists/no_such_list")[0] == 404
    status, text = visitor.post(f"{WHERE}/holds/{held}/preview", {"key": key, "act": "release"})
    assert status == 200
    assert "<dt>条目变化</dt><dd>减少 6 条</dd>" in text
    assert visitor.post(f"{WHERE}/holds/{held}/preview", {"key": key, "act": "burn"})[0] == 400
    assert visitor.post(f"{WHERE}/holds/0123456789abcdef/preview", {"key": key, "act": "release"})[0] == 409


def test_a_release_wants_a_reason_and_the_key_and_is_in_the_log(world: World, held: str) -> None:
    visitor, key = officer(world, Duty.READ, Duty.DECIDE)
    path = f"{WHERE}/holds/{held}/release"
    assert visitor.post(path, {"key": "wrong", "why": "已核实"})[0] == 403
    status, text = visitor.post(path, {"key": key, "why": ""})
    assert (status, "请写明理由" in text) == (400, True)
    assert visitor.post(path, {"key": key, "why": "已与<b>登记机关</b>核实"})[0] == 303
    text = visitor.get(WHERE)[1]
    assert "已放行" in text
    assert "待放行" not in text
    assert "<b>登记机关" not in text
    assert visitor.post(f"{WHERE}/holds/{held}/discard", {"key": key, "why": "再想想"})[0] == 409
    entries = world.call("GET", "/v1/audit?action=releaseHold", world.admit("court", "regulator"))[1]["entries"]
    assert [entry["outcome"] for entry in entries] == ["done"]


def test_where_acts_take_a_second_person_a_release_waits(world: World, held: str) -> None:
    visitor, key = officer(world, Duty.READ, Duty.DECIDE)
    add_person(world, "bureau", Duty.DECIDE, role="regulator")
    assert visitor.post(f"{WHERE}/holds/{held}/release", {"key": key, "why": "已核实"})[0] == 303
    assert "/decisions/" in visitor.headers["Location"]
    assert "有一份更新等待放行" in visitor.get(WHERE)[1]


def test_who_may_not_decide_sees_no_button_and_platforms_see_nothing(world: World, held: str) -> None:
    visitor, key = officer(world, Duty.READ)
    assert f"holds/{held}/preview" not in visitor.get(WHERE)[1]
    assert visitor.post(f"{WHERE}/holds/{held}/release", {"key": key, "why": "已核实"})[0] == 403
    platform, _ = signed_in(world, add_person(world, "alpha", *Duty))
    assert platform.get("/console/lists")[0] == 403
    operator, _ = signed_in(world, add_person(world, "ops", *Duty, role="operator"))
    assert operator.get(WHERE)[0] == 200
