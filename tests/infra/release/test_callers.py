"""Which AWS accounts may call an API that asks for signatures, and what the public may still read."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest
from moto import mock_aws

import app
from chalicelib.accounts import admit_platform
from chalicelib.handlers.routing import DECLARED
from chalicelib.storage.exchange_table import ExchangeTable
from infra.aws import DeployError
from infra.deploy import admitted_accounts
from infra.emulation.authorisation import Signer, allows, refusal, verify
from infra.release.callers import IAM, MOST_BYTES, admit, as_text, clear, resource_policy

OWN, OTHER, STRANGER = "111111111111", "222222222222", "333333333333"
SIGNED = {(route.method, route.path) for route in DECLARED if route.is_signed}
# Everything that is served, the console too.
PUBLIC = [
    (method, path) for path, methods in app.app.routes.items() for method in methods if (method, path) not in SIGNED
]
URL = "https://abcde12345.execute-api.cn-north-1.amazonaws.com.cn/prod/v1/platforms/me"


def test_no_account_but_those_admitted_gets_in_and_everybody_reads_what_is_public() -> None:
    policy = as_text(resource_policy(PUBLIC, "prod", [OWN, OTHER]))
    assert allows(policy, OTHER, OWN, "prod/POST/v1/lookups")
    assert allows(policy, OWN, OWN, "prod/POST/v1/lookups")
    assert not allows(policy, STRANGER, OWN, "prod/POST/v1/lookups")
    assert not allows(policy, "", OWN, "prod/POST/v1/lookups")
    for account in ("", STRANGER, OTHER):
        assert allows(policy, account, OWN, "prod/GET/licences/L-1/mark.svg")
        assert not allows(policy, "", OWN, "dev/GET/licences/L-1")


def test_no_place_of_the_public_covers_a_route_of_participants() -> None:
    [_, public] = resource_policy(PUBLIC, "prod", [OWN])["Statement"]
    for method, path in PUBLIC:
        assert any(fnmatchcase(f"execute-api:/prod/{method}{path}", pattern) for pattern in public["Resource"])
    guarded = [f"execute-api:/prod/{method}{path}" for method, path in SIGNED]
    covered = {place for place in guarded for pattern in public["Resource"] if fnmatchcase(place, pattern)}
    assert covered == set()


def test_a_policy_that_would_be_too_long_is_refused_before_anything_is_sent() -> None:
    many = [f"{number:012}" for number in range(350)]
    assert len(as_text(resource_policy(PUBLIC, "prod", many))) < MOST_BYTES
    with pytest.raises(DeployError, match="900 AWS accounts"):
        resource_policy(PUBLIC, "prod", [f"{number:012}" for number in range(900)])


@pytest.fixture
def gateway() -> Iterator[tuple[Any, str]]:
    """An API with a route of each kind, and its id."""
    with mock_aws():
        client = boto3.client("apigateway")
        api = client.create_rest_api(name="lianfang")["id"]
        root = client.get_resources(restApiId=api)["items"][0]["id"]
        for path, kind in (("pages", "NONE"), ("lookups", IAM)):
            resource = client.create_resource(restApiId=api, parentId=root, pathPart=path)["id"]
            method = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
            client.put_method(**method, authorizationType=kind)
            client.put_integration(**method, type="HTTP", integrationHttpMethod="GET", uri="http://a")
        client.create_deployment(restApiId=api, stageName="prod")
        yield client, api


def test_accounts_are_let_in_at_once_and_the_policy_can_be_taken_off(gateway: tuple[Any, str]) -> None:
    client, api = gateway
    before = client.get_stage(restApiId=api, stageName="prod")["deploymentId"]
    assert admit(client, api, "prod", [OWN, OTHER])
    assert client.get_stage(restApiId=api, stageName="prod")["deploymentId"] != before
    policy = client.get_rest_api(restApiId=api)["policy"]
    assert allows(policy, OTHER, OWN, "prod/GET/lookups")
    assert not allows(policy, "", OWN, "prod/GET/lookups")
    assert allows(policy, "", OWN, "prod/GET/pages")
    clear(client, api)
    assert not client.get_rest_api(restApiId=api).get("policy")
    clear(client, api)


def test_an_api_that_asks_for_no_signatures_gets_no_policy(gateway: tuple[Any, str]) -> None:
    client, api = gateway
    [lookups] = [each for each in client.get_resources(restApiId=api)["items"] if each["path"] == "/lookups"]
    method = {"restApiId": api, "resourceId": lookups["id"], "httpMethod": "GET"}
    client.delete_method(**method)
    client.put_method(**method, authorizationType="NONE")
    assert not admit(client, api, "prod", [OWN])
    assert not client.get_rest_api(restApiId=api).get("policy")


class NoTopics:
    """Topics that nobody opens."""

    def open_platform(self, platform_id: str, aws_account: str) -> dict[str, str]:
        """None."""
        return {}


def test_the_accounts_are_the_own_one_and_those_that_participants_named() -> None:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="exchange",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        assert admitted_accounts("exchange", OWN) == [OWN]
        for name, account in (("alpha", OTHER), ("beta", ""), ("gamma", OTHER), ("delta", STRANGER)):
            new = admit_platform.NewPlatform(name, name, aws_account=account)
            admit_platform.admit(ExchangeTable(client, "exchange"), NoTopics(), new, datetime.now(UTC))
        assert admitted_accounts("exchange", OWN) == [OWN, OTHER, STRANGER]


def test_a_signature_is_good_for_its_request_alone() -> None:
    headers = {"Host": "a", "X-Lianfang-Key": "lf_1", "Content-Type": "application/json"}
    signed = Signer(OTHER).sign("POST", URL, headers, b"{}", "cn-north-1")
    assert verify("POST", URL, signed, b"{}") == (OTHER, "")
    for method, url, sent, body in (
        ("GET", URL, signed, b"{}"),
        ("POST", URL + "x", signed, b"{}"),
        ("POST", URL, {**signed, "X-Lianfang-Key": "lf_2"}, b"{}"),
        ("POST", URL, signed, b"{ }"),
        ("POST", URL, {**signed, "Authorization": re.sub("2{12}", STRANGER, signed["Authorization"])}, b"{}"),
    ):
        assert verify(method, url, sent, body) == ("", "INVALID_SIGNATURE")
    for other in ("", "Bearer lf_1", signed["Authorization"].replace("execute-api", "s3")):
        assert verify("POST", URL, {**signed, "Authorization": other}, b"{}") == ("", "MISSING_AUTHENTICATION_TOKEN")


def test_a_refusal_is_the_gateways_own_until_the_api_has_another(gateway: tuple[Any, str]) -> None:
    client, api = gateway
    assert refusal(client, api, "MISSING_AUTHENTICATION_TOKEN") == (403, b'{"message": "Missing Authentication Token"}')
