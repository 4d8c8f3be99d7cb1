"""Creates in the cloud the resources of `infra/template.yaml`, and no others.

moto's CloudFormation makes the tables, the bucket, queues, topics and the key. What it leaves out and the exchange
needs (the secret, time to live, versioning, the bucket's notification) is made from the same template through boto3.
Policies, alarms and log groups mean nothing here and are left out.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from chalicelib.values.records import Json
from local import StartError
from local.aws.cloud import Cloud

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
STAGE = "local"
_MADE_BY_MOTO = {
    "AWS::KMS::Key",
    "AWS::KMS::Alias",
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short forms (`!Ref`, `!Sub`) turned into the long ones."""


def _long_form(loader: Any, suffix: str, node: Any) -> Json:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


def make(cloud: Cloud) -> dict[str, str]:
    """Make everything; returns the environment that the functions get, as a deploy would set it."""
    template: Json = yaml.load(TEMPLATE.read_text("utf-8"), _Loader)
    wanted = template["Resources"]
    template["Resources"] = {
        name: {key: value for key, value in resource.items() if key != "DependsOn"}
        for name, resource in wanted.items()
        if resource["Type"] in _MADE_BY_MOTO
    }
    stack = f"lianfang-{STAGE}"
    formation = cloud.client("cloudformation")
    formation.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": STAGE}],
    )
    made = formation.describe_stacks(StackName=stack)["Stacks"][0]
    if made["StackStatus"] != "CREATE_COMPLETE":
        raise StartError(f"infra/template.yaml cannot be made here: {made.get('StackStatusReason', made)}")
    ids = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in formation.describe_stack_resources(StackName=stack)["StackResources"]
    }
    for name, resource in wanted.items():
        _complete(cloud, resource["Type"], resource.get("Properties", {}), ids.get(name, ""))
    outputs = {_env_name(output["OutputKey"]): output["OutputValue"] for output in made["Outputs"]}
    return {**outputs, "STAGE": STAGE}


def _env_name(output: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", output).upper()


def _complete(cloud: Cloud, kind: str, properties: Json, physical: str) -> None:
    """Configure the settings of a resource that moto's CloudFormation leaves out."""
    if kind == "AWS::SecretsManager::Secret":
        client = cloud.client("secretsmanager")
        value = client.get_random_password(**_supported_by_moto(properties["GenerateSecretString"]))
        client.create_secret(Name=_sub(properties["Name"]), SecretString=value["RandomPassword"])
    elif kind == "AWS::DynamoDB::Table" and (lifetime := properties.get("TimeToLiveSpecification")):
        cloud.client("dynamodb").update_time_to_live(TableName=physical, TimeToLiveSpecification=lifetime)
    elif kind == "AWS::S3::Bucket" and "VersioningConfiguration" in properties:
        cloud.client("s3").put_bucket_versioning(
            Bucket=physical, VersioningConfiguration=properties["VersioningConfiguration"]
        )


def _supported_by_moto(asked: Json) -> Json:
    allowed = (
        "PasswordLength",
        "ExcludeCharacters",
        "ExcludeNumbers",
        "ExcludePunctuation",
        "ExcludeUppercase",
        "ExcludeLowercase",
        "IncludeSpace",
        "RequireEachIncludedType",
    )
    return {name: asked[name] for name in allowed if name in asked}


def _sub(value: Any) -> str:
    text = value["Fn::Sub"] if isinstance(value, dict) else value
    return str(text).replace("${Stage}", STAGE)


def notify_queues(cloud: Cloud) -> None:
    """Connect the bucket's notifications to its queues, the last step, when all else is in place."""
    template: Json = yaml.load(TEMPLATE.read_text("utf-8"), _Loader)
    formation = cloud.client("cloudformation")
    for name, resource in template["Resources"].items():
        wanted = resource.get("Properties", {}).get("NotificationConfiguration")
        if resource["Type"] != "AWS::S3::Bucket" or not wanted:
            continue
        configurations = [
            {
                "QueueArn": _queue_arn(cloud, formation, configuration["Queue"]["Fn::GetAtt"][0]),
                "Events": [configuration["Event"]],
                "Filter": {
                    "Key": {
                        "FilterRules": [
                            {"Name": rule["Name"].lower(), "Value": rule["Value"]}
                            for rule in configuration.get("Filter", {}).get("S3Key", {}).get("Rules", [])
                        ]
                    }
                },
            }
            for configuration in wanted["QueueConfigurations"]
        ]
        bucket = _physical(formation, name)
        cloud.client("s3").put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": configurations}
        )


def _physical(formation: Any, logical: str) -> str:
    description = formation.describe_stack_resource(StackName=f"lianfang-{STAGE}", LogicalResourceId=logical)
    return str(description["StackResourceDetail"]["PhysicalResourceId"])


def _queue_arn(cloud: Cloud, formation: Any, logical: str) -> str:
    answer = cloud.client("sqs").get_queue_attributes(
        QueueUrl=_physical(formation, logical), AttributeNames=["QueueArn"]
    )
    return str(answer["Attributes"]["QueueArn"])
