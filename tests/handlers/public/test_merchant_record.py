"""A merchant shows its licence, sees its own record, and takes a signed statement of it to a platform."""

import json
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from chalicelib import wiring
from chalicelib.merchant_record import merchant_sessions
from chalicelib.values.timestamps import iso
from tests.support.builders import listed, uscc
from tests.support.licence_issuing import LICENCE, NAME, present_licence, publish_trust
from tests.support.local_server import LocalServer, QuietHandler
from tests.support.onboarding import save
from tests.world import World

V1 = "/v1/my-record"


def begin(world: World, code: str = LICENCE.uscc) -> dict[str, Any]:
    """Start a check; what is put before the holder."""
    status, made, _ = world.call("POST", f"{V1}/checks", "", {"uscc": code})
    assert status == 201, made
    return dict(made)


def show(world: World, made: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The holder's wallet answers."""
    path = f"/v1/licence-checks/{made['check_id']}/response"
    status, answer, _ = world.call("POST", path, "", {"presentation": present_licence(made, **fields)})
    assert status == 200, answer
    return dict(answer)


def enter(world: World, **fields: Any) -> str:
    """The whole way in; the session's token."""
    publish_trust()
    made = begin(world)
    assert show(world, made, **fields)["state"] == "verified"
    status, answer, _ = world.call("POST", f"{V1}/sessions", "", {"claim": made["claim"]})
    assert status == 201, answer
    return str(answer["token"])


def evict(world: World, **more: Any) -> None:
    eviction = {"uscc": LICENCE.uscc, "name": NAME, "evicted_on": "2026-01-02", "reason_text": "售假", **more}
    world.call("POST", "/v1/reports", world.admit("alpha"), {"evictions": [eviction]})
    world.settle()


def test_whoever_shows_the_licence_sees_its_own_record_and_nothing_else(world: World) -> None:
    evict(world, evidence_level="E4", shop_id="S-778899", reason_text="售假，内部备注778899")
    save(listed(identity={"uscc": uscc(5), "name": "武汉朔序医疗器械有限公司"}))
    token = enter(world)
    status, record, headers = world.call("GET", V1, token)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert (record["uscc"], record["session"]["holder_role"]) == (LICENCE.uscc, "法定代表人")
    (result,) = record["listings"]
    assert result["listed_at"] == {"kind": "platform", "name": "alpha"}
    assert result["reasons"][0]["zh"]
    assert record["standing"]["platform_listings"] == 1
    assert "778899" not in str(record)
    assert "朔序" not in str(record)
    assert {source["name"]: source["status"] for source in record["sources"]}["registration"] == "missing"


def test_until_the_licence_is_shown_there_is_no_session(world: World) -> None:
    publish_trust()
    made = begin(world)
    assert "<svg" in made["qr"]["svg"]
    status, answer, _ = world.call("POST", f"{V1}/sessions", "", {"claim": made["claim"]})
    assert (status, answer["state"]) == (202, "pending")
    assert show(world, made)["state"] == "verified"
    tokens = {world.call("POST", f"{V1}/sessions", "", {"claim": made["claim"]})[1]["token"] for _ in range(3)}
    assert len(tokens) == 1, "asked again it is the same session"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"holder_role": "办事人"}, "wrong_holder_role"),
        ({"uscc": uscc(5)}, "other_uscc"),
        ({"status": "吊销"}, "not_operating"),
    ],
)
def test_a_licence_that_does_not_verify_opens_nothing(world: World, fields: dict[str, Any], reason: str) -> None:
    publish_trust()
    made = begin(world)
    assert show(world, made, **fields)["state"] == "failed"
    status, answer, _ = world.call("POST", f"{V1}/sessions", "", {"claim": made["claim"]})
    assert (status, answer["error"]["code"]) == (409, "record_not_proved")
    assert answer["error"]["details"] == {"state": "failed", "reason": reason}


def test_only_the_claim_of_whoever_started_opens_the_session(world: World) -> None:
    publish_trust()
    made = begin(world)
    show(world, made)
    wrong = made["claim"][:-1] + ("A" if made["claim"][-1] != "A" else "B")
    for claim in (wrong, made["check_id"], made["check_id"] + "." + "A" * 43, "k_" + "0" * 32 + "." + "A" * 43):
        assert world.call("POST", f"{V1}/sessions", "", {"claim": claim})[0] == 401


def test_a_check_that_a_platform_started_is_no_way_in(world: World) -> None:
    publish_trust()
    beta = world.admit("beta")
    _, made, _ = world.call("POST", "/v1/licence-checks", beta, {"uscc": LICENCE.uscc, "purpose": "onboarding"})
    show(world, made)
    claim = made["check_id"] + "." + "A" * 43
    assert world.call("POST", f"{V1}/sessions", "", {"claim": claim})[0] == 401
    body = {"uscc": LICENCE.uscc, "purpose": "my_record"}
    assert world.call("POST", "/v1/licence-checks", beta, body)[0] == 400


