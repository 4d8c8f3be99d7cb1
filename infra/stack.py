"""The stack of everything stateful: created or updated, waited for, its outputs read."""

import json
import time
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.values.records import Json
from infra.aws import DeployError, wait_for

TEMPLATE: Final = Path("infra/template.yaml")
POLL_SECONDS: Final = 5.0
WAIT_SECONDS: Final = 1800.0
# What holds data is never replaced or removed by an update, whatever the template says.
KEEP_DATA: Final = {
    "Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": ["Update:Replace", "Update:Delete"],
            "Principal": "*",
            "Resource": [
                f"LogicalResourceId/{name}"
                for name in (
                    "Key",
                    "DigestKey",
                    "StatementKey",
                    "SubjectsTable",
                    "KeysTable",
                    "ExchangeTable",
                    "FilesBucket",
                )
            ],
        },
    ]
}


def stack_name(stage: str) -> str:
    """The name of the stage's stack."""
    return f"lianfang-{stage}"


def put_stack(cloudformation: Any, project: Path, stage: str, parameters: dict[str, str]) -> dict[str, str]:
    """Create the stack or bring it up to the template, wait, and return its outputs.

    A parameter that is not given keeps the value that the stack has. Raises `DeployError` with the first
    reasons that CloudFormation gives.
    """
    name = stack_name(stage)
    existing = _clear_failed_creation(cloudformation, name)
    since = time.time()
    request = {
        "StackName": name,
        "TemplateBody": (project / TEMPLATE).read_text(encoding="utf-8"),
        "Parameters": _parameters({"Stage": stage, **parameters}, existing),
        "StackPolicyBody": json.dumps(KEEP_DATA),
    }
    if existing is None:
        cloudformation.create_stack(
            **request,
            Tags=[{"Key": "application", "Value": "lianfang"}, {"Key": "stage", "Value": stage}],
            EnableTerminationProtection=stage == "prod",
        )
    else:
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in error.response["Error"]["Message"]:
                raise
    stack = _settled(cloudformation, name)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        reasons = "\n  ".join(_failures(cloudformation, name, since))
        raise DeployError(f"the stack {name} is {stack['StackStatus']}:\n  {reasons}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def find_stack(cloudformation: Any, name: str) -> Json | None:
    """The stack as CloudFormation describes it; None when there is none."""
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return None
    return dict(stacks[0]) if stacks else None


def _clear_failed_creation(cloudformation: Any, name: str) -> Json | None:
    """The stack that is there to update; one whose creation was rolled back is empty and is removed."""
    if find_stack(cloudformation, name) is None:
        return None
    stack = _settled(cloudformation, name)
    status = stack["StackStatus"]
    if status == "ROLLBACK_COMPLETE":
        cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=False)
        cloudformation.delete_stack(StackName=name)
        wait_for(
            lambda: True if find_stack(cloudformation, name) is None else None,
            seconds=WAIT_SECONDS,
            every=POLL_SECONDS,
            subject=f"removal of the rolled back stack {name}",
        )
        return None
    if status.endswith("_FAILED"):
        raise DeployError(f"the stack {name} is {status}: continue or cancel its rollback first")
    return stack


def _settled(cloudformation: Any, name: str) -> Json:
    def settled() -> Json | None:
        stack = find_stack(cloudformation, name)
        if stack is None:
            raise DeployError(f"the stack {name} has disappeared")
        return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack

    return wait_for(settled, seconds=WAIT_SECONDS, every=POLL_SECONDS, subject=f"stack {name}")


def _parameters(given: dict[str, str], existing: Json | None) -> list[Json]:
    kept = (
        {parameter["ParameterKey"] for parameter in existing.get("Parameters", [])} - given.keys()
        if existing
        else set()
    )
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()] + [
        {"ParameterKey": key, "UsePreviousValue": True} for key in sorted(kept)
    ]


def _failures(cloudformation: Any, name: str, since: float) -> list[str]:
    """Why resources failed since then, the first cause first."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED") and event["Timestamp"].timestamp() >= since - 60
    ] or ["no event says why"]
