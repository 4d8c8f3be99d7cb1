"""The lookup API as a platform's engineer meets it, mistakes included."""

from typing import Any

import pytest

from tests.support.builders import uscc
from tests.world import World


def ask(world: World, body: Any, path: str = "/v1/lookups", **headers: str) -> tuple[int, Any]:
    status, answer, _ = world.call("POST", path, world.admit("beta"), body, **headers)
    return status, answer


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"uscc": uscc(1)}, "invalid_request", "purpose"),
        ({"uscc": uscc(1), "purpose": "curiosity"}, "invalid_request", "purpose"),
        ({"uscc": uscc(1), "purpose": "recheck", "colour": "red"}, "unknown_field", "colour"),
        ({"uscc": 91, "purpose": "recheck"}, "invalid_request", "uscc"),
        ({"purpose": "recheck"}, "nothing_to_look_up", ""),
        ({"name": "  ", "purpose": "recheck"}, "nothing_to_look_up", ""),
        ({"name": "樾" * 401, "purpose": "recheck"}, "invalid_request", "name"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_by_field(world: World, body: Any, code: str, field: str) -> None:
    status, answer = ask(world, body)
    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["message"]["zh"]
    assert answer["error"]["message"]["en"]
    assert answer["error"]["details"]["problems"][0]["field"] == field


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("uscc", "911101", "invalid_uscc"),
        ("uscc", "9.13302E+17", "damaged_uscc"),
        ("registration_no", "110105012345670", "invalid_registration_no"),
        ("resident_id", "110105194912310021", "invalid_resident_id"),
    ],
)
def test_a_wrong_identifier_is_an_error_because_it_would_find_nobody(
    world: World, field: str, value: str, code: str
) -> None:
    status, answer = ask(world, {field: value, "purpose": "onboarding"})
    assert (status, answer["error"]["code"]) == (400, code)
    if field == "resident_id":
        assert value not in str(answer)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b"[]", b'{"uscc": NaN, "purpose": "recheck"}'])
def test_what_is_no_json_object_says_so(world: World, body: bytes) -> None:
    status, answer = ask(world, body, Content_Type="application/json")
    assert status == 400
    assert answer["error"]["code"] in ("malformed_json", "invalid_request")


def test_the_wrong_content_type_and_the_wrong_method_speak_our_language(world: World) -> None:
    status, answer = ask(world, b"a=1", Content_Type="application/x-www-form-urlencoded")
    assert (status, answer["error"]["code"]) == (415, "unsupported_type")
    assert answer["error"]["details"] == {
        "sent": "application/x-www-form-urlencoded",
        "expected": ["application/json"],
    }
    status, answer, headers = world.call("DELETE", "/v1/lookups", world.admit("gamma"))
    assert (status, answer["error"]["code"]) == (405, "method_not_allowed")
    assert headers["X-Request-Id"]


def test_a_code_typed_with_look_alikes_is_repaired_and_never_blocks(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    eviction = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
    world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    typed = uscc(1).replace("0", "O", 2)
    status, answer, _ = world.call("POST", "/v1/lookups", beta, {"uscc": typed, "purpose": "onboarding"})
    assert (status, answer["verdict"]) == (200, "review")
    reason = answer["matches"][0]["reasons"][0]
    assert (reason["relation"], reason["query"], reason["candidate"]) == ("repaired_uscc", typed, uscc(1))


def test_a_batch_is_answered_in_order_and_at_most_a_hundred(world: World) -> None:
    applicants = [{"uscc": uscc(number)} for number in range(3)]
    status, answer = ask(world, {"purpose": "recheck", "applicants": applicants}, "/v1/lookups/batch")
    assert status == 200
    assert [lookup["verdict"] for lookup in answer["lookups"]] == ["clear"] * 3
    assert len({lookup["lookup_id"] for lookup in answer["lookups"]}) == 3
    status, body, _ = world.call(
        "POST", "/v1/lookups/batch", world.admit("delta"), {"purpose": "recheck", "applicants": applicants * 34}
    )
    assert (status, body["error"]["details"]["problems"][0]["field"]) == (400, "applicants")


@pytest.mark.parametrize("role", ["platform", "regulator"])
def test_a_batch_of_which_nothing_fits_is_answered_again_and_again(world: World, role: str) -> None:
    key = world.admit("gamma", role)
    body = {"purpose": "recheck", "applicants": [{"uscc": "  "}, {}]}
    for _ in range(2):
        status, answer, _headers = world.call("POST", "/v1/lookups/batch", key, body)
        assert (status, [each["error"]["code"] for each in answer["lookups"]]) == (200, ["nothing_to_look_up"] * 2)


def test_a_merchant_by_its_code_in_any_spelling(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    eviction = {"uscc": uscc(1), "name": "苏州樾野商贸有限公司", "evicted_on": "2026/1/2", "reason_text": "售假"}
    world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    for spelling in (uscc(1), uscc(1).lower(), "%20" + uscc(1)):
        status, answer, _ = world.call("GET", f"/v1/merchants/{spelling}", beta)
        assert (status, answer["subject"]["uscc"], answer["verdict"]) == (200, uscc(1), "review")
    status, body, _ = world.call("GET", "/v1/merchants/911", beta)
    assert (status, body["error"]["code"]) == (400, "invalid_uscc")
