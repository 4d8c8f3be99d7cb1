"""One deploy of a stage at a time: a lock in the bucket, made by a conditional write.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import getpass
import json
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.aws import DeployError

# Longer than a deploy may take: after it, the deploy that took the lock is dead.
LOCKED_FOR: Final = timedelta(hours=1)
# What takes longer than that keeps the lock by renewing it.
RENEWED_AFTER: Final = timedelta(minutes=10)
TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


@dataclass(slots=True)
class Lock:
    """A lock that is held, since `at` or since it was last renewed; `tag` is the ETag of its object."""

    s3: Any
    bucket: str
    key: str
    owner: str
    clock: Callable[[], datetime]
    at: datetime
    tag: str = ""

    @property
    def body(self) -> bytes:
        """What the lock says of its holder."""
        return json.dumps({"owner": self.owner, "by": _who(), "at": self.at.isoformat()}).encode()

    def renew(self) -> None:
        """Hold the lock for another hour, once some minutes of the last have gone; `DeployError` when it was lost."""
        now = self.clock()
        if now < self.at + RENEWED_AFTER:
            return
        self.at = now
        try:
            answer = self.s3.put_object(Bucket=self.bucket, Key=self.key, Body=self.body, IfMatch=self.tag)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {*TAKEN, "NoSuchKey"}:
                raise
            raise DeployError(f"s3://{self.bucket}/{self.key} was taken over by another deploy") from error
        self.tag = str(answer["ETag"])


@contextmanager
def locked(s3: Any, bucket: str, stage: str, clock: Callable[[], datetime]) -> Iterator[Lock]:
    """Hold the stage's lock; raises `DeployError` when another deploy holds it and is not older than an hour."""
    lock = Lock(s3, bucket, f"deployed/{stage}.lock", str(uuid.uuid4()), clock, clock())
    lock.tag = _take(s3, bucket, lock.key, lock.body, lock.at)
    try:
        yield lock
    finally:
        _release(s3, bucket, lock.key, lock.tag)


def _take(s3: Any, bucket: str, key: str, body: bytes, now: datetime) -> str:
    """Write the lock where there is none or an old one; its ETag."""
    condition = {"IfNoneMatch": "*"}
    for _ in range(3):
        try:
            return str(s3.put_object(Bucket=bucket, Key=key, Body=body, **condition)["ETag"])
        except ClientError as error:
            if error.response["Error"]["Code"] not in TAKEN:
                raise
        try:
            answer = s3.get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            condition = {"IfNoneMatch": "*"}
            continue
        held = json.loads(answer["Body"].read())
        if held["owner"] == json.loads(body)["owner"]:
            return str(answer["ETag"])  # the write was done, and its answer got lost
        over = datetime.fromisoformat(held["at"]) + LOCKED_FOR
        if now < over:
            raise DeployError(
                f"{held['by']} has been deploying since {held['at']}; if that deploy is dead, wait until "
                f"{over.isoformat()} or delete s3://{bucket}/{key}"
            )
        condition = {"IfMatch": answer["ETag"]}
    raise DeployError("another deploy has just begun")


def _release(s3: Any, bucket: str, key: str, tag: str) -> None:
    """Remove the lock if it is still this deploy's."""
    try:
        if s3.head_object(Bucket=bucket, Key=key)["ETag"] == tag:
            s3.delete_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
            raise


def _who() -> str:
    return f"{getpass.getuser()}@{socket.gethostname()}"
