"""Admission and keys, as an operator works with them."""

from chalicelib import wiring
from tests.conftest import ENVIRONMENT
from tests.world import World


def test_a_platform_is_admitted_and_its_key_works_and_is_stored_nowhere(world: World) -> None:
    operator = world.admit("ops", "operator")
    wanted = {"id": "alpha", "name": "甲平台", "aws_account": "210987654321"}
    status, made, _ = world.call("POST", "/v1/platforms", operator, wanted)
    assert status == 201
    assert made["key"].startswith("lf_")
    status, me, _ = world.call("GET", "/v1/platforms/me", made["key"])
    assert (status, me["platform_id"], me["name"], me["role"]) == (200, "alpha", "甲平台", "platform")
    assert me["topics"]["own"].endswith("lianfang-platform-test-alpha")
    stored = world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
    assert made["key"].rsplit("_", 1)[1] not in str(stored)


def test_an_operator_sees_who_was_admitted_and_no_key(world: World) -> None:
    operator = world.admit("ops", "operator")
    world.admit("beta")
    world.admit("alpha")
    everyone = world.call("GET", "/v1/platforms", operator)[1]["platforms"]
    assert [(entry["platform_id"], entry["role"]) for entry in everyone] == [
        ("alpha", "platform"),
        ("beta", "platform"),
        ("ops", "operator"),
    ]
    assert all("keys" not in entry for entry in everyone)


def test_an_id_is_given_once(world: World) -> None:
    operator = world.admit("ops", "operator")
    assert world.call("POST", "/v1/platforms", operator, {"id": "alpha", "name": "甲"})[0] == 201
    status, body, _ = world.call("POST", "/v1/platforms", operator, {"id": "alpha", "name": "乙"})
    assert (status, body["error"]["code"]) == (409, "platform_exists")
    assert wiring.exchange().get("platform#alpha")["name"] == "甲"


def test_a_conflict_opens_no_topic_to_whoever_asked(world: World) -> None:
    operator = world.admit("ops", "operator")
    world.admit("alpha")
    arn = wiring.topics().platform_arn("alpha")
    wanted = {"id": "alpha", "name": "乙", "aws_account": "999988887777"}
    assert world.call("POST", "/v1/platforms", operator, wanted)[0] == 409
    policy = world.sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]
    assert "999988887777" not in policy


def test_an_admission_that_died_half_way_is_finished_by_the_same_call(world: World) -> None:
    operator = world.admit("ops", "operator")
    wanted = {"id": "alpha", "name": "甲"}
    left = {"id": "platform#alpha", "platform_id": "alpha", "name": "甲", "role": "platform", "aws_account": ""}
    wiring.exchange().put({**left, "created_at": "2026-01-01T00:00:00.000Z"})
    status, made, _ = world.call("POST", "/v1/platforms", operator, wanted)
    assert status == 201
    me = world.call("GET", "/v1/platforms/me", made["key"])[1]
    assert me["topics"]["own"].endswith("alpha")
    assert world.call("POST", "/v1/platforms", operator, wanted)[0] == 409


def test_a_bad_id_or_an_unknown_field_is_refused_by_name(world: World) -> None:
    operator = world.admit("ops", "operator")
    status, body, _ = world.call("POST", "/v1/platforms", operator, {"id": "Alpha!", "name": "甲"})
    assert (status, body["error"]["code"]) == (400, "invalid_request")
    assert body["error"]["details"]["problems"][0]["field"] == "id"
    status, body, _ = world.call("POST", "/v1/platforms", operator, {"id": "a1", "name": "甲", "colour": "red"})
    assert (status, body["error"]["code"]) == (400, "unknown_field")


def test_a_key_rotates_with_a_grace_and_is_revoked_at_once(world: World) -> None:
    operator = world.admit("ops", "operator")
    first = world.admit("alpha")
    first_id = first.split("_")[1]
    status, second, _ = world.call(
        "POST", "/v1/platforms/alpha/keys", operator, {"replaces": first_id, "grace_seconds": 3600}
    )
    assert status == 201
    assert world.call("GET", "/v1/platforms/me", first)[0] == 200
    assert world.call("GET", "/v1/platforms/me", second["key"])[0] == 200
    status, revoked, _ = world.call("DELETE", f"/v1/platforms/alpha/keys/{first_id}", operator)
    assert status == 200
    assert revoked["revoked_from"] <= wiring.now().isoformat()
    assert world.call("GET", "/v1/platforms/me", first)[0] == 401
    keys = world.call("GET", "/v1/platforms/me", second["key"])[1]["keys"]
    assert {key["key_id"]: "revoked_from" in key for key in keys} == {first_id: True, second["key_id"]: False}


def test_only_a_platforms_own_keys_are_its_keys(world: World) -> None:
    operator = world.admit("ops", "operator")
    key = world.admit("alpha")
    world.admit("beta")
    status, body, _ = world.call("DELETE", f"/v1/platforms/beta/keys/{key.split('_')[1]}", operator)
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert world.call("POST", "/v1/platforms/nobody/keys", operator, {})[0] == 404
    assert world.call("GET", "/v1/platforms/me", key)[0] == 200
