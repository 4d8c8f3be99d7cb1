"""The judge of policies that the rehearsal trusts: what it lets through and what it stops."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.rehearsal.permissions import Place, allowed, needed, refused

PLACE = Place.of("arn:aws-cn:dynamodb:cn-north-1:123456789012:table/lianfang-subjects-dev/stream/2026-01-01T00:00:00")
SQS = "arn:aws-cn:sqs:cn-north-1:123456789012"
SNS = "arn:aws-cn:sns:cn-north-1:123456789012"
TABLE = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table"


@pytest.mark.parametrize(
    ("service", "operation", "params", "wanted"),
    [
        ("dynamodb", "PutItem", {"TableName": "t"}, [("dynamodb:PutItem", f"{TABLE}/t")]),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": ["t", "u"]},
            [("dynamodb:BatchGetItem", f"{TABLE}/t"), ("dynamodb:BatchGetItem", f"{TABLE}/u")],
        ),
        ("s3", "HeadObject", {"Bucket": "b", "Key": "a/c"}, [("s3:GetObject", "arn:aws-cn:s3:::b/a/c")]),
        ("s3", "ListObjectVersions", {"Bucket": "b"}, [("s3:ListBucketVersions", "arn:aws-cn:s3:::b")]),
        ("s3", "DeleteObject", {"Bucket": "b", "Key": "k"}, [("s3:DeleteObject", "arn:aws-cn:s3:::b/k")]),
        (
            "s3",
            "DeleteObject",
            {"Bucket": "b", "Key": "k", "VersionId": "1"},
            [("s3:DeleteObjectVersion", "arn:aws-cn:s3:::b/k")],
        ),
        ("s3", "UploadPart", {"Bucket": "b", "Key": "k"}, [("s3:PutObject", "arn:aws-cn:s3:::b/k")]),
        (
            "s3",
            "CopyObject",
            {"Bucket": "b", "Key": "to", "CopySource": {"Bucket": "b", "Key": "from"}},
            [("s3:GetObject", "arn:aws-cn:s3:::b/from"), ("s3:PutObject", "arn:aws-cn:s3:::b/to")],
        ),
        ("sqs", "GetQueueUrl", {"QueueName": "q"}, [("sqs:GetQueueUrl", f"{SQS}:q")]),
        ("sqs", "SendMessageBatch", {"QueueUrl": "https://x/1/q"}, [("sqs:SendMessage", f"{SQS}:q")]),
        ("sns", "Publish", {"TopicArn": f"{SNS}:t"}, [("sns:Publish", f"{SNS}:t")]),
        ("sns", "CreateTopic", {"Name": "t"}, [("sns:CreateTopic", f"{SNS}:t")]),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "a/b"},
            [
                (
                    "secretsmanager:GetSecretValue",
                    "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-AbCdEf",
                )
            ],
        ),
    ],
)
def test_what_a_call_needs(service: str, operation: str, params: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    assert list(needed(PLACE, service, operation, params)) == wanted


def test_a_service_that_nobody_thought_of_is_an_error() -> None:
    with pytest.raises(LookupError, match="bedrock"):
        list(needed(PLACE, "bedrock", "InvokeModel", {}))


def test_an_action_is_allowed_on_what_the_statement_names_and_nowhere_else() -> None:
    statements = [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws-cn:s3:::b/reports/*"}]
    assert allowed(statements, "s3:GetObject", "arn:aws-cn:s3:::b/reports/a/b.csv")
    assert not allowed(statements, "s3:GetObject", "arn:aws-cn:s3:::b/results/a")
    assert not allowed(statements, "s3:PutObject", "arn:aws-cn:s3:::b/reports/a")


def test_every_call_beyond_a_policy_is_named_once(tmp_path: Path) -> None:
    folder = tmp_path / ".chalice/policies/dev"
    folder.mkdir(parents=True)
    statement = {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": f"{TABLE}/t"}
    (folder / "f.json").write_text(json.dumps({"Statement": [statement]}))
    get, put = ("dynamodb", "GetItem", {"TableName": "t"}), ("dynamodb", "PutItem", {"TableName": "t"})
    assert refused(tmp_path, "dev", PLACE, {"f": [get, get]}) == []
    assert refused(tmp_path, "dev", PLACE, {"f": [get, put, put]}) == [f"f may not dynamodb:PutItem on {TABLE}/t"]
