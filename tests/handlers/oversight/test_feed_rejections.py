"""/v1/feeds/{name}/rejections and what an operator sees of a list's columns and remarks."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.government_lists import keep_rejections
from tests.handlers.oversight.test_government_lists import tick
from tests.support.builders import uscc
from tests.world import World

PATH = "/v1/feeds/some_list"
HEAD = "企业名称,统一社会信用代码/注册号,列入原因,列入日期,法定代表人,联系电话,列入日其,惩戒措施,来历\n"


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    return {role: world.admit(f"some-{role}", role) for role in ("platform", "regulator", "operator")}


def row(number: int, code: str = "", day: str = "2025-03-05") -> str:
    who = f"北京朔序{number}商贸有限公司,{code or uscc(number)}"
    return f"{who},组织虚假交易。情节严重,{day},王小朔,13800001236,,,\n"


def deliver(world: World, keys: dict[str, str], text: str, **more: Any) -> dict[str, Any]:
    """The feed as operators see it once that was dropped and pulled."""
    entry = {"list_type": "serious_violations", "way": "dropped", "unreadable_percent": 50, **more}
    assert world.call("PUT", PATH, keys["operator"], entry)[0] == 200
    wiring.bucket().put(f"feeds/some_list/dropped/{text.count(chr(10)):06}.csv", text.encode())
    tick("some_list")
    return dict(world.call("GET", PATH, keys["operator"])[1])


def page(world: World, key: str, query: str = "", status: int = 200) -> dict[str, Any]:
    answered, body, _ = world.call("GET", f"{PATH}/rejections{query}", key)
    assert answered == status, body
    return dict(body)


def test_the_rejected_rows_of_a_pull_can_be_read_with_masked_values(world: World, keys: dict[str, str]) -> None:
    text = HEAD + row(1) + row(2, day="2025-02-30") + row(3) + row(4, code="9111") + row(5)
    feed = deliver(world, keys, text)
    assert (feed["last_result"], feed["rejected"]) == ("applied", 2)
    read = page(world, keys["operator"])
    assert (read["version"], read["rejected"], read["kept"], read["next"]) == (feed["version"], 2, 2, "")
    assert [(each["file"], each["row"], each["column"], each["code"]) for each in read["rejections"]] == [
        (1, 2, "列入日期", "invalid_date"),
        (1, 4, "统一社会信用代码/注册号", "invalid_uscc"),
    ]
    first = read["rejections"][0]
    assert first["message"]["zh"]
    assert first["message"]["en"]
    assert first["values"] == {
        "企业名称": "北京朔序2商贸有限公司",
        "统一社会信用代码/注册号": uscc(2),
        "列入原因": "组织虚假交易。情节严重",
        "列入日期": "2025-02-30",
        "法定代表人": "王*",
        "联系电话": "13*********",
    }
    assert page(world, keys["regulator"]) == read
    assert page(world, keys["operator"], f"?version={feed['version']}") == read


def test_pages_and_versions(world: World, keys: dict[str, str]) -> None:
    page(world, keys["operator"], status=404)
    good = "".join(row(number) for number in range(10))
    first = deliver(world, keys, HEAD + good + row(11, day="x") + row(12, day="y") + row(13, day="z"))
    read = page(world, keys["operator"], "?limit=2")
    assert ([each["value"] for each in read["rejections"]], read["next"]) == (["x", "y"], "2")
    rest = page(world, keys["operator"], "?limit=2&after=2")
    assert ([each["value"] for each in rest["rejections"]], rest["next"]) == (["z"], "")
    deliver(world, keys, HEAD + good + row(14) + row(15) + row(16) + row(17))
    assert page(world, keys["operator"])["rejections"] == [], "of the newest pull none was rejected"
    assert page(world, keys["operator"], f"?version={first['version']}")["rejected"] == 3
    page(world, keys["operator"], "?version=0123456789abcdef", status=404)
    page(world, keys["operator"], "?version=x", status=400)


def test_rows_of_what_is_held_can_be_read(world: World, keys: dict[str, str]) -> None:
    feed = deliver(world, keys, HEAD + row(1) + row(2, day="x"), unreadable_percent=5)
    assert feed["hold"]["reason"] == "unreadable_rows"
    read = page(world, keys["operator"])
    assert (read["version"], read["rejected"]) == (feed["hold"]["hold_id"], 1)


def test_what_is_kept_is_bounded(world: World, keys: dict[str, str]) -> None:
    most = keep_rejections.MOST_ROWS
    good = "".join(row(number) for number in range(most + 200))
    deliver(world, keys, HEAD + good + "".join(row(number, day="x") for number in range(most + 5)))
    read = page(world, keys["operator"], "?limit=1")
    assert (read["rejected"], read["kept"]) == (most + 5, most)
    assert page(world, keys["operator"], f"?after={most - 1}")["next"] == ""


def test_platforms_may_not_read_them(world: World, keys: dict[str, str]) -> None:
    deliver(world, keys, HEAD + row(1) + row(2) + row(3, day="x"))
    page(world, keys["platform"], status=403)


def test_unknown_columns_are_named_with_the_nearest(world: World, keys: dict[str, str]) -> None:
    feed = deliver(world, keys, HEAD.replace("列入日期", "批次") + row(1))
    assert feed["hold"]["reason"] == "empty", "no row has a day"
    hold = feed["hold"]
    assert hold["unknown_columns"] == ["批次", "列入日其", "来历"], "惩戒措施 is not needed"
    assert hold["nearest"] == {"列入日其": "列入日期"}
    seen = world.call("GET", PATH, keys["platform"])[1]
    assert not {"unknown_columns", "nearest"} & seen["hold"].keys(), "what a platform need not know"
    told = world.call("GET", "/v1/notices", keys["regulator"])[1]["notices"]
    assert told[-1]["notice"]["nearest"] == {"列入日其": "列入日期"}
    applied = deliver(world, keys, HEAD + row(1) + row(2))
    assert (applied["unknown_columns"], applied.get("nearest")) == (["列入日其", "来历"], None)


def test_a_table_without_a_known_header_suggests_its_columns(world: World, keys: dict[str, str]) -> None:
    feed = deliver(world, keys, "企业名秤,统一社会信用代玛,列入日其\na,b,c\n")
    assert feed["hold"]["reason"] == "unreadable"
    assert feed["hold"]["nearest"]["列入日其"] == "列入日期"
