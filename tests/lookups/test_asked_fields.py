"""`clear` means understood and searched: what cannot be used is said, and finding nothing by it is no `clear`."""

import json
from typing import Any

import pytest

from chalicelib.errors import BadRequest
from chalicelib.lookups.parse_applicant import parse_applicant
from tests.support.builders import uscc
from tests.world import World

NAME = "杭州云栖谷示例服饰有限公司"
PHONE, PERSON, ADDRESS = "13800001236", "张示例", "杭州市西湖区文三路1号示例大厦3幢501室"
DESTROYED = [
    "\ufffd\ufffd", "\ue000商行", "锟斤拷锟斤拷", "????????", "杭州云栖谷??服饰有限公司",
    NAME.encode().decode("latin-1"),
    NAME.encode("gbk").decode("latin-1"), NAME.encode().decode("gb18030", "ignore"), "\U000f0001",
]  # fmt: skip
PLACEHOLDERS = ["无", "N/A", "-", "null", "暂无", "待补充", "00000000", "\u200b", "\ufeff", "。", "?"]


def digest(kind: str, value: str) -> str:
    return f"<{kind} {value}>"


@pytest.fixture
def beta(world: World) -> str:
    """The key of the platform that asks."""
    return world.admit("beta")


@pytest.fixture
def listed(world: World) -> World:
    """An exchange in which alpha has evicted a merchant with a phone, a representative and an address."""
    eviction = {
        "uscc": uscc(1), "name": NAME, "phone": PHONE, "legal_representative": PERSON, "address": ADDRESS,
        "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4",
    }  # fmt: skip
    world.call("POST", "/v1/reports", world.admit("alpha"), {"evictions": [eviction]})
    world.settle()
    return world


def look_up(world: World, key: str, **asked: str) -> Any:
    return world.call("POST", "/v1/lookups", key, {"purpose": "onboarding", **asked})[:2]


@pytest.mark.parametrize(
    "field", ["name", "shop_name", "address", "legal_representative", "phone", "uscc", "bank_account"]
)
@pytest.mark.parametrize("text", DESTROYED)
def test_destroyed_text_is_refused_whatever_stands_beside_it(field: str, text: str) -> None:
    for beside in ({}, {"registration_no": "110108012660422"}):
        with pytest.raises(BadRequest) as refused:
            parse_applicant({field: text, **beside}, digest)
        assert (refused.value.code, refused.value.details["field"]) == ("damaged_text", field)


