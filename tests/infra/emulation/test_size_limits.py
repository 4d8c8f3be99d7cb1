"""What is over a limit of AWS is refused with AWS's text, and what the deploy sends is far from each."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

import app
from infra.emulation import size_limits
from infra.emulation.apis import GATEWAY_REPLACEMENTS
from infra.emulation.behaviour import patched
from infra.emulation.size_limits import SIZE_REPLACEMENTS, count_resources
from tests.infra.test_deploy import make_function

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def describe_api(resources: int) -> None:
    paths = {f"/x/{number}": {} for number in range(resources - 2)}
    document = {"swagger": "2.0", "info": {"version": "1.0", "title": "x"}, "paths": paths}
    boto3.client("apigateway").import_rest_api(body=json.dumps(document).encode())


def add_policies(characters: int) -> None:
    iam = boto3.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)
    for name in "ab":
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        statement["Resource"] += "x" * (characters // 2 - len(json.dumps(policy, separators=(",", ":"))))
        iam.put_role_policy(RoleName="worker", PolicyName=name, PolicyDocument=json.dumps(policy))


def set_environment(size: int) -> None:
    make_function("feeds_due")
    variables = {"NAME": "x" * (size - 4)}
    boto3.client("lambda").update_function_configuration(FunctionName="feeds_due", Environment={"Variables": variables})


def upload_package(size: int) -> None:
    make_function("feeds_due")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package, package.open("zeros", "w") as entry:
        for _ in range(size // 1_000_000):
            entry.write(bytes(1_000_000))
    boto3.client("lambda").update_function_code(FunctionName="feeds_due", ZipFile=file.getvalue())


def connect_queue(visibility: int) -> None:
    make_function("feeds_due")
    boto3.client("lambda").update_function_configuration(FunctionName="feeds_due", Timeout=300)
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": str(visibility)})["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    boto3.client("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName="feeds_due")


def send_template(size: int) -> None:
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}, "Description": ""}
    template["Description"] = "x" * (size - len(json.dumps(template)))
    boto3.client("cloudformation").create_stack(StackName="x", TemplateBody=json.dumps(template))


@pytest.mark.parametrize(
    ("send", "most", "over", "code", "text"),
    [
        (describe_api, 300, 301, "LimitExceededException", "Maximum number of Resources"),
        (add_policies, 10_240, 10_242, "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role worker"),
        (set_environment, 4_096, 4_097, "InvalidParameterValueException", "exceeded the 4KB limit"),
        (upload_package, 262_000_000, 263_000_000, "InvalidParameterValueException", "Unzipped size must be smaller"),
        (connect_queue, 300, 299, "InvalidParameterValueException", "299 seconds is less than Function timeout: 300"),
        (send_template, 51_200, 51_201, "ValidationError", "length less than or equal to 51200"),
    ],
)
def test_what_is_over_a_limit_is_refused(
    send: Callable[[int], Any], most: int, over: int, code: str, text: str
) -> None:
    with mock_aws(), patched([*GATEWAY_REPLACEMENTS, *SIZE_REPLACEMENTS]):
        send(most)
    with mock_aws(), patched([*GATEWAY_REPLACEMENTS, *SIZE_REPLACEMENTS]), pytest.raises(ClientError) as refused:
        send(over)
    assert refused.value.response["Error"]["Code"] == code
    assert text in refused.value.response["Error"]["Message"]


def test_each_part_of_a_path_is_a_resource_once() -> None:
    assert count_resources(["/"]) == 1
    assert count_resources(["/v1/tasks", "/v1/tasks/{task_id}", "/v1/tasks/answers"]) == 5


def test_the_api_has_room_for_more_routes() -> None:
    assert count_resources(app.app.routes) <= size_limits.RESOURCES_OF_AN_API - 60
