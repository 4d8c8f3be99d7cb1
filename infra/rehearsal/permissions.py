"""Whether a function's policy allows the calls that it has made, as IAM would judge them.

Covers the services and operations that the functions use; an unlisted call is an error, so that a new
call is met with a policy. Not judged: the key's own permissions (which AWS asks of the services behind a call),
conditions but those on the keys of items, and what AWS itself does in a function's name (queues, streams, logs), which
a test holds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from chalicelib.values.records import Json
from infra.settings import POLICIES

# Calls that IAM knows under another name.
RENAMED: Final = {
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "lambda:Invoke": "lambda:InvokeFunction",
}
ON_BUCKET: Final = frozenset({"s3:ListBucketVersions", "s3:ListBucket"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where resources live: partition, region and account."""

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, arn: str) -> "Place":
        """The place of a resource."""
        _, partition, _, region, account, *_ = arn.split(":")
        return cls(partition, region, account)

    def arn(self, service: str, name: str) -> str:
        """The ARN of a resource here; a bucket's has neither region nor account."""
        where = ":" if service == "s3" else f"{self.region}:{self.account}"
        return f"arn:{self.partition}:{service}:{where}:{name}"


def needed(place: Place, service: str, operation: str, params: Json) -> Iterator[tuple[str, str]]:
    """Every action and resource that one call needs to be allowed. Raises `LookupError` for an unknown call."""
    action = RENAMED.get(f"{service}:{operation}", f"{service}:{operation}")
    if action == "s3:CreateBucket":
        return  # what botocore calls the signing of a form; nothing is sent
    if action == "s3:CopyObject":
        source = params["CopySource"]
        path = f"{source['Bucket']}/{source['Key']}" if isinstance(source, Mapping) else str(source)
        yield "s3:GetObject", place.arn("s3", path)
        yield "s3:PutObject", place.arn("s3", f"{params['Bucket']}/{params['Key']}")
    elif operation == "DeleteObjects":
        for item in params["Delete"]["Objects"]:
            yield "s3:DeleteObject", place.arn("s3", f"{params['Bucket']}/{item['Key']}")
    elif service == "s3":
        if operation == "DeleteObject" and "VersionId" in params:
            action = "s3:DeleteObjectVersion"
        name = params["Bucket"] if action in ON_BUCKET else f"{params['Bucket']}/{params['Key']}"
        yield action, place.arn("s3", name)
    else:
        for name in _names(service, params):
            yield action, name if name.startswith("arn:") else place.arn(service, name)


def _names(service: str, params: Json) -> Iterator[str]:
    """The resources that a call names, each as an ARN or as an ARN's last part."""
    if service == "dynamodb":
        tables = params["RequestItems"] if "RequestItems" in params else [params["TableName"]]
        yield from (f"table/{table}" for table in tables)
    elif service == "sqs":
        yield str(params.get("QueueName") or params["QueueUrl"].rpartition("/")[2])
    elif service == "sns":
        yield str(params.get("Name") or params.get("TopicArn") or params["SubscriptionArn"])
    elif service == "lambda":
        yield f"function:{params['FunctionName']}"
    elif service == "secretsmanager":
        # Secrets Manager ends each ARN with six characters of its own.
        yield f"secret:{params['SecretId']}-AbCdEf"
    else:
        raise LookupError(f"no policy was written for {service}")


def allowed(statements: Sequence[Json], action: str, resource: str) -> bool:
    """Whether some statement allows the action on the resource."""
    return any(
        action in _as_list(statement["Action"])
        and any(fnmatchcase(resource, pattern) for pattern in _as_list(statement["Resource"]))
        for statement in statements
        if statement["Effect"] == "Allow"
    )


def denied(statements: Sequence[Json], action: str, resource: str, item_ids: Sequence[str]) -> bool:
    """Whether some statement denies the action on the resource for one of these items (`dynamodb:LeadingKeys`)."""
    return any(
        allowed([{**statement, "Effect": "Allow"}], action, resource)
        and any(
            fnmatchcase(item_id, pattern)
            for pattern in statement["Condition"]["ForAnyValue:StringLike"]["dynamodb:LeadingKeys"]
            for item_id in item_ids
        )
        for statement in statements
        if statement["Effect"] == "Deny"
    )


def _item_ids(service: str, params: Json) -> list[str]:
    """The ids of the items that a call writes."""
    if service != "dynamodb":
        return []
    written = params.get("Item") or params.get("Key") or {}
    return [str(value["S"] if isinstance(value, Mapping) else value) for name, value in written.items() if name == "id"]


def refused(project: Path, stage: str, place: Place, calls: Mapping[str, Sequence[tuple[str, str, Json]]]) -> list[str]:
    """The calls that IAM would refuse, by function; empty when each policy covers what its function did."""
    refusals = set()
    for function, made in calls.items():
        policy = json.loads((project / POLICIES / stage / f"{function}.json").read_text(encoding="utf-8"))
        for call in made:
            for action, resource in needed(place, *call):
                statements, items = policy["Statement"], _item_ids(call[0], call[2])
                if not allowed(statements, action, resource) or denied(statements, action, resource, items):
                    refusals.add(f"{function} may not {action} on {resource}")
    return sorted(refusals)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
