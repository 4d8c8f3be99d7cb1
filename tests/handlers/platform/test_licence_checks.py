"""The doors of licence checks: what they take, and what an answer without a key can do."""

import json
import re
from typing import Any

import pytest

from chalicelib import wiring
from tests.support import licence_issuing
from tests.support.builders import uscc
from tests.support.licence_issuing import LICENCE
from tests.world import World

WANTED = {"uscc": LICENCE.uscc, "purpose": "onboarding"}


@pytest.fixture
def alpha(world: World) -> str:
    licence_issuing.publish_trust()
    return world.admit("alpha")


def opened(world: World, key: str, **more: Any) -> dict[str, Any]:
    status, made, _ = world.call("POST", "/v1/licence-checks", key, {**WANTED, **more})
    assert status == 201, made
    return dict(made)


def respond(world: World, made: dict[str, Any], body: Any) -> tuple[int, Any]:
    path = f"/v1/licence-checks/{made['check_id']}/response"
    return world.call("POST", path, "", body, Content_Type="application/json")[:2]


def test_a_challenge_can_be_scanned_and_clicked(world: World, alpha: str) -> None:
    made = opened(world, alpha)
    assert made["qr"]["text"] == made["deep_link"]
    assert made["qr"]["svg"].startswith("<svg")
    assert "<script" not in made["qr"]["svg"]
    says = licence_issuing.challenge(made)
    assert says["nonce"] == made["nonce"]
    assert says["audience"] == "lianfang-test/alpha"
    assert says["answer_to"].endswith(f"/v1/licence-checks/{made['check_id']}/response")
    assert re.fullmatch(r"k_[0-9a-f]{32}", made["check_id"])


def test_the_qr_code_holds_the_text(world: World, alpha: str) -> None:
    import segno

    made = opened(world, alpha)
    drawn = segno.make(made["qr"]["text"], error="m", micro=False)
    assert made["qr"]["svg"] == drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff")
    assert int(drawn.version) <= 20, "a telephone reads it from a screen"


def test_a_challenge_stands_for_five_minutes(world: World, alpha: str) -> None:
    from datetime import datetime

    made = opened(world, alpha)
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts.total_seconds() == 300


def test_two_challenges_have_nothing_in_common(world: World, alpha: str) -> None:
    result, other = opened(world, alpha), opened(world, alpha)
    for field in ("check_id", "session", "nonce"):
        assert result[field] != other[field]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"uscc": "91"}, "invalid_uscc"),
        ({"uscc": "9" + uscc(1)[1:-1] + "I"}, "invalid_uscc"),
        ({"purpose": "curiosity"}, "invalid_request"),
        ({"purpose": "my_record"}, "invalid_request"),
        ({"method": "national"}, "verifier_off"),
        ({"method": "guess"}, "invalid_request"),
        ({"resident_id": "11010519491231002X"}, "unknown_field"),
    ],
)
def test_what_cannot_be_asked(world: World, alpha: str, wanted: dict[str, str], code: str) -> None:
    status, body, _ = world.call("POST", "/v1/licence-checks", alpha, {**WANTED, **wanted})
    assert (status, body["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"not json", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b"[]", 400, "invalid_request"),
        (b"{}", 400, "invalid_request"),
        (b'{"presentation": 7}', 400, "invalid_request"),
        (b'{"presentation": ""}', 400, "invalid_request"),
        (b'{"presentation": "a.b.c", "key": "x"}', 400, "unknown_field"),
        (json.dumps({"presentation": "x" * 32_900}).encode(), 400, "invalid_request"),
        (b"x" * 40_000, 413, "too_large"),
    ],
)
def test_what_is_no_answer_leaves_the_check_open(world: World, alpha: str, body: bytes, status: int, code: str) -> None:
    made = opened(world, alpha)
    answered = respond(world, made, body)
    assert (answered[0], answered[1]["error"]["code"]) == (status, code)
    assert respond(world, made, {"presentation": licence_issuing.present_licence(made)}) == (
        200,
        {"check_id": made["check_id"], "state": "verified"},
    )


def test_what_is_signed_by_nobody_ends_the_check_after_ten_times(world: World, alpha: str) -> None:
    made = opened(world, alpha)
    for state in ["pending"] * 10 + ["failed"]:
        status, answered = respond(world, made, {"presentation": "a.b.c"})
        assert (status, answered["state"], answered["reason"]["code"]) == (200, state, "presentation_malformed")
    assert respond(world, made, {"presentation": licence_issuing.present_licence(made)})[0] == 409


def test_an_answer_to_nothing(world: World, alpha: str) -> None:
    made = opened(world, alpha)
    nothing = {**made, "check_id": "k_" + "0" * 32}
    status, body = respond(world, nothing, {"presentation": licence_issuing.present_licence(made)})
    assert (status, body["error"]["code"]) == (404, "not_found")


def test_the_wallet_hears_nothing_of_the_merchant(world: World, alpha: str) -> None:
    made = opened(world, alpha, name="苏州樾野商贸有限公司")
    status, answered = respond(world, made, {"presentation": licence_issuing.present_licence(made)})
    assert (status, answered["reason"]["code"]) == (200, "other_name")
    assert LICENCE.uscc not in json.dumps(answered)


def test_an_answer_for_another_platform_is_for_nobody_else(world: World, alpha: str) -> None:
    mine, theirs = opened(world, alpha), opened(world, world.admit("beta"))
    crossed = {**theirs, "deep_link": mine["deep_link"]}
    answered = respond(world, theirs, {"presentation": licence_issuing.present_licence(crossed)})[1]
    assert answered["reason"]["code"] == "wrong_audience"


def test_an_answer_to_another_check_of_the_same_platform(world: World, alpha: str) -> None:
    result, other = opened(world, alpha), opened(world, alpha)
    answered = respond(world, other, {"presentation": licence_issuing.present_licence(result)})[1]
    assert answered["reason"]["code"] == "wrong_nonce"


def test_a_regulator_sees_the_outcome(world: World, alpha: str) -> None:
    made = opened(world, alpha)
    respond(world, made, {"presentation": licence_issuing.present_licence(made)})
    bureau = world.admit("bureau", "regulator")
    seen = world.call("GET", f"/v1/licence-checks/{made['check_id']}", bureau)[1]
    assert (seen["state"], seen["licence"]["legal_representative"]) == ("verified", LICENCE.legal_representative)
    assert "verified_for" not in seen["licence"]


def test_the_address_for_the_wallet_has_the_stage_of_the_gateway() -> None:
    from types import SimpleNamespace

    from chalicelib.handlers.addresses import address

    def ask(**context: str) -> Any:
        return SimpleNamespace(raw=SimpleNamespace(context=context), header=lambda _: "127.0.0.1:8000")

    gateway = {"domainName": "abc.execute-api.cn-north-1.amazonaws.com.cn", "path": "/dev/v1/licence-checks"}
    assert address(ask(**gateway)) == "https://abc.execute-api.cn-north-1.amazonaws.com.cn/dev"
    own = {"domainName": "api.example.cn", "path": "/v1/licence-checks"}
    assert address(ask(**own)) == "https://api.example.cn"
    assert address(ask(path="/v1/licence-checks")) == "http://127.0.0.1:8000"


def test_nothing_that_the_wallet_showed_stays(world: World, alpha: str) -> None:
    made = opened(world, alpha)
    text = licence_issuing.present_licence(made)
    respond(world, made, {"presentation": text})
    stored = world.everything_stored()
    assert text not in stored
    assert text.split(".")[2] not in stored
    assert wiring.exchange().get(f"licence#{LICENCE.uscc}") is not None
