"""A code whose check character fails may be a real one: it is taken, searched as it is, and never blocks."""

from typing import Any

import pytest

from chalicelib.values.organisation_codes import has_uscc_shape, is_unverified_uscc, is_valid_uscc
from tests.support.builders import uscc
from tests.world import World

# As a register before 2016 gave them; the check character that belongs to the first seventeen is another.
OLD = "91350203M000123456"
NAME = "厦门屿岸示例灯饰有限公司"
GRAVE = {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}


@pytest.fixture
def beta(world: World) -> str:
    """The key of the platform that asks."""
    return world.admit("beta")


def look_up(world: World, key: str, **asked: str) -> Any:
    status, answer, _ = world.call("POST", "/v1/lookups", key, {"purpose": "onboarding", **asked})
    assert status == 200, answer
    return answer


@pytest.fixture
def listed(world: World) -> World:
    """An exchange in which alpha has evicted the merchant with the old code, gravely and with proof."""
    eviction, alpha = {"uscc": OLD, "name": NAME, **GRAVE}, world.admit("alpha")
    _, taken, _ = world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    _, remarks, _ = world.call("GET", f"/v1/reports/{taken['report_id']}/warnings", alpha)
    assert [warning["code"] for warning in remarks["warnings"][0]["warnings"]] == ["uscc_check_failed"]
    return world


@pytest.mark.parametrize(
    "code",
    [
        OLD,
        "92330106MA0000000X",
        "52440305MJ12345678",
        "913101151234567890",
    ],
)
def test_a_code_of_the_right_shape_whose_check_fails_is_unverified(code: str) -> None:
    assert not is_valid_uscc(code)
    assert is_unverified_uscc(code)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (uscc(1), "its check holds"),
        (uscc(1)[:-1], "seventeen characters"),
        ("91350203M00012345I", "a letter that no code has"),
        ("91990203M000123456", "no such province"),
        ("98350203M000123456", "no such category"),
        ("110111198502301234", "a mistyped resident ID"),
        ("321302199001011234", "a resident ID whose check fails"),
        ("911156198001010015", "a mistyped permit of a foreign permanent resident"),
        ("622202200001234567", "a bank card"),
        ("913101151234567000", "its last digits are lost"),
    ],
)
def test_what_is_no_unverified_code(code: str, why: str) -> None:
    assert not is_unverified_uscc(code), why
    assert has_uscc_shape(code) == is_valid_uscc(code)


def test_such_a_merchant_is_found_by_its_code_for_review(listed: World, beta: str) -> None:
    answer = look_up(listed, beta, uscc=OLD.lower())
    assert answer["verdict"] == "review"
    (match,) = answer["matches"]
    assert (match["relation"], match["subject"]["unverified_uscc"]) == ("unverified_uscc", OLD)
    assert "uscc" not in match["subject"]
    assert match["listings"][0]["why"]["zh"] == "代码一致但校验不通过，须人工核对"


def test_the_name_is_searched_beside_the_code(listed: World, beta: str) -> None:
    other = OLD[:-1] + "7"
    assert is_unverified_uscc(other)
    (match,) = look_up(listed, beta, uscc=other, name=NAME)["matches"]
    assert match["relation"] == "same_name"
    (match,) = look_up(listed, beta, uscc=uscc(3), name=NAME)["matches"]
    assert match["relation"] in ("same_name", "same_words")


def test_the_merchant_is_read_by_its_code(listed: World, beta: str) -> None:
    status, answer, _ = listed.call("GET", f"/v1/merchants/{OLD}", beta)
    assert (status, answer["verdict"], answer["subject"]["name"]) == (200, "review", NAME)
    status, answer, _ = listed.call("GET", f"/v1/merchants/{OLD[:-1]}7", beta)
    assert (status, answer["error"]["code"]) == (404, "not_found")


def test_a_stronger_identifier_beside_the_code_names_the_subject(world: World, beta: str) -> None:
    eviction = {"uscc": OLD, "registration_no": "110108012660422", "name": NAME, **GRAVE}
    world.call("POST", "/v1/reports", world.admit("alpha"), {"evictions": [eviction]})
    world.settle()
    status, answer, _ = world.call("GET", f"/v1/merchants/{OLD}", beta)
    assert (status, answer["subject"]["subject_id"]) == (200, "reg:110108012660422")
    assert look_up(world, beta, registration_no="110108012660422")["verdict"] == "block"
    assert look_up(world, beta, uscc=OLD)["verdict"] == "review"
