"""Destroyed text and placeholders are refused wherever a text is taken, and each answer names the field or row."""

from typing import Any

import pytest

from tests.world import World

DISPUTE = {"listing_id": "l_1", "kind": "found_otherwise"}
DISPLAY = {"declaration": "handicraft", "shop_id": "S-1"}
PERMIT = {"name": "食品经营许可证", "number": "JY13301060000001"}
LICENCE = {"uscc": "91110105MA0000015F", "purpose": "onboarding"}


@pytest.fixture
def alpha(world: World) -> str:
    """The key of the platform that sends the texts."""
    return world.admit("alpha")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/disputes", {**DISPUTE, "statement": "????????"}, "statement"),
        ("/v1/disputes", {**DISPUTE, "statement": "我方\ufffd认为"}, "statement"),
        ("/v1/disputes", {**DISPUTE, "statement": "不实", "contact": "锟斤拷"}, "contact"),
        ("/v1/displays", {**DISPLAY, "shop_name": "手作??铺"}, "shop_name"),
        ("/v1/displays", {**DISPLAY, "permits": [PERMIT, {**PERMIT, "name": "\ue000"}]}, "permits.1.name"),
        ("/v1/displays", {**DISPLAY, "shop_links": [{"name": "???", "url": "https://a.cn"}]}, "shop_links.0.name"),
        ("/v1/licence-checks", {**LICENCE, "name": "杭州云?谷服饰有限公司"}, "name"),
        ("/v1/tasks/1/outcome", {"outcome": "kept", "reason": "\ufffd\ufffd"}, "reason"),
        ("/v1/listings/l_1/withdrawal", {"reason": "æ\u009d\u00adå·\u009e"}, "reason"),
        ("/v1/onboarding-checks", {"enrol": False, "shop_name": "烫烫烫烫"}, "shop_name"),
    ],
)
def test_destroyed_text_is_refused_by_field(
    world: World, alpha: str, path: str, body: dict[str, Any], field: str
) -> None:
    status, answer, _ = world.call("POST", path, alpha, body)
    assert (status, answer["error"]["code"]) == (400, "damaged_text")
    details = answer["error"]["details"]
    assert (details["field"], details["problems"][0]["field"]) == (field, field)


@pytest.mark.parametrize("nothing", ["无", "N/A", "-", "\u200b", "暂无", "。。。"])
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/disputes", DISPUTE, "statement"),
        ("/v1/tasks/1/outcome", {"outcome": "kept"}, "reason"),
        ("/v1/displays", {**DISPLAY, "permits": [PERMIT]}, "permits.0.number"),
        ("/v1/displays", {**DISPLAY, "shop_links": [{"url": "https://a.cn"}]}, "shop_links.0.name"),
    ],
)
def test_a_placeholder_is_no_needed_text(
    world: World, alpha: str, path: str, body: dict[str, Any], field: str, nothing: str
) -> None:
    first, _, last = field.rpartition(".")
    sent = {**body, last: nothing} if not first else {**body, first[:-2]: [{**body[first[:-2]][0], last: nothing}]}
    status, answer, _ = world.call("POST", path, alpha, sent)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")


def test_questions_and_names_that_only_look_so_are_taken(world: World, alpha: str) -> None:
    for statement in ("为什么??我们从未售假", "Why? We never sold it.", "未知星球科技不是该商户"):
        status, answer, _ = world.call("POST", "/v1/disputes", alpha, {**DISPUTE, "statement": statement})
        assert (status, answer["error"]["code"]) == (404, "not_found")
    wanted = {**DISPLAY, "shop_name": "无印手作", "permits": [PERMIT]}
    status, answer, _ = world.call("POST", "/v1/displays", alpha, wanted)
    assert (status, answer["shop_name"]) == (201, "无印手作")


def test_each_answer_to_a_task_is_judged_by_itself(world: World, alpha: str) -> None:
    rows = [("kept", "????"), ("kept", "无"), ("kept", ""), ("closed", "锟斤拷"), ("closed", "已下架")]
    body = {"outcomes": [{"task_id": "1", "outcome": outcome, "reason": reason} for outcome, reason in rows]}
    status, answer, _ = world.call("POST", "/v1/tasks/outcomes", alpha, body)
    assert status == 200
    assert [error["code"] for error in answer["errors"]] == [
        "damaged_text", "kept_without_reason", "kept_without_reason", "damaged_text", "not_found",
    ]  # fmt: skip


def test_a_report_in_json_refuses_its_rows_one_by_one(world: World, alpha: str) -> None:
    good = {"name": "杭州好行示例商贸有限公司", "evicted_on": "2026-01-02", "reason_text": "虚假宣传"}
    rows: list[dict[str, Any]] = [
        good,
        {**good, "name": "??????????"},
        {**good, "reason_text": "??????"},
        {**good, "name": "杭州\ufffd示例"},
        {**good, "name": "N/A"},
        {**good, "reason_text": "暂无"},
        {**good, "shop_name": "霁昱??专营店"},
        {**good, "uscc": "000000000000000000", "phone": "11111111"},
    ]
    _, taken, _ = world.call("POST", "/v1/reports", alpha, {"evictions": rows})
    world.settle()
    _, report, _ = world.call("GET", f"/v1/reports/{taken['report_id']}", alpha)
    _, page, _ = world.call("GET", f"/v1/reports/{taken['report_id']}/rejections", alpha)
    assert (report["rows"], report["accepted"]) == (8, 2)
    assert [(each["row"], each["column"], each["code"]) for each in page["rejections"]] == [
        (2, "name", "damaged_text"),
        (3, "reason_text", "damaged_text"),
        (4, "name", "damaged_text"),
        (5, "uscc", "missing_identity"),
        (6, "reason_text", "missing_reason"),
        (7, "shop_name", "damaged_text"),
    ]


def test_a_licence_check_takes_a_code_whose_check_character_fails(world: World, alpha: str) -> None:
    status, answer, _ = world.call("POST", "/v1/licence-checks", alpha, {**LICENCE, "uscc": "91350203M000123456"})
    assert (status, answer["error"]["code"]) == (503, "trust_missing"), "the code is no fault"
    status, answer, _ = world.call("POST", "/v1/licence-checks", alpha, {**LICENCE, "uscc": "91350203M00012345"})
    assert (status, answer["error"]["code"]) == (400, "invalid_uscc")
