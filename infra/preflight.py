"""What a deploy is about to change, said before it changes anything, and what would stop it, found before.

Nothing is asked: account, region, quotas and the stack are read from AWS.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from infra.aws import DeployError
from infra.harden import MAX_CONCURRENCY
from infra.release.chalice_client import RUNTIME
from infra.stack import find_stack, stack_name

# Under it, workers are held back so that the API keeps half of the account's concurrency.
ENOUGH_CONCURRENCY: Final = 2 * sum(MAX_CONCURRENCY.values())
QUOTA_CODE: Final = "L-B99A9384"


@dataclass(frozen=True, slots=True)
class Account:
    """Where a deploy goes. `concurrency`: how many functions may run at once; `stack`: its state, if there is one."""

    account: str
    region: str
    partition: str
    concurrency: int
    stack: str | None


def read_account(stage: str, client: Callable[[str], Any]) -> Account:
    """Read where the deploy goes; raises `DeployError` when credentials or a region are lacking or refused."""
    try:
        identity = client("sts").get_caller_identity()
        functions = client("lambda")
        limits = functions.get_account_settings()["AccountLimit"]
        stack = find_stack(client("cloudformation"), stack_name(stage))
    except (NoCredentialsError, NoRegionError) as error:
        raise DeployError(f"{error} Set AWS_PROFILE and AWS_DEFAULT_REGION.") from error
    except (ClientError, BotoCoreError) as error:
        raise DeployError(f"the account cannot be read: {error}") from error
    return Account(
        account=identity["Account"],
        region=functions.meta.region_name,
        partition=identity["Arn"].split(":")[1],
        concurrency=int(limits["ConcurrentExecutions"]),
        stack=stack["StackStatus"] if stack else None,
    )


def describe(stage: str, account: Account) -> list[str]:
    """What the deploy says of itself before it begins, a line each; advice begins with an exclamation mark."""
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    lines = [
        f"account: {account.account}, {account.region} ({account.partition})",
        f"stack: {stack_name(stage)}, " + (account.stack or "will be made"),
        f"runtime: {RUNTIME}, deployed by {python}",
        f"concurrency: {account.concurrency}",
    ]
    if account.concurrency < ENOUGH_CONCURRENCY:
        lines.append(
            f"! only {account.concurrency} functions may run at once, {ENOUGH_CONCURRENCY} are wanted: large files are "
            f"taken slowly. Ask for more: aws service-quotas request-service-quota-increase --service-code lambda "
            f"--quota-code {QUOTA_CODE} --desired-value 1000"
        )
    if account.partition == "aws-cn":
        lines.append(
            "! API Gateway in China serves requests without IAM authorisation only to accounts with an ICP recordal "
            "or licence, for Beijing and Ningxia each; others set gateway_auth of the stage to iam (docs/china.md)"
        )
    return lines
