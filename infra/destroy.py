"""Takes a stage down: `python -m infra.destroy --stage dev --confirm dev`.

A stage that is not prod goes with its data. Prod goes only when its creation has never been completed and its tables
are empty: that is the way out of a first creation that failed. docs/deploying.md has prod's own way down. Every step
may be done again.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.aws import DeployError, client, retry_while_busy, wait_for
from infra.settings import TABLES
from infra.stack import (
    NEVER_COMPLETE,
    POLL_SECONDS,
    WAIT_SECONDS,
    access_log_bucket,
    files_bucket,
    find_stack,
    stack_name,
)

GONE: Final = frozenset(
    {
        "ResourceNotFoundException",
        "NotFoundException",
        "NoSuchEntity",
        "NoSuchBucket",
        "NoSuchKey",
        "404",
        "NotFound",
        "KMSInvalidStateException",  # it is going already
        "AWS.SimpleQueueService.NonExistentQueue",
    }
)
SECRETS: Final = ("digest-key", "statement-key")
KEY_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that is taken down, and how to reach AWS."""

    name: str
    clients: Callable[[str], Any]

    @property
    def prefix(self) -> str:
        """How the names of its functions, roles and rules begin."""
        return f"lianfang-{self.name}"

    def owns(self, name: str) -> bool:
        """Whether a function, role or rule of this name is the stage's."""
        return name == self.prefix or name.startswith(f"{self.prefix}-")


def destroy(stage: Stage) -> None:
    """Remove everything of the stage; raises `DeployError` for a prod that holds or has held something."""
    stack = find_stack(stage.clients("cloudformation"), stack_name(stage.name))
    status = stack["StackStatus"] if stack else None
    if stage.name == "prod":
        _refuse_living_prod(stage, status)
    account = stage.clients("sts").get_caller_identity()["Account"]
    for step in (_gateway, _mappings, _functions, _rules, _roles, _topics):
        print(f"{step.__name__[1:]}: " + (", ".join(step(stage)) or "none"))
    key = _key(stage)
    for table in _tables(stage):
        _drop_table(stage, table)
    # The files bucket first: while it is there, its access log is written.
    for bucket in (files_bucket(stage.name, account), access_log_bucket(stage.name, account)):
        _empty_bucket(stage, bucket)
    if stack:
        _drop_stack(stage)
    for name in SECRETS:
        drop = partial(stage.clients("secretsmanager").delete_secret, SecretId=f"lianfang/{stage.name}/{name}")
        _unless_gone(partial(drop, ForceDeleteWithoutRecovery=True))
    if key:
        drop = partial(stage.clients("kms").schedule_key_deletion, KeyId=key, PendingWindowInDays=KEY_DAYS)
        _unless_gone(drop)
    print(f"{stack_name(stage.name)} is gone")


def _refuse_living_prod(stage: Stage, status: str | None) -> None:
    if status is not None and status not in NEVER_COMPLETE and status != "ROLLBACK_COMPLETE":
        raise DeployError(f"prod is {status}: it is not taken down by one command, see docs/deploying.md")
    tables = stage.clients("dynamodb")
    for name in _tables(stage):
        items = _unless_gone(partial(tables.scan, TableName=name, Limit=1))
        if items and items["Items"]:
            raise DeployError(f"{name} holds items: prod is not taken down by one command, see docs/deploying.md")


def _tables(stage: Stage) -> list[str]:
    """The stage's tables, those that restores have made too."""
    own = tuple(f"lianfang-{table}-{stage.name}" for table in TABLES)
    pages = stage.clients("dynamodb").get_paginator("list_tables").paginate()
    names = [name for page in pages for name in page["TableNames"]]
    return [name for name in names if name in own or name.startswith(tuple(f"{each}-r" for each in own))]


def _key(stage: Stage) -> str | None:
    """The id of the stage's key, which its alias names; the alias goes with the stack."""
    for page in stage.clients("kms").get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == f"alias/lianfang-{stage.name}":
                return str(alias["TargetKeyId"])
    return None


def _gateway(stage: Stage) -> Iterator[str]:
    """The stage's REST API: the one of this name that has a stage of this name."""
    gateway = stage.clients("apigateway")
    for page in gateway.get_paginator("get_rest_apis").paginate():
        for api in page["items"]:
            names = [each["stageName"] for each in gateway.get_stages(restApiId=api["id"])["item"]]
            if api["name"] == "lianfang" and names == [stage.name]:
                gateway.delete_rest_api(restApiId=api["id"])
                yield api["id"]