@pytest.mark.parametrize(
    "field", ["name", "shop_name", "address", "legal_representative", "phone", "uscc", "bank_account"]
)
@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_placeholder_is_not_given(field: str, text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_applicant({field: text}, digest)
    assert refused.value.code == "nothing_to_look_up"
    applicant = parse_applicant({field: text, "registration_no": "110108012660422"}, digest)
    assert applicant.asked == {field: "unusable", "registration_no": "used"}
    assert applicant.signals == {}


def test_an_answer_says_of_each_field_whether_it_was_used(listed: World, beta: str) -> None:
    status, answer = look_up(
        listed, beta, name="苏州寒山寺示例陶瓷有限公司", phone="张经理", bank_account="n/a", shop_name=""
    )
    assert status == 200
    assert answer["asked"] == {"name": "used", "phone": "unusable", "bank_account": "unusable"}
    assert (answer["verdict"], answer["findings"]) == ("clear", [])


@pytest.mark.parametrize(
    "asked", [{"phone": "张经理"}, {"phone": "010-1"}, {"legal_representative": "/"}, {"bank_account": "12"}]
)
def test_what_cannot_be_read_is_nothing_to_look_up(world: World, beta: str, asked: dict[str, str]) -> None:
    status, answer = look_up(world, beta, **asked)
    assert (status, answer["error"]["code"]) == (400, "nothing_to_look_up")
    assert answer["error"]["details"]["asked"] == dict.fromkeys(asked, "unusable")


@pytest.mark.parametrize(
    "asked",
    [
        {"phone": "13900001237"},
        {"legal_representative": "李另例"},
        {"address": "苏州市姑苏区示例路2号"},
        {"bank_account": "6222020000112233445", "legal_representative": "李另例"},
        {"shop_url": "https://shop.example.cn/2"},
        {"phone": "13900001237", "legal_representative": "李另例"},
    ],
)
def test_what_cannot_decide_alone_is_never_clear(listed: World, beta: str, asked: dict[str, str]) -> None:
    status, answer = look_up(listed, beta, **asked)
    assert (status, answer["verdict"], answer["matches"]) == (200, "unknown", [])
    assert [finding["code"] for finding in answer["findings"]] == ["cannot_decide_alone"]
    assert answer["findings"][0]["message"]["zh"]


@pytest.mark.parametrize("asked", [{"phone": PHONE}, {"legal_representative": PERSON}, {"address": ADDRESS}])
def test_one_signal_of_an_evicted_merchant_informs(listed: World, beta: str, asked: dict[str, str]) -> None:
    _, answer = look_up(listed, beta, **asked)
    (match,) = answer["matches"]
    assert (answer["verdict"], match["relation"]) == ("inform", "shares_signal")
    assert match["listings"][0]["why"]["zh"] == "与被清退主体共享一项信息，仅供参考"
    _, answer = look_up(listed, beta, name="苏州寒山寺示例陶瓷有限公司", **asked)
    assert (answer["verdict"], answer["matches"]) == ("clear", [])


def test_two_signals_of_an_evicted_merchant_are_for_review(listed: World, beta: str) -> None:
    _, answer = look_up(listed, beta, phone=PHONE, legal_representative=PERSON)
    assert (answer["verdict"], answer["matches"][0]["relation"]) == ("review", "successor_of")


def test_in_a_batch_each_applicant_is_answered_by_itself(listed: World, beta: str) -> None:
    applicants: list[Any] = [
        {"uscc": uscc(1)},
        {"uscc": "坏码"},
        {"name": "????????"},
        {"name": "无"},
        {"resident_id": "110101199001010000"},
        {"uscc": 17},
        {"colour": "red", "name": NAME},
        "a text",
        {"name": NAME + "\ufffd"},
        {"registration_no": "123"},
        {"uscc": "9.13302E+17"},
        {"name": "苏州寒山寺示例陶瓷有限公司"},
    ]
    body = {"purpose": "recheck", "applicants": applicants * 8}
    status, answer, _ = listed.call("POST", "/v1/lookups/batch", beta, body)
    assert status == 200
    answers = [entry.get("verdict") or entry["error"]["code"] for entry in answer["lookups"]]
    assert answers == 8 * [
        "block", "invalid_uscc", "damaged_text", "nothing_to_look_up", "invalid_resident_id", "invalid_request",
        "unknown_field", "invalid_request", "damaged_text", "invalid_registration_no", "damaged_uscc", "clear",
    ]  # fmt: skip


def test_a_batch_of_nothing_but_errors_is_answered(world: World, beta: str) -> None:
    body = {"purpose": "recheck", "applicants": [{"name": "无"}, {}]}
    status, answer, _ = world.call("POST", "/v1/lookups/batch", beta, body)
    assert status == 200
    assert [entry["error"]["code"] for entry in answer["lookups"]] == ["nothing_to_look_up"] * 2


@pytest.mark.parametrize("path", ["/v1/lookups", "/v1/onboarding-checks"])
def test_a_body_in_another_character_set_is_no_json(world: World, beta: str, path: str) -> None:
    body = {"name": NAME, "purpose": "onboarding"} if path == "/v1/lookups" else {"name": NAME, "enrol": False}
    text = json.dumps(body, ensure_ascii=False)
    for charset in ("gbk", "gb18030", "utf-16"):
        status, answer, _ = world.call("POST", path, beta, text.encode(charset))
        assert (status, answer["error"]["code"]) == (400, "malformed_json")
    for whole in (text.encode("utf-8-sig"), text.encode()):
        status, answer, _ = world.call("POST", path, beta, whole)
        assert status == 200, answer


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\udc00\\ud800", "\\ud800\\u0041"])
def test_a_surrogate_without_its_pair_is_damaged_text(world: World, beta: str, escape: str) -> None:
    body = f'{{"purpose": "onboarding", "name": "杭州{escape}示例"}}'.encode()
    status, answer, _ = world.call("POST", "/v1/lookups", beta, body)
    assert (status, answer["error"]["code"]) == (400, "damaged_text")
    assert answer["error"]["details"]["problems"][0]["field"] == "name"


def test_a_surrogate_with_its_pair_is_a_character(world: World, beta: str) -> None:
    body = b'{"purpose": "onboarding", "name": "\\ud842\\udfb7\\u91ce\\u5bb6\\u5546\\u884c"}'
    status, answer, _ = world.call("POST", "/v1/lookups", beta, body)
    assert (status, answer["asked"]) == (200, {"name": "used"})


def test_an_onboarding_check_says_the_same(listed: World, beta: str) -> None:
    for asked, code in (({"name": "????"}, "damaged_text"), ({"name": "无", "phone": "张经理"}, "nothing_to_look_up")):
        status, answer, _ = listed.call("POST", "/v1/onboarding-checks", beta, {"enrol": False, **asked})
        assert (status, answer["error"]["code"]) == (400, code)
    status, answer, _ = listed.call("POST", "/v1/onboarding-checks", beta, {"enrol": False, "phone": "13900001237"})
    assert (status, answer["verdict"], answer["asked"]) == (200, "unknown", {"phone": "used"})
    parts = {part["part"]: part["outcome"] for part in answer["parts"]}
    assert parts["evictions"] == "cannot_decide_alone"
