"""Tables of an earlier moment, as DynamoDB makes them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.emulation.backups import Backups
from infra.emulation.behaviour import patched


@pytest.fixture
def tables() -> Iterator[Any]:
    with mock_aws(), patched(Backups().replacements()):
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="one",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/own"},
            Tags=[{"Key": "application", "Value": "lianfang"}],
            DeletionProtectionEnabled=True,
        )
        yield client


def put(tables: Any, item_id: str, value: str) -> None:
    tables.put_item(TableName="one", Item={"id": {"S": item_id}, "value": {"S": value}})


def items(tables: Any, name: str) -> dict[str, str]:
    return {item["id"]["S"]: item["value"]["S"] for item in tables.scan(TableName=name)["Items"]}


def restored(tables: Any, moment: datetime) -> None:
    tables.restore_table_to_point_in_time(SourceTableName="one", TargetTableName="two", RestoreDateTime=moment)


def refusal(call: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def test_a_restored_table_holds_the_items_of_the_moment_and_lacks_what_aws_leaves_out(tables: Any) -> None:
    put(tables, "changed", "then")
    put(tables, "deleted", "then")
    put(tables, "gone before", "then")
    tables.delete_item(TableName="one", Key={"id": {"S": "gone before"}})
    backups = {"PointInTimeRecoveryEnabled": True}
    assert refusal(lambda: restored(tables, datetime.now(UTC))) == "PointInTimeRecoveryUnavailableException"
    tables.update_continuous_backups(TableName="one", PointInTimeRecoverySpecification=backups)
    time.sleep(1.1)
    moment = datetime.now(UTC)
    time.sleep(1.1)
    tables.update_item(
        TableName="one",
        Key={"id": {"S": "changed"}},
        UpdateExpression="SET #value = :new",
        ExpressionAttributeNames={"#value": "value"},
        ExpressionAttributeValues={":new": {"S": "later"}},
    )
    tables.delete_item(TableName="one", Key={"id": {"S": "deleted"}})
    put(tables, "new", "later")
    for wrong in (moment + timedelta(days=1), moment - timedelta(days=1)):
        assert refusal(lambda wrong=wrong: restored(tables, wrong)) == "InvalidRestoreTimeException"
    restored(tables, moment)
    assert items(tables, "two") == {"changed": "then", "deleted": "then"}
    assert items(tables, "one") == {"changed": "later", "new": "later"}
    table = tables.describe_table(TableName="two")["Table"]
    assert table["SSEDescription"]["SSEType"] == "KMS"
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert "LatestStreamArn" not in table
    assert not table["DeletionProtectionEnabled"]
    assert tables.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == []
    state = tables.describe_continuous_backups(TableName="two")["ContinuousBackupsDescription"]
    assert state["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    assert tables.describe_time_to_live(TableName="two")["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    put(tables, "changed", "even later")
    assert items(tables, "two")["changed"] == "then", "the two are tables of their own"
