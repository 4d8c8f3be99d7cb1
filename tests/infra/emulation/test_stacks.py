"""The emulated CloudFormation: what takes time, what is rolled back, what cannot be."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.emulation.behaviour import Behaviour, patched
from infra.emulation.stacks import stack_replacements


@pytest.fixture
def account() -> Iterator[Behaviour]:
    behaviour = Behaviour(busy_answers=1)
    with mock_aws(), patched(stack_replacements(behaviour)):
        yield behaviour


def template(*queues: str, protected: bool | None = None, **parameters: str) -> str:
    resources: dict[str, Any] = {name: {"Type": "AWS::SQS::Queue"} for name in queues}
    if protected is not None:
        resources["Table"] = {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "RetainExceptOnCreate",
            "Properties": {
                "TableName": "one",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "DeletionProtectionEnabled": protected,
            },
        }
    return json.dumps({"Parameters": {name: {"Type": "String"} for name in parameters}, "Resources": resources})


def status(times: int = 1) -> str:
    for _ in range(times):
        stacks = boto3.client("cloudformation").describe_stacks(StackName="one")["Stacks"]
    return str(stacks[0]["StackStatus"])


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as raised:
        call()
    return str(raised.value.response["Error"]["Message"])


@pytest.mark.usefixtures("account")
def test_a_creation_and_an_update_and_a_deletion_take_time() -> None:
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="one", TemplateBody=template("A"))
    assert [status(), status(), status()] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_COMPLETE"]
    cloudformation.update_stack(StackName="one", TemplateBody=template("A", "B"))
    assert [status(), status()] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    cloudformation.delete_stack(StackName="one")
    assert status() == "DELETE_IN_PROGRESS"
    assert "does not exist" in refusal(status)


@pytest.mark.parametrize(("protected", "ends"), [(False, "ROLLBACK_COMPLETE"), (True, "ROLLBACK_FAILED")])
def test_a_failed_creation_is_rolled_back_unless_a_table_is_protected(
    account: Behaviour, protected: bool, ends: str
) -> None:
    cloudformation = boto3.client("cloudformation")
    account.failing["A"] = "the mail address is wrong"
    cloudformation.create_stack(StackName="one", TemplateBody=template("A", protected=protected))
    assert [status(), status()] == ["ROLLBACK_IN_PROGRESS", ends]
    events = cloudformation.describe_stack_events(StackName="one")["StackEvents"]
    bad = [each for each in events if "FAILED" in each["ResourceStatus"]]
    failed = {each["LogicalResourceId"]: each["ResourceStatusReason"] for each in bad}
    assert failed["A"] == "the mail address is wrong"
    assert ("Table" in failed) is protected
    assert boto3.client("dynamodb").list_tables()["TableNames"] == (["one"] if protected else [])
    assert f"is in {ends} state and can not be updated" in refusal(
        lambda: cloudformation.update_stack(StackName="one", TemplateBody=template("B"))
    )
    cloudformation.delete_stack(StackName="one")
    if protected:
        assert status(2) == "DELETE_FAILED"
    else:
        assert "does not exist" in refusal(lambda: status(2))


def test_a_failed_update_leaves_the_stack_as_it_was(account: Behaviour) -> None:
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="one", TemplateBody=template("A"))
    account.failing["B"] = "no"
    cloudformation.update_stack(StackName="one", TemplateBody=template("A", "B"))
    assert status(3) == "UPDATE_ROLLBACK_COMPLETE"
    assert "B" not in cloudformation.get_template(StackName="one")["TemplateBody"]["Resources"]
    account.failing.clear()
    cloudformation.update_stack(StackName="one", TemplateBody=template("A", "B"))
    assert status(2) == "UPDATE_COMPLETE"


@pytest.mark.usefixtures("account")
def test_unknown_parameters_are_refused_and_protected_stacks_are_not_deleted() -> None:
    cloudformation = boto3.client("cloudformation")
    more = [{"ParameterKey": "New", "ParameterValue": "1"}]
    cloudformation.create_stack(StackName="one", TemplateBody=template("A", New="1"), Parameters=more)
    assert refusal(
        lambda: cloudformation.update_stack(
            StackName="one",
            TemplateBody=template("A", "B"),
            Parameters=[{"ParameterKey": "New", "UsePreviousValue": True}],
        )
    ) == ("Parameters: [New] do not exist in the template")
    cloudformation.update_termination_protection(StackName="one", EnableTerminationProtection=True)
    assert "TerminationProtection is enabled" in refusal(lambda: cloudformation.delete_stack(StackName="one"))


@pytest.mark.usefixtures("account")
def test_what_is_retained_stays_when_a_complete_stack_is_deleted() -> None:
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="one", TemplateBody=template("A", protected=False))
    cloudformation.delete_stack(StackName="one")
    assert "does not exist" in refusal(lambda: status(2))
    assert boto3.client("dynamodb").list_tables()["TableNames"] == ["one"]
