"""Releases are made live by aliases, remembered in the bucket, and taken back."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.aws import DeployError
from infra.emulation.behaviour import Behaviour, Replacement, patched
from infra.moto_cloud import aws_patches
from infra.release import releases
from infra.release.chalice_client import ALIAS
from infra.release.readiness import ask, check_version
from infra.release.releases import Clients, Place, Release
from tests.infra.test_deploy import make_function


class Answering:
    """Functions that answer each GET as told: statuses by version and path; 404 for what is not told."""

    def __init__(self, statuses: dict[tuple[str, str], int]) -> None:
        self.statuses = statuses
        self.asked: list[tuple[str, str]] = []

    def as_moto_method(self, _original: Any) -> Any:
        return lambda function, event=None: self.invoke(function, event)

    def invoke(self, function: Any, event: Any) -> tuple[str, bool, str]:
        request = json.loads(event) if isinstance(event, str | bytes) else event
        version, path = str(function.version), request["path"]
        self.asked.append((version, path))
        status = self.statuses.get((version, path), 404)
        return json.dumps({"statusCode": status, "body": f"{status} of {path}"}), False, ""


@pytest.fixture
def answering() -> Iterator[Answering]:
    from moto.awslambda.models import LambdaFunction

    answers = Answering({})
    replacement = Replacement(LambdaFunction, "_invoke_lambda", answers.as_moto_method)
    numbered = [each for each in aws_patches(Behaviour(busy_answers=0)) if each.method == "publish_version"]
    with mock_aws(), patched([replacement, *numbered]):
        yield answers


@pytest.fixture
def stage(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> tuple[Clients, Place]:
    """A stage with two functions on version 1, and a gateway."""
    assert answering
    monkeypatch.setenv("DEPLOY_PACE", "0")
    functions, gateway, s3 = boto3.client("lambda"), boto3.client("apigateway"), boto3.client("s3")
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    arns = {}
    for name in ("api_handler", "feeds_due"):
        make_function(name)
        functions.publish_version(FunctionName=name)
        functions.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1")
        arns[name] = functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"] + f":{ALIAS}"
    api = gateway.create_rest_api(name="lianfang")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="HTTP", integrationHttpMethod="GET", uri="http://a")
    gateway.create_deployment(restApiId=api, stageName="dev")
    return Clients(functions, gateway, s3), Place("dev", "files", arns, api, "dev")


def change(clients: Clients, place: Place) -> None:
    """Something new in each function, and new routes."""
    for name in place.functions:
        memory = clients.functions.get_function_configuration(FunctionName=name)["MemorySize"] + 1
        clients.functions.update_function_configuration(FunctionName=name, MemorySize=memory)
    clients.gateway.create_deployment(restApiId=place.rest_api, stageName=place.api_stage)


def release(clients: Clients, place: Place, commit: str) -> Release:
    made = releases.publish(clients, place, "2026-11-27T00:00:00+00:00", commit)
    releases.go_live(clients, place, made)
    releases.remember(clients, place, made)
    return made


def test_a_release_is_live_once_its_version_is_ready(stage: tuple[Clients, Place], answering: Answering) -> None:
    clients, place = stage
    answering.statuses = {("2", "/ready"): 200}
    change(clients, place)
    assert releases.current(clients, place) == {"api_handler": "1", "feeds_due": "1"}
    made = release(clients, place, "abc")
    assert releases.current(clients, place) == {"api_handler": "2", "feeds_due": "2"} == made.versions
    assert answering.asked == [("2", "/ready")]
    assert releases.read(clients.s3, place) == [made]


def test_a_version_that_is_not_ready_moves_nothing(stage: tuple[Clients, Place], answering: Answering) -> None:
    clients, place = stage
    answering.statuses = {("2", "/ready"): 503, ("1", "/ready"): 200}
    change(clients, place)
    made = releases.publish(clients, place, "2026-11-27T00:00:00+00:00", "abc")
    with pytest.raises(DeployError, match=r"version 2.*last: 503"):
        check_version(clients.functions, "api_handler", made.versions["api_handler"], seconds=0)
    assert releases.current(clients, place) == {"api_handler": "1", "feeds_due": "1"}


@pytest.mark.parametrize("absent", [404, 405])
def test_a_version_that_is_older_than_the_question_is_asked_for_its_health(
    stage: tuple[Clients, Place], answering: Answering, absent: int
) -> None:
    clients, _ = stage
    answering.statuses = {("1", "/ready"): absent, ("1", "/health"): 200}
    check_version(clients.functions, "api_handler", "1", seconds=0)
    answering.statuses = {("1", "/ready"): absent, ("1", "/health"): 500}
    with pytest.raises(DeployError, match="last: 500"):
        check_version(clients.functions, "api_handler", "1", seconds=0)
    assert ask(clients.functions, "api_handler", "1", "/other") == (404, "404 of /other")


def test_a_release_is_taken_back_with_its_routes(stage: tuple[Clients, Place], answering: Answering) -> None:
    clients, place = stage
    answering.statuses = {(str(version), "/ready"): 200 for version in range(1, 9)}
    first = release(clients, place, "first")
    change(clients, place)
    second = release(clients, place, "second")
    assert second.gateway != first.gateway
    assert releases.served(clients, place) == second.gateway
    assert releases.roll_back(clients, place) == first
    assert releases.current(clients, place) == first.versions
    assert releases.served(clients, place) == first.gateway
    with pytest.raises(DeployError, match="no earlier release"):
        releases.roll_back(clients, place)


@pytest.mark.parametrize("failure", [DeployError("its alias is busy"), KeyboardInterrupt()])
def test_a_release_that_breaks_off_among_its_aliases_leaves_none_of_them_moved(
    stage: tuple[Clients, Place], answering: Answering, failure: BaseException
) -> None:
    clients, place = stage
    answering.statuses = {("2", "/ready"): 200}
    change(clients, place)
    made = releases.publish(clients, place, "2026-11-27T00:00:00+00:00", "abc")
    moved = list[str]()

    def break_off(params: Any, **_: Any) -> None:
        moved.append(params["url_path"])
        if len(moved) == 2:
            raise failure

    clients.functions.meta.events.register("before-call.lambda.UpdateAlias", break_off)
    with pytest.raises(type(failure)), releases.moved_back_on_failure(clients, place):
        releases.go_live(clients, place, made)
    assert len(moved) == 4, "one was moved, the second broke off, and both were set back"
    assert releases.current(clients, place) == {"api_handler": "1", "feeds_due": "1"}


def test_old_versions_go_and_those_of_kept_releases_stay(stage: tuple[Clients, Place], answering: Answering) -> None:
    clients, place = stage
    answering.statuses = {(str(version), "/ready"): 200 for version in range(1, 40)}
    for number in range(releases.KEPT + 3):
        change(clients, place)
        release(clients, place, f"c{number}")
    kept = releases.read(clients.s3, place)
    assert [each.commit for each in kept] == [f"c{number}" for number in range(3, releases.KEPT + 3)]
    versions = clients.functions.list_versions_by_function(FunctionName="api_handler")["Versions"]
    assert {each["Version"] for each in versions} == {"$LATEST", *(each.versions["api_handler"] for each in kept)}
