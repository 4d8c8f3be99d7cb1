"""The onboarding call over the API, mistakes included."""

from typing import Any

import pytest

from tests.support.builders import uscc
from tests.world import World

DOOR = "/v1/onboarding-checks"


def test_one_request_gives_a_verdict_and_a_receipt_for_the_inspector(world: World) -> None:
    beta, alpha = world.admit("beta"), world.admit("alpha")
    bureau, operator = world.admit("bureau", "regulator"), world.admit("desk", "operator")
    body = {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "phone": "13800131236", "merchant_id": "m-1"}
    status, answer, _ = world.call("POST", DOOR, beta, body)
    assert (status, answer["verdict"], answer["enrolled"]) == (200, "unknown", True)
    assert answer["receipt"].startswith("o_")
    result = f"{DOOR}/{answer['receipt']}"
    for key in (beta, bureau):
        assert world.call("GET", result, key)[:2] == (200, {**answer, "platform_id": "beta"})
    assert world.call("GET", result, alpha)[0] == 404
    assert world.call("GET", result, operator)[0] == 403
    assert world.call("POST", DOOR, bureau, body)[0] == 403
    assert "13800131236" not in world.everything_stored()


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"uscc": uscc(1)}, "invalid_request", ""),
        ({"uscc": uscc(1), "merchant_id": " "}, "invalid_request", ""),
        ({"enrol": False}, "nothing_to_look_up", ""),
        ({"uscc": uscc(1), "enrol": False, "purpose": "onboarding"}, "unknown_field", "purpose"),
        ({"uscc": uscc(1), "enrol": False, "licence_check_id": "k#1"}, "invalid_request", "licence_check_id"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(world: World, body: Any, code: str, field: str) -> None:
    status, answer, _ = world.call("POST", DOOR, world.admit("beta"), body)
    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["details"]["problems"][0]["field"] == field


def test_a_wrong_code_is_an_error_and_a_licence_check_must_be_ones_own(world: World) -> None:
    beta = world.admit("beta")
    status, answer, _ = world.call("POST", DOOR, beta, {"uscc": "911101", "enrol": False})
    assert (status, answer["error"]["code"]) == (400, "invalid_uscc")
    status, answer, _ = world.call("POST", DOOR, beta, {"uscc": uscc(1), "enrol": False, "licence_check_id": "k_9"})
    assert (status, answer["error"]["details"]) == (404, {"licence_check_id": "k_9"})