def test_looking_at_ones_own_record_makes_nobody_a_holder_of_the_licence(world: World) -> None:
    enter(world)
    record = wiring.exchange().get(f"licence#{LICENCE.uscc}")
    assert record is not None
    assert (record["state"], record["verified_for"]) == ("verified", {})


def test_a_session_is_over_after_a_quarter_of_an_hour_and_when_it_is_ended(world: World) -> None:
    token = enter(world)
    ident = token.split("_")[1]
    with pytest.raises(Exception, match="session_over"):
        merchant_sessions.identify(wiring.exchange(), token, wiring.now() + timedelta(minutes=15, seconds=1))
    assert world.call("GET", V1, token)[0] == 200
    assert world.call("DELETE", f"{V1}/sessions", token)[0] == 200
    status, answer, _ = world.call("GET", V1, token)
    assert (status, answer["error"]["code"]) == (401, "session_over")
    claims = [item for item in world.everything_stored().split("'id': ") if f"claim#k_{ident}" in item]
    assert claims
    assert token.split("_")[2] not in world.everything_stored(), "only digests are kept"


def test_a_claim_opens_nothing_once_its_session_was_ended(world: World) -> None:
    publish_trust()
    made = begin(world)
    show(world, made)
    token = world.call("POST", f"{V1}/sessions", "", {"claim": made["claim"]})[1]["token"]
    world.call("DELETE", f"{V1}/sessions", token)
    status, answer, _ = world.call("POST", f"{V1}/sessions", "", {"claim": made["claim"]})
    assert (status, answer["error"]["code"]) == (401, "session_over")


def test_one_address_cannot_start_checks_without_end(world: World) -> None:
    publish_trust()
    for _ in range(merchant_sessions.MOST_STARTS):
        begin(world)
    status, answer, _ = world.call("POST", f"{V1}/checks", "", {"uscc": LICENCE.uscc})
    assert (status, answer["error"]["code"]) == (429, "too_many_requests")
    assert "127.0.0.1" not in world.everything_stored()


def test_a_wrong_code_is_refused_before_anything_is_scanned(world: World) -> None:
    status, answer, _ = world.call("POST", f"{V1}/checks", "", {"uscc": "911101"})
    assert (status, answer["error"]["code"]) == (400, "invalid_uscc")


def test_a_statement_is_checked_offline_and_here_and_tells_when_it_is_true_no_more(world: World) -> None:
    token = enter(world)
    status, made, _ = world.call("POST", f"{V1}/statement", token, {})
    assert status == 201
    _, keys, headers = world.call("GET", "/.well-known/jwks.json")
    assert headers["Cache-Control"] == "public, max-age=300"
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(made["statement"])["kid"]]
    result = jwt.decode(made["statement"], key, algorithms=["EdDSA"])
    assert result == made["claims"]
    assert (result["uscc"], result["name"], result["standing"]["platform_listings"]) == (LICENCE.uscc, NAME, 0)
    assert result["licence"]["receipt_id"].startswith("r_")
    assert {source["name"] for source in result["sources"]} >= {
        "platform_evictions",
        "serious_violations",
        "registration",
    }

    beta = world.admit("beta")
    status, checked, _ = world.call("POST", "/v1/statements/check", beta, {"statement": made["statement"]})
    assert (status, checked["genuine"], checked["in_time"], checked["still_true"]) == (200, True, True, True)
    evict(world, evidence_level="E4")
    (task,) = world.call("GET", "/v1/tasks", beta)[1]["tasks"]
    assert task["subject"]["uscc"] == LICENCE.uscc, "whoever relied on the statement is told"
    _, checked, _ = world.call("POST", "/v1/statements/check", beta, {"statement": made["statement"]})
    assert (checked["genuine"], checked["still_true"]) == (True, False)
    assert set(checked["changed"]) == {"verdict", "platform_listings", "reasons"}
    assert checked["now"]["standing"]["verdict"] == "block"

    forged = made["statement"][:-9] + "AAAAAAAAA"
    _, checked, _ = world.call("POST", "/v1/statements/check", beta, {"statement": forged})
    assert (checked["genuine"], checked["problem"]["code"]) == (False, "statement_bad_signature")
    assert "said" not in checked


def test_the_key_may_be_rotated_while_statements_are_about(world: World, clients: dict[str, Any]) -> None:
    from chalicelib.merchant_record.adapters.signing_keys import SigningKeys

    name, secrets = wiring.settings().statement_key_secret, clients["secretsmanager"]
    now, made = wiring.now(), world.call("POST", f"{V1}/statement", enter(world), {})[1]["statement"]
    keys = SigningKeys(secrets, name)
    before = keys.ring(now).jwks()["keys"]
    secrets.put_secret_value(SecretId=name, SecretString="fedcba9876543210" * 4)
    assert keys.ring(now).jwks()["keys"] == before, "read again within five minutes"
    later = keys.ring(now + timedelta(minutes=5))
    assert [key["kid"] for key in later.jwks()["keys"]][1:] == [before[0]["kid"]]
    assert later.check(made, now).problem == ""
    assert keys.ring(now + timedelta(minutes=5)) is later


