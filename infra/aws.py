"""AWS clients of the deploy: every call has a timeout and a bounded number of tries."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

Result = TypeVar("Result")
BUSY: Final = frozenset(
    # The last is what AWS WAF answers of an ACL that was just made.
    {"ResourceInUseException", "ResourceConflictException", "WAFUnavailableEntityException"}
)
# AWS refuses these until a change of a moment ago has reached all of it.
NOT_YET: Final = re.compile(
    r"role.*cannot be assumed|role.*does not have permissions|Please ensure the role can perform"
    r"|InvalidArnException.*valid principal|event source mapping.*is in use",
    re.DOTALL,
)
CALL: Final = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 6})


class DeployError(Exception):
    """A fault that the operator has to correct; the text gives the fault and the remedy."""


def client(service: str) -> Any:
    """A low-level client of the account and region that the environment names."""
    return boto3.client(service, config=CALL)


def patient_client(service: str) -> Any:
    """A client that waits for an answer as long as a function may run, and asks once."""
    config = Config(connect_timeout=5, read_timeout=910, retries={"total_max_attempts": 1})
    return boto3.client(service, config=config)


def object_exists(s3: Any, bucket: str, key: str) -> bool:
    """Whether a bucket has such an object now."""
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchKey", "NotFound"):
            raise
        return False
    return True


def bucket_exists(s3: Any, bucket: str) -> bool:
    """Whether there is such a bucket in the account."""
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket", "NotFound"):
            raise
        return False
    return True


def pace() -> float:
    """What every pause of the deploy is multiplied by: 1, or less in a rehearsal (`DEPLOY_PACE`)."""
    return float(os.environ.get("DEPLOY_PACE", "1"))


def wait_for(probe: Callable[[], Result | None], *, seconds: float, every: float, subject: str) -> Result:
    """Ask `probe` until it answers; raises `DeployError` when `seconds` are over."""
    end = time.monotonic() + seconds
    while (answer := probe()) is None:
        if time.monotonic() > end:
            raise DeployError(f"{subject}: not there after {seconds:.0f} seconds")
        time.sleep(every * pace())
    return answer


def run(command: list[str], *, cwd: Path, env: Mapping[str, str], seconds: int) -> None:
    """Run a program with its output shown; raises `DeployError` when it fails or does not end in time."""
    try:
        subprocess.run(command, cwd=cwd, env=dict(env), timeout=seconds, check=True)
    except subprocess.TimeoutExpired as error:
        raise DeployError(f"{command[0]} has not ended after {seconds} seconds") from error
    except subprocess.CalledProcessError as error:
        raise DeployError(f"{' '.join(command)} failed with status {error.returncode}, see above") from error


def retry_while_busy(call: Callable[[], Any], subject: str, seconds: float = 120) -> None:
    """Retry a change until AWS allows it: a resource just made or changed refuses changes for a while."""

    def done() -> bool | None:
        try:
            call()
        except ClientError as error:
            refused = error.response["Error"]
            if refused["Code"] not in BUSY and not NOT_YET.search(refused.get("Message", "")):
                raise
            return None
        return True

    wait_for(done, seconds=seconds, every=3, subject=subject)
