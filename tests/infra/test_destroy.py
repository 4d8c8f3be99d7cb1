"""A stage is taken down with everything that it has made, and nothing of another stage."""

import io
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from infra.aws import DeployError
from infra.destroy import Stage, destroy
from infra.emulation.behaviour import Behaviour, patched
from infra.moto_cloud import aws_patches
from infra.stack import put_stack, template_body
from tests.infra.emulation.test_functions import make_function, make_queue, map_queue
from tests.infra.project import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    monkeypatch.setenv("DEPLOY_PACE", "0")
    behaviour = Behaviour()
    with mock_aws(), patched(aws_patches(behaviour)):
        yield behaviour


def deploy_parts(stage: str) -> None:
    """What a deploy makes beside the stack."""
    for name in (f"lianfang-{stage}", f"lianfang-{stage}-feeds_due"):
        make_function(name)
    map_queue(f"lianfang-{stage}-feeds_due", make_queue(f"of-{stage}"))
    events = boto3.client("events")
    events.put_rule(Name=f"lianfang-{stage}-feeds_due-event", ScheduleExpression="rate(5 minutes)")
    events.put_targets(Rule=f"lianfang-{stage}-feeds_due-event", Targets=[{"Id": "1", "Arn": "arn:aws-cn:x"}])
    boto3.client("sns").create_topic(Name=f"lianfang-platform-{stage}-alpha")
    gateway = boto3.client("apigateway")
    api = gateway.create_rest_api(name="lianfang")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="HTTP", integrationHttpMethod="GET", uri="http://a")
    gateway.create_deployment(restApiId=api, stageName=stage)


def left(stage: str) -> list[str]:
    """Whatever is named after the stage."""
    names = [
        *(each["FunctionName"] for each in boto3.client("lambda").list_functions()["Functions"]),
        *(each["FunctionArn"] for each in boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]),
        *(each["Name"] for each in boto3.client("events").list_rules()["Rules"]),
        *(each["RoleName"] for each in boto3.client("iam").list_roles()["Roles"]),
        *(each["TopicArn"] for each in boto3.client("sns").list_topics()["Topics"]),
        *boto3.client("dynamodb").list_tables()["TableNames"],
        *(each["Name"] for each in boto3.client("s3").list_buckets()["Buckets"]),
        *(each["Name"] for each in boto3.client("secretsmanager").list_secrets()["SecretList"]),
        *(each["StackName"] for each in boto3.client("cloudformation").describe_stacks()["Stacks"]),
        *(
            stage["stageName"]
            for api in boto3.client("apigateway").get_rest_apis()["items"]
            for stage in boto3.client("apigateway").get_stages(restApiId=api["id"])["item"]
        ),
    ]
    return sorted(name for name in names if stage in name)


@pytest.mark.long
@pytest.mark.usefixtures("account")
def test_dev_goes_with_its_data_and_what_resembles_it_stays() -> None:
    for stage in ("dev", "dev2"):
        put_stack(boto3.client("cloudformation"), ROOT, stage, {})
        deploy_parts(stage)
        boto3.client("s3").upload_fileobj(io.BytesIO(b"x"), f"lianfang-files-{stage}-123456789012", "reports/x")
    kept = left("dev2")
    assert len(kept) > 15
    for _ in range(2):
        destroy(Stage("dev", boto3.client))
    assert left("dev") == kept
    put_stack(boto3.client("cloudformation"), ROOT, "dev", {})
    logs_as = boto3.client("apigateway").get_account()["cloudwatchRoleArn"].rpartition("/")[2]
    assert logs_as.startswith("lianfang-dev-")
    destroy(Stage("dev", boto3.client))
    assert left("dev") == sorted([*kept, logs_as]), "the other stage's gateway writes its log by it"
    policies = boto3.client("iam").list_attached_role_policies(RoleName=logs_as)["AttachedPolicies"]
    assert [each["PolicyName"] for each in policies] == ["AmazonAPIGatewayPushToCloudWatchLogs"]


def test_prod_that_lives_is_not_taken_down(account: Behaviour) -> None:
    assert account
    put_stack(boto3.client("cloudformation"), ROOT, "prod", {})
    with pytest.raises(DeployError, match=r"CREATE_COMPLETE.*docs/deploying\.md"):
        destroy(Stage("prod", boto3.client))
    assert len(boto3.client("dynamodb").list_tables()["TableNames"]) == 3


@pytest.mark.long
def test_a_first_creation_that_failed_is_cleaned_and_made_again(account: Behaviour) -> None:
    cloudformation = boto3.client("cloudformation")
    account.failing["AlarmsTopic"] = "Invalid parameter: Email address"
    with pytest.raises(DeployError, match=r"ROLLBACK_COMPLETE:\n  AlarmsTopic: Invalid parameter"):
        put_stack(cloudformation, ROOT, "prod", {})
    account.failing.clear()
    put_stack(cloudformation, ROOT, "prod", {})


@pytest.mark.long
def test_a_creation_that_was_protected_when_it_failed_is_cleaned_by_one_command(account: Behaviour) -> None:
    """As earlier deploys made it: protected from the beginning."""
    cloudformation = boto3.client("cloudformation")
    account.failing["AlarmsTopic"] = "no"
    cloudformation.create_stack(
        StackName="lianfang-prod",
        TemplateBody=template_body((ROOT / "infra/template.yaml").read_text(encoding="utf-8")),
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "prod"}],
        EnableTerminationProtection=True,
    )
    with pytest.raises(DeployError, match="make destroy STAGE=prod"):
        put_stack(cloudformation, ROOT, "prod", {})
    account.failing.clear()
    destroy(Stage("prod", boto3.client))
    assert left("prod") == []
    put_stack(cloudformation, ROOT, "prod", {})
