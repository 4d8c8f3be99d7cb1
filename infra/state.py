"""Chalice's record of what it has deployed, kept in the files bucket beside the project.

Chalice knows its REST API and its event sources by this file alone: without it, the next deploy makes second
ones. The copy in the bucket lets any machine deploy, and survives a lost checkout.
"""

import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError


def record(project: Path, stage: str) -> Path:
    """Where Chalice keeps its record of the stage."""
    return project / ".chalice/deployed" / f"{stage}.json"


def fetch(s3: Any, project: Path, stage: str, bucket: str) -> None:
    """Take the record from the bucket; it takes precedence over the record on this machine."""
    try:
        body = s3.get_object(Bucket=bucket, Key=f"deployed/{stage}.json")["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return
    record(project, stage).write_bytes(body)


def keep(s3: Any, project: Path, stage: str, bucket: str) -> None:
    """Put the record into the bucket."""
    s3.put_object(Bucket=bucket, Key=f"deployed/{stage}.json", Body=record(project, stage).read_bytes())


def drop_unknown_mappings(functions: Any, project: Path, stage: str) -> list[str]:
    """Delete event source mappings of the stage's functions that the record does not hold; their UUIDs.

    A deploy that broke off leaves them, and AWS refuses to make them again. Queue and stream keep what waits:
    the stream is read from its oldest record, and taking a record twice changes nothing.
    """
    path = record(project, stage)
    resources = json.loads(path.read_text(encoding="utf-8"))["resources"] if path.exists() else []
    own_mappings = {resource["event_uuid"] for resource in resources if "event_uuid" in resource}
    dropped = []
    for page in functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            name = mapping["FunctionArn"].rpartition(":function:")[2]
            if name.startswith(f"lianfang-{stage}-") and mapping["UUID"] not in own_mappings:
                functions.delete_event_source_mapping(UUID=mapping["UUID"])
                dropped.append(mapping["UUID"])
    return dropped
