"""The AWS account of a participant is named anew: it may subscribe, the one before no longer."""

import json

import pytest

from chalicelib import wiring
from tests.world import World

FIRST, SECOND = "210987654321", "321098765432"


def admitted(world: World) -> dict[str, list[str]]:
    """Which accounts the statements of alpha let subscribe, by the name of the topic."""
    topics = {"closures": wiring.settings().closures_topic_arn, "own": wiring.topics().platform_arn("alpha")}
    accounts = {}
    for name, arn in topics.items():
        policy = json.loads(world.sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
        accounts[name] = [
            statement["Principal"]["AWS"].split(":")[4]
            for statement in policy["Statement"]
            if statement["Sid"] == "subscribe-alpha"
        ]
    return accounts


@pytest.mark.parametrize("before", [FIRST, ""])
def test_the_account_that_is_named_may_subscribe_and_the_one_before_no_longer(world: World, before: str) -> None:
    ops = world.admit("ops", role="operator")
    new = {"id": "alpha", "name": "甲平台", **({"aws_account": before} if before else {})}
    alpha = world.call("POST", "/v1/platforms", ops, new)[1]["key"]
    path = "/v1/platforms/alpha/aws-account"
    for _ in range(2):
        status, answer, _ = world.call("PUT", path, ops, {"aws_account": SECOND})
        assert (status, answer["aws_account"], answer["platform_id"]) == (200, SECOND, "alpha")
        assert admitted(world) == {"closures": [SECOND], "own": [SECOND]}
    assert world.call("GET", "/v1/platforms/me", alpha)[1]["aws_account"] == SECOND
    assert "aws_account" not in world.call("PUT", path, ops, {"aws_account": ""})[1]
    assert admitted(world) == {"closures": [], "own": []}


def test_only_operators_name_accounts_of_those_that_there_are(world: World) -> None:
    ops, alpha = world.admit("ops", role="operator"), world.admit("alpha")
    path = "/v1/platforms/alpha/aws-account"
    assert world.call("PUT", path, alpha, {"aws_account": SECOND})[0] == 403
    assert world.call("PUT", "/v1/platforms/nobody/aws-account", ops, {"aws_account": SECOND})[0] == 404
    for wrong in ("12345678901", "arn:aws-cn:iam::210987654321:root", None, "2109876543210"):
        assert world.call("PUT", path, ops, {"aws_account": wrong})[0] == 400
    assert world.call("PUT", "/v1/platforms/ops/aws-account", ops, {"aws_account": SECOND})[1]["aws_account"] == SECOND