def test_two_who_enter_at_once_share_one_session(world: World) -> None:
    publish_trust()
    made = begin(world)
    show(world, made)
    result: list[str] = []
    now = wiring.now()
    threads = [
        threading.Thread(
            target=lambda: result.append(merchant_sessions.open_session(wiring.exchange(), made["claim"], now)[0])
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(result) == 4
    assert len(set(result)) == 1
    assert iso(now) < merchant_sessions.identify(wiring.exchange(), result[0], now).ends_at


def test_a_merchant_disputes_its_listing_and_a_regulator_decides(world: World) -> None:
    bureau, beta = world.admit("bureau", "regulator"), world.admit("beta")
    evict(world, evidence_level="E4")
    token = enter(world)
    listing = world.call("GET", V1, token)[1]["listings"][0]["listing_id"]
    body = {"listing_id": listing, "statement": "检验报告证明为正品", "contact": "shen@example.cn"}
    status, made, _ = world.call("POST", f"{V1}/disputes", token, body)
    assert (status, made["state"], made["listing_id"]) == (201, "open", listing)
    assert world.call("POST", f"{V1}/disputes", token, body)[1] == made, "sent again it is the same dispute"
    (result,) = world.call("GET", V1, token)[1]["listings"]
    assert (result["effect"]["verdict"], result["can_dispute"]) == ("review", False)
    assert [each["dispute_id"] for each in result["disputes"]] == [made["dispute_id"]]
    status, answer, _ = world.call("POST", f"{V1}/disputes", token, {**body, "statement": "另一份"})
    assert (status, answer["error"]["code"]) == (409, "dispute_is_open")
    assert "shen@example.cn" not in world.everything_stored()

    status, seen, _ = world.call("GET", f"/v1/disputes/{made['dispute_id']}", bureau)
    assert (status, seen["origin"], seen["statement"]) == (200, "merchant", "检验报告证明为正品")
    assert world.call("GET", f"/v1/disputes/{made['dispute_id']}", beta)[0] == 404
    decision = {"decision": "void", "statement": "证据不足"}
    assert world.call("POST", f"/v1/disputes/{made['dispute_id']}/decision", bureau, decision)[0] == 200
    record = world.call("GET", V1, token)[1]
    assert (record["listings"][0]["state"], record["standing"]["platform_listings"]) == ("voided", 0)
    assert record["listings"][0]["disputes"][0]["outcome"] == "voided"
    assert "证据不足" not in str(record), "what was said in the dispute is carried by whoever decides"


def test_nobody_disputes_what_is_anothers_or_an_offices(world: World) -> None:
    token = enter(world)
    other = listed(identity={"uscc": uscc(5), "name": "武汉朔序医疗器械有限公司"})
    official = listed(
        identity={"uscc": LICENCE.uscc, "name": NAME}, source="government:gsxt", reasons=["GX04"], severity=1
    )
    save(other, official)
    for listing, status, code in (
        (other.listing.listing_id, 404, "not_found"),
        ("l_uscc-x_0000000000000000", 404, "not_found"),
        ("nonsense", 404, "not_found"),
        (official.listing.listing_id, 409, "not_disputable"),
    ):
        answer = world.call("POST", f"{V1}/disputes", token, {"listing_id": listing, "statement": "不属实"})
        assert (answer[0], answer[1]["error"]["code"]) == (status, code)


def test_the_example_of_the_documentation_checks_a_statement_offline(world: World) -> None:
    token = enter(world)
    made = world.call("POST", f"{V1}/statement", token, {})[1]
    keys = json.dumps(world.call("GET", "/.well-known/jwks.json")[1]).encode()

    class Exchange(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
            self.send_response(200 if self.path == "/.well-known/jwks.json" else 404)
            self.end_headers()
            self.wfile.write(keys)

    text = (Path(__file__).parents[3] / "docs" / "onboarding.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    with LocalServer(Exchange) as server:
        names: dict[str, Any] = {}
        exec(example.replace("https://exchange.example", server.origin), names)
        with pytest.raises(jwt.InvalidIssuerError):
            names["standing"](made["statement"], LICENCE.uscc)
        names["EXCHANGE"] = made["claims"]["iss"]
        assert names["standing"](made["statement"], LICENCE.uscc)["licence"] == "current"
        with pytest.raises(jwt.InvalidTokenError, match="another merchant"):
            names["standing"](made["statement"], uscc(5))
