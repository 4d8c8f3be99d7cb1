"""The emulated Lambda: mappings that are changing, roles that are not visible yet, aliases, quotas."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.aws import NOT_YET
from infra.emulation.behaviour import Behaviour, patched
from infra.moto_cloud import aws_patches

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}'
CODE = {"ZipFile": b"PK\x05\x06" + b"\0" * 18}


@pytest.fixture
def account() -> Iterator[Behaviour]:
    behaviour = Behaviour(busy_answers=1)
    with mock_aws(), patched(aws_patches(behaviour)):
        yield behaviour


def refusal(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        call()
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def make_role(name: str = "worker") -> str:
    iam = boto3.client("iam")
    arn = str(iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"])
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=POLICY)
    return arn


def make_function(name: str = "worker", **more: Any) -> str:
    wanted = {"Runtime": "python3.13", "Handler": "app.x", "Code": CODE, **more}
    wanted.setdefault("Role", make_role(name))
    try:
        return str(boto3.client("lambda").create_function(FunctionName=name, **wanted)["FunctionArn"])
    except ClientError as error:
        if "cannot be assumed" not in str(error):
            raise
        return str(boto3.client("lambda").create_function(FunctionName=name, **wanted)["FunctionArn"])


def make_queue(name: str = "one") -> str:
    url = boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    return str(
        boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    )


def map_queue(function: str, queue: str) -> str:
    functions = boto3.client("lambda")
    refusal(lambda: functions.create_event_source_mapping(FunctionName=function, EventSourceArn=queue))
    return str(functions.create_event_source_mapping(FunctionName=function, EventSourceArn=queue)["UUID"])


def test_a_destination_is_refused_until_the_policy_of_a_new_role_is_visible(account: Behaviour) -> None:
    make_function()
    functions = boto3.client("lambda")
    failed = {"OnFailure": {"Destination": make_queue("dead")}}
    put = partial(functions.put_function_event_invoke_config, FunctionName="worker", DestinationConfig=failed)
    code, message = refusal(put)
    assert code == "InvalidParameterValueException"
    assert NOT_YET.search(message), "the deploy waits for it"
    assert put()["DestinationConfig"]["OnFailure"] == failed["OnFailure"]


def state(uuid: str) -> str:
    return str(boto3.client("lambda").get_event_source_mapping(UUID=uuid)["State"])


@pytest.mark.usefixtures("account")
def test_a_new_role_is_refused_at_its_first_use_and_its_policy_too() -> None:
    functions, role, queue = boto3.client("lambda"), make_role(), make_queue()
    wanted = {"FunctionName": "worker", "Role": role, "Runtime": "python3.13", "Handler": "app.x", "Code": CODE}
    code, text = refusal(lambda: functions.create_function(**wanted))
    assert (code, text) == (
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    )
    functions.create_function(**wanted)
    code, text = refusal(
        lambda: functions.create_event_source_mapping(FunctionName="worker", EventSourceArn=queue, BatchSize=1)
    )
    assert code == "InvalidParameterValueException"
    assert "does not have permissions to call ReceiveMessage" in text
    functions.create_event_source_mapping(FunctionName="worker", EventSourceArn=queue, BatchSize=1)
    # A change of a policy that is there does not hide it.
    boto3.client("iam").put_role_policy(RoleName="worker", PolicyName="worker", PolicyDocument=POLICY)
    functions.create_event_source_mapping(FunctionName="worker", EventSourceArn=make_queue("two"), BatchSize=1)


@pytest.mark.usefixtures("account")
def test_a_mapping_passes_through_its_states_and_refuses_changes_meanwhile() -> None:
    functions = boto3.client("lambda")
    uuid = map_queue(make_function(), make_queue())
    # The answer of its creation counts.
    assert state(uuid) == "Enabled"
    assert functions.update_event_source_mapping(UUID=uuid, BatchSize=5)["State"] == "Updating"
    assert state(uuid) == "Enabled"
    functions.update_event_source_mapping(UUID=uuid, BatchSize=6)
    assert functions.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    assert functions.list_event_source_mappings()["EventSourceMappings"] == []


def test_a_mapping_that_is_changing_is_in_use(account: Behaviour) -> None:
    functions = boto3.client("lambda")
    uuid = map_queue(make_function(), make_queue())
    account.busy_answers = 3
    functions.update_event_source_mapping(UUID=uuid, BatchSize=5)
    code, text = refusal(lambda: functions.delete_event_source_mapping(UUID=uuid))
    assert (code, text) == (
        "ResourceInUseException",
        "Cannot delete the event source mapping because it is in use.",
    )
    assert refusal(lambda: functions.update_event_source_mapping(UUID=uuid, BatchSize=6))[0] == "ResourceInUseException"
    functions.delete_event_source_mapping(UUID=uuid)
    assert state(uuid) == "Deleting"


@pytest.mark.usefixtures("account")
def test_the_same_mapping_twice_is_a_conflict_that_names_the_first() -> None:
    functions, queue = boto3.client("lambda"), make_queue()
    uuid = map_queue(make_function(), queue)
    code, text = refusal(lambda: functions.create_event_source_mapping(FunctionName="worker", EventSourceArn=queue))
    assert code == "ResourceConflictException"
    assert uuid in text


@pytest.mark.usefixtures("account")
def test_a_mapping_of_an_alias_keeps_the_alias() -> None:
    functions, queue = boto3.client("lambda"), make_queue()
    arn = make_function()
    functions.publish_version(FunctionName="worker")
    functions.create_alias(FunctionName="worker", Name="live", FunctionVersion="1")
    uuid = map_queue(f"{arn}:live", queue)
    assert functions.get_event_source_mapping(UUID=uuid)["FunctionArn"] == f"{arn}:live"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(("memory", "taken"), [(3_008, True), (3_009, False)])
def test_a_new_account_gives_functions_little_memory(memory: int, taken: bool) -> None:
    if taken:
        make_function(MemorySize=memory)
    else:
        assert "less than or equal to 3008" in refusal(lambda: make_function(MemorySize=memory))[1]


@pytest.mark.usefixtures("account")
def test_a_table_is_not_there_until_it_is_active() -> None:
    tables = boto3.client("dynamodb")
    key = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
    attributes = [{"AttributeName": "id", "AttributeType": "S"}]
    made = tables.create_table(
        TableName="one", AttributeDefinitions=attributes, BillingMode="PAY_PER_REQUEST", **key
    )  # its answer is the one that shows CREATING
    assert made["TableDescription"]["TableStatus"] == "CREATING"
    tables.put_item(TableName="one", Item={"id": {"S": "1"}})
    tables.update_continuous_backups(
        TableName="one", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    restored = tables.restore_table_to_point_in_time(
        SourceTableName="one", TargetTableName="two", UseLatestRestorableTime=True
    )
    assert restored["TableDescription"]["TableStatus"] == "CREATING"
