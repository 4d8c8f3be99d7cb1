"""Chalice's client as the deploy uses it, against Lambda as it behaves."""

import io
import zipfile
from collections.abc import Iterator, Mapping

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.emulation.behaviour import Behaviour, patched
from infra.moto_cloud import aws_patches
from infra.release.chalice_client import ALIAS, DeployClient, bare
from infra.release.chalice_deploy import content_hash, uploader
from tests.infra.emulation.test_functions import make_queue, make_role

ACCOUNT = "arn:aws-cn:lambda:cn-north-1:123456789012:function"


def package(text: str) -> bytes:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as made:
        made.writestr(zipfile.ZipInfo("app.py", (2026, 1, 1, 0, 0, 0)), text)
    return code.getvalue()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeployClient]:
    monkeypatch.setenv("DEPLOY_PACE", "0")
    with mock_aws(), patched(aws_patches(Behaviour())):
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
        yield DeployClient(botocore.session.Session(), uploader(s3, "files"))


def create(client: DeployClient, name: str = "lianfang-dev", text: str = "first") -> str:
    return client.create_function(
        function_name=name,
        role_arn=make_role(name),
        zip_contents=package(text),
        runtime="python3.11",
        handler="app.app",
    )


def live_version(name: str = "lianfang-dev") -> str:
    return str(boto3.client("lambda").get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"])


def test_a_function_is_made_with_an_alias_and_the_one_runtime(client: DeployClient) -> None:
    assert create(client) == f"{ACCOUNT}:lianfang-dev:live"
    assert live_version() == "1"
    configuration = boto3.client("lambda").get_function_configuration(FunctionName="lianfang-dev")
    assert configuration["Runtime"] == "python3.13"


def test_an_update_leaves_what_is_live(client: DeployClient) -> None:
    create(client)
    functions = boto3.client("lambda")
    before = functions.get_function_configuration(FunctionName="lianfang-dev:live")["CodeSha256"]
    changed = client.update_function(function_name="lianfang-dev", zip_contents=package("second"), memory_size=512)
    assert changed["FunctionArn"] == f"{ACCOUNT}:lianfang-dev:live"
    assert functions.get_function_configuration(FunctionName="lianfang-dev:live")["CodeSha256"] == before
    assert functions.get_function_configuration(FunctionName="lianfang-dev")["CodeSha256"] != before


def test_a_function_of_before_aliases_gets_one_on_its_old_code(client: DeployClient) -> None:
    create(client)
    functions = boto3.client("lambda")
    functions.delete_alias(FunctionName="lianfang-dev", Name=ALIAS)
    before = functions.get_function_configuration(FunctionName="lianfang-dev")["CodeSha256"]
    client.update_function(function_name="lianfang-dev", zip_contents=package("second"))
    assert functions.get_function_configuration(FunctionName="lianfang-dev:live")["CodeSha256"] == before


def test_a_package_is_sent_once(client: DeployClient) -> None:
    for name in ("lianfang-dev", "lianfang-dev-feeds_due"):
        create(client, name)
    versions = boto3.client("s3").list_objects_v2(Bucket="files")["Contents"]
    assert [each["Key"] for each in versions] == [f"deployed/packages/{content_hash(package('first'))}.zip"]


def test_a_package_is_the_same_whenever_it_was_made() -> None:
    later = io.BytesIO()
    with zipfile.ZipFile(later, "w") as made:
        made.writestr(zipfile.ZipInfo("app.py", (2026, 2, 2, 0, 0, 0)), "first")
    assert content_hash(later.getvalue()) == content_hash(package("first")) != content_hash(package("second"))


def source(client: DeployClient, queue: str, alias: str) -> Mapping[str, object]:
    wanted = {"event_source_arn": queue, "function_name": alias, "batch_size": 1}
    uuid = client.create_lambda_event_source(**wanted)
    return boto3.client("lambda").get_event_source_mapping(UUID=uuid)


def test_a_mapping_that_a_deploy_left_is_taken_over(client: DeployClient) -> None:
    alias, queue = create(client), make_queue()
    first = source(client, queue, alias)
    again = source(client, queue, alias)
    assert again["UUID"] == first["UUID"]
    assert again["FunctionArn"] == alias


def test_a_mapping_that_is_being_deleted_is_waited_for(client: DeployClient) -> None:
    alias, queue = create(client), make_queue()
    first = source(client, queue, alias)["UUID"]
    client.remove_lambda_event_source(str(first))
    client.remove_lambda_event_source(str(first))  # it is going already
    again = source(client, queue, alias)
    assert again["UUID"] != first
    client.remove_lambda_event_source("00000000-0000-0000-0000-000000000000")  # never was


def test_a_mapping_is_current_whichever_alias_it_calls(client: DeployClient) -> None:
    alias, queue = create(client), make_queue()
    uuid = str(source(client, queue, alias)["UUID"])
    name = queue.rpartition(":")[2]
    assert client.verify_event_source_current(uuid, name, "sqs", bare(alias))
    assert client.verify_event_source_arn_current(uuid, queue, alias)
    assert not client.verify_event_source_current(uuid, "another", "sqs", alias)
    assert not client.verify_event_source_current(uuid, name, "sqs", f"{ACCOUNT}:other:live")
    client.remove_lambda_event_source(uuid)
    assert not client.verify_event_source_arn_current(uuid, queue, alias)


def test_a_refusal_that_will_not_pass_is_raised(client: DeployClient) -> None:
    with pytest.raises(ClientError, match=r"ResourceNotFound|Function not found"):
        source(client, make_queue(), "lianfang-nobody")


def test_the_gateway_may_call_the_alias_and_a_function_goes_with_its_alias(client: DeployClient) -> None:
    create(client)
    client.add_permission_for_apigateway("lianfang-dev", "cn-north-1", "123456789012", "abc")
    policy = client.get_function_policy("lianfang-dev:live")
    assert "abc" in str(policy["Statement"][0]["Condition"])
    client.delete_function(f"{ACCOUNT}:lianfang-dev:live")
    assert boto3.client("lambda").list_functions()["Functions"] == []
