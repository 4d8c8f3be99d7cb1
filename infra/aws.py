"""AWS clients of the deploy: every call has a timeout and a bounded number of tries."""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import boto3
from botocore.config import Config

Result = TypeVar("Result")
CALL: Final = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 6})


class DeployError(Exception):
    """A fault that the operator has to correct; the text gives the fault and the remedy."""


def client(service: str) -> Any:
    """A low-level client of the account and region that the environment names."""
    return boto3.client(service, config=CALL)


def wait_for(probe: Callable[[], Result | None], *, seconds: float, every: float, subject: str) -> Result:
    """Ask `probe` until it answers; raises `DeployError` when `seconds` are over."""
    end = time.monotonic() + seconds
    while (answer := probe()) is None:
        if time.monotonic() > end:
            raise DeployError(f"{subject}: not there after {seconds:.0f} seconds")
        time.sleep(every)
    return answer


def run(command: list[str], *, cwd: Path, env: Mapping[str, str], seconds: int) -> None:
    """Run a program with its output shown; raises `DeployError` when it fails or does not end in time."""
    try:
        subprocess.run(command, cwd=cwd, env=dict(env), timeout=seconds, check=True)
    except subprocess.TimeoutExpired as error:
        raise DeployError(f"{command[0]} has not ended after {seconds} seconds") from error
    except subprocess.CalledProcessError as error:
        raise DeployError(f"{' '.join(command)} failed with status {error.returncode}, see above") from error
