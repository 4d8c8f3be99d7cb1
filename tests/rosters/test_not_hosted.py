"""Rows of a roster that say that the merchant has left: it is not monitored, and the row is named; all others stay."""

import doctest

import pytest

from chalicelib.rosters.rules import hosted_state
from chalicelib.rosters.rules.hosted_state import has_left
from tests.support import roster_files
from tests.support.builders import uscc
from tests.world import World

TODAY = "2026-06-01"
STATES = ("shop_state", "entry_state")


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(hosted_state).failed == 0


@pytest.mark.parametrize("field", STATES)
@pytest.mark.parametrize(
    "text",
    ["已关店", "关店", "店铺已关闭", "已注销", "注销", "已下架", "已退出", "退出平台",
     "已退店", "主动退驻", "已清退", "合作终止", "终止合作",
     "已解约", "停止经营", "不再经营", "已删除", "永久封店", "闭店", "Closed", "delisted",
     " 已 关 店 ", "已关店（2026年）", "合同已到期；已退店"],
)  # fmt: skip
def test_it_has_left(field: str, text: str) -> None:
    assert has_left({field: text}, TODAY)


@pytest.mark.parametrize("field", STATES)
@pytest.mark.parametrize(
    "text",
    ["正常", "营业中", "在营", "已入驻", "暂停营业", "临时关店", "休店", "冻结",
     "停业整顿", "退店审核中", "申请退店", "拟退出", "待关闭", "未关店",
     "未退出", "没有下架", "部分商品下架", "商品已下架", "退店申请驳回", "重新上架", "已恢复营业", "0",
     "1", "2", "", "未知", "??", "inactive", "active",
     "永久有效", "装修中", "歇业"],
)  # fmt: skip
def test_it_is_hosted(field: str, text: str) -> None:
    assert not has_left({field: text}, TODAY)


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        ({"status": "注销"}, False),
        ({"status": "吊销，未注销"}, False),
        ({"status": "存续"}, False),
        ({"status": "已闭店"}, True),
        ({"has_left": "是"}, True),
        ({"has_left": "否"}, False),
        ({"has_left": ""}, False),
        ({"is_hosted": "否"}, True),
        ({"is_hosted": "是"}, False),
        ({"is_hosted": "不详"}, False),
        ({"is_unpublished": "是"}, True),
        ({"is_removed": "Y"}, True),
        ({"left_on": "2026-05-31"}, True),
        ({"left_on": "2026年6月1日"}, True),
        ({"left_on": "2026-06-02"}, False),
        ({"left_on": "长期"}, False),
        ({"left_on": "不详"}, False),
        ({"evicted_on": "2025/1/2"}, True),
        ({"shop_state": "正常", "left_on": ""}, False),
        ({}, False),
    ],
)
def test_other_columns(cells: dict[str, str], left: bool) -> None:
    assert has_left(cells, TODAY) is left


@pytest.mark.parametrize("column", ["店铺状态", "商家状态", "状态", "合作状态", "上架状态"])
def test_a_merchant_that_left_is_not_monitored_and_its_row_is_named(world: World, column: str) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    roster_files.evict(world, alpha)
    roster_files.snapshot(world)
    header = f"{roster_files.HEADER},{column}"
    rows = [f"S1,{uscc(1)},,已关店", f"S2,{uscc(2)},,营业中", f"S3,{uscc(3)},,观察期", f"S4,{uscc(4)},,注销"]
    done = roster_files.done(world, beta, *rows, header=header)
    assert (done["status"], done["accepted"], done["rejected"], done["not_hosted"]) == ("done", 4, 0, 2)
    assert done["counts"]["merchants"] == 2
    results = world.call("GET", f"/v1/rosters/{done['roster_id']}/results", beta)[1]
    assert results["results"] == []
    warnings = world.call("GET", f"/v1/rosters/{done['roster_id']}/warnings", beta)[1]["warnings"]
    assert [(row["row"], [each["code"] for each in row["warnings"]]) for row in warnings] == [
        (1, ["not_hosted"]),
        (4, ["not_hosted"]),
    ]


def test_who_was_on_the_roster_leaves_it_by_a_state_in_a_patch_too(world: World) -> None:
    beta = world.admit("beta")
    roster_files.done(world, beta, f"S1,{uscc(1)},", f"S2,{uscc(2)},")
    header = f"{roster_files.PATCH},店铺状态"
    done = roster_files.done(
        world, beta, f"改,S1,{uscc(1)},,已退店", f"改,S2,{uscc(2)},,正常", mode="patch", header=header
    )
    assert (done["counts"]["merchants"], done["counts"]["removed"], done["not_hosted"]) == (1, 1, 1)
    again = roster_files.done(world, beta, f"增,S1,{uscc(1)},,重新入驻", mode="patch", header=header)
    assert again["counts"]["merchants"] == 2
    assert "not_hosted" not in again
