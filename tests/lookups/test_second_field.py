"""A number of a natural person is looked up only with what the applicant calls itself, or with its code."""

from typing import Any

import pytest

from chalicelib.errors import BadRequest
from chalicelib.lookups.parse_applicant import parse_applicant
from chalicelib.values.keyed_digest import keyed_digest
from tests.support.builders import uscc
from tests.world import World

DIGEST = keyed_digest(b"k" * 32)
RESIDENT = "11010519491231002X"
ALONE: list[dict[str, str]] = [
    {"resident_id": RESIDENT},
    {"id_no": RESIDENT},
    {"id_no": "H8765432102"},
    {"id_no": "1234567802", "id_type": "台胞证"},
    {"id_no": "AB1234567", "id_type": "护照"},
    {"bank_account": "6222021234567890128"},
]
NO_SECOND: list[dict[str, str]] = [
    {},
    {"phone": "13812345678"},
    {"bank_account": "6222021234567890128"},
    {"address": "苏州市姑苏区示例路2号"},
    {"shop_url": "https://shop.example.cn/2"},
    {"name": "无"},
    {"name": "N/A", "shop_name": "-", "legal_representative": "/"},
    {"name": RESIDENT},
    {"shop_name": "1101 0519 4912 3100 2x"},
    {"name": "13812345678"},
    {"name": "*"},
]
SECOND: list[dict[str, str]] = [
    {"name": "李会芳"},
    {"name": "JOHN EXAMPLE"},
    {"shop_name": "示例小铺"},
    {"legal_representative": "李会芳"},
    {"uscc": uscc(1)},
    {"registration_no": "110108012660422"},
]


@pytest.mark.parametrize("number", ALONE)
@pytest.mark.parametrize("beside", NO_SECOND)
def test_a_number_alone_is_refused(number: dict[str, str], beside: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_applicant({**beside, **number}, DIGEST)
    assert refused.value.code == "second_field_needed"
    assert refused.value.details["field"] in ("resident_id", "id_no", "bank_account")
    assert RESIDENT not in str(refused.value.details)


@pytest.mark.parametrize("number", ALONE)
@pytest.mark.parametrize("beside", SECOND)
def test_a_number_with_a_name_or_a_code_is_looked_up(number: dict[str, str], beside: dict[str, str]) -> None:
    applicant = parse_applicant({**beside, **number}, DIGEST)
    assert set(applicant.asked.values()) == {"used"}


def test_other_values_are_looked_up_without_a_second() -> None:
    for given in ({"phone": "13812345678"}, {"name": "苏州霁昱商贸有限公司"}, {"uscc": uscc(1)}):
        assert "used" in parse_applicant(given, DIGEST).asked.values()


def test_every_route_that_looks_up_refuses_a_number_alone(world: World) -> None:
    alpha = world.admit("alpha")
    number = {"id_no": RESIDENT}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("/v1/lookups", {**number, "purpose": "onboarding"}),
        ("/v1/onboarding-checks", {**number, "enrol": False}),
        ("/v1/person-records", number),
    ]
    for path, body in calls:
        status, answer, _ = world.call("POST", path, alpha, body)
        assert (status, answer["error"]["code"]) == (400, "second_field_needed")
        assert answer["error"]["details"]["problems"][0]["field"] == "id_no"
    named = {**number, "name": "李会芳"}
    body = {"purpose": "onboarding", "applicants": [number, named, {**number, "phone": "13812345678"}]}
    status, answer, _ = world.call("POST", "/v1/lookups/batch", alpha, body)
    answers = [each.get("verdict") or each["error"]["code"] for each in answer["lookups"]]
    assert (status, answers) == (200, ["second_field_needed", "clear", "second_field_needed"])