def _mappings(stage: Stage) -> Iterator[str]:
    functions = stage.clients("lambda")
    for page in functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            name = mapping["FunctionArn"].partition(":function:")[2].partition(":")[0]
            if stage.owns(name) and mapping["State"] != "Deleting":
                drop = partial(functions.delete_event_source_mapping, UUID=mapping["UUID"])
                retry_while_busy(partial(_unless_gone, drop), f"mapping {mapping['UUID']}")
                yield mapping["UUID"]


def _functions(stage: Stage) -> Iterator[str]:
    functions = stage.clients("lambda")
    for page in functions.get_paginator("list_functions").paginate():
        for name in [each["FunctionName"] for each in page["Functions"]]:
            if stage.owns(name):
                retry_while_busy(partial(functions.delete_function, FunctionName=name), name)
                yield name


def _rules(stage: Stage) -> Iterator[str]:
    events = stage.clients("events")
    for page in events.get_paginator("list_rules").paginate(NamePrefix=stage.prefix):
        for rule in page["Rules"]:
            if stage.owns(rule["Name"]):
                targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
                if targets:
                    events.remove_targets(Rule=rule["Name"], Ids=[target["Id"] for target in targets])
                events.delete_rule(Name=rule["Name"])
                yield rule["Name"]


def _roles(stage: Stage) -> Iterator[str]:
    """The stage's roles, but for one by which the gateway writes the logs of every stage of the account."""
    iam = stage.clients("iam")
    kept = stage.clients("apigateway").get_account().get("cloudwatchRoleArn")
    for page in iam.get_paginator("list_roles").paginate():
        own = [each for each in page["Roles"] if stage.owns(each["RoleName"]) and each["Arn"] != kept]
        for role in [each["RoleName"] for each in own]:
            for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
                iam.detach_role_policy(RoleName=role, PolicyArn=attached["PolicyArn"])
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
                iam.delete_role_policy(RoleName=role, PolicyName=policy)
            iam.delete_role(RoleName=role)
            yield role


def _topics(stage: Stage) -> Iterator[str]:
    """The topics of platforms, which the functions have made."""
    sns = stage.clients("sns")
    for page in sns.get_paginator("list_topics").paginate():
        for arn in [each["TopicArn"] for each in page["Topics"]]:
            if arn.rpartition(":")[2].startswith(f"lianfang-platform-{stage.name}-"):
                sns.delete_topic(TopicArn=arn)
                yield arn.rpartition(":")[2]


def _drop_table(stage: Stage, name: str) -> None:
    tables = stage.clients("dynamodb")
    description = _unless_gone(partial(tables.describe_table, TableName=name))
    if not description:
        return
    if description["Table"].get("DeletionProtectionEnabled"):
        tables.update_table(TableName=name, DeletionProtectionEnabled=False)
    retry_while_busy(partial(tables.delete_table, TableName=name), name, WAIT_SECONDS)
    print(f"table: {name}")


def _empty_bucket(stage: Stage, bucket: str) -> None:
    """Delete every version of every object, then the bucket."""
    s3 = stage.clients("s3")
    if not _unless_gone(partial(s3.head_bucket, Bucket=bucket)):
        return
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in entries]
        if objects:
            refused = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}).get("Errors", [])
            if refused:
                raise DeployError(f"{bucket}: {refused[0]['Key']} is not deleted: {refused[0]['Message']}")
    s3.delete_bucket(Bucket=bucket)
    print(f"bucket: {bucket}")


def _drop_stack(stage: Stage) -> None:
    cloudformation, name = stage.clients("cloudformation"), stack_name(stage.name)
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName=name)

    def gone() -> bool | None:
        stack = find_stack(cloudformation, name)
        if stack and stack["StackStatus"] == "DELETE_FAILED":
            raise DeployError(f"{name} is DELETE_FAILED: {stack.get('StackStatusReason', 'see its events')}")
        return None if stack else True

    wait_for(gone, seconds=WAIT_SECONDS, every=POLL_SECONDS, subject=f"removal of the stack {name}")


def _unless_gone(call: Callable[[], Any]) -> Any:
    """The call's answer; None when what it is about does not exist."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise
        return None


def main() -> int:
    """Take down as the command line says; 1 and the reason when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--confirm", required=True, help="the stage's name once more: its data are deleted")
    options = parser.parse_args()
    try:
        if options.confirm != options.stage:
            raise DeployError(f"say CONFIRM={options.stage}: everything of the stage is deleted, its data too")
        destroy(Stage(options.stage, client))
    except (DeployError, ClientError, BotoCoreError) as error:
        print(f"destroy stopped: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
