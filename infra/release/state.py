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
    record(project, stage).parent.mkdir(parents=True, exist_ok=True)
    record(project, stage).write_bytes(body)


def keep(s3: Any, project: Path, stage: str, bucket: str) -> None:
    """Put the record into the bucket."""
    s3.put_object(Bucket=bucket, Key=f"deployed/{stage}.json", Body=record(project, stage).read_bytes())


def has_api(project: Path, stage: str) -> bool:
    """Whether the record holds a REST API; one of a deploy that broke off early does not."""
    if not record(project, stage).exists():
        return False
    resources = json.loads(record(project, stage).read_text(encoding="utf-8"))["resources"]
    return any("rest_api_url" in resource for resource in resources)
