"""The stack of everything stateful: created or updated, waited for, its outputs read."""

import json
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]
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
                    "AccessLogBucket",
                )
            ],
        },
    ]
}
COMPLETE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
NEVER_COMPLETE: Final = frozenset({"ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
FAILED_CREATION: Final = "\nremove what is left by `make destroy STAGE={stage}`, then deploy again"
# The parameter that says which tables are in use after a restore.
SUFFIX: Final = "TableSuffix"
# What holds data is protected once everything stands, by the last step of the deploy.
UNPROTECTED: Final = {"Protection": "off"}


def stack_name(stage: str) -> str:
    """The name of the stage's stack."""
    return f"lianfang-{stage}"


def files_bucket(stage: str, account: str) -> str:
    """The name that the template gives the stage's bucket in an account."""
    return f"lianfang-files-{stage}-{account}"


def access_log_bucket(stage: str, account: str) -> str:
    """The name that the template gives the bucket of the files bucket's access log in an account."""
    return f"lianfang-access-log-{stage}-{account}"


def tags_of(stage: str) -> list[dict[str, str]]:
    """The tags that everything of a stage has."""
    return [{"Key": "application", "Value": "lianfang"}, {"Key": "stage", "Value": stage}]


def template_body(text: str) -> str:
    """The template as it is sent: the same YAML in one line, for CloudFormation takes 51,200 bytes.

    Without comments and indentation it is a fifth smaller. A larger one would have to lie in a bucket, and before the
    first creation there is none.
    """
    template = yaml.compose(text, Loader=yaml.SafeLoader)
    _put_in_one_line(template)
    return str(yaml.serialize(template, Dumper=yaml.SafeDumper, width=sys.maxsize, allow_unicode=True))


def _put_in_one_line(node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode):
        node.style = '"' if node.style in ("|", ">") else node.style
        return
    node.flow_style = True
    for each in node.value:
        for nested in each if isinstance(each, tuple) else (each,):
            _put_in_one_line(nested)


def put_stack(cloudformation: Any, project: Path, stage: str, parameters: dict[str, str]) -> dict[str, str]:
    """Create the stack or bring it up to the template, wait, and return its outputs.

    A parameter that is not given keeps the value that the stack has. A new stack is not protected from deletion yet, so
    that a creation that fails can be rolled back; `protect` does that. Raises `DeployError` with the first reasons that
    CloudFormation gives.
    """
    name = stack_name(stage)
    existing = _clear_failed_creation(cloudformation, name)
    template = template_body((project / TEMPLATE).read_text(encoding="utf-8"))
    declared = _declared_parameters(cloudformation, template)
    _refuse_older_tables(existing, declared, stage)
    given = {"Stage": stage, **parameters}
    if existing is None:
        given |= UNPROTECTED
    request = {
        "StackName": name,
        "TemplateBody": template,
        "Parameters": _parameters(given, existing, declared),
        "StackPolicyBody": json.dumps(KEEP_DATA),
        # The role by which the gateway writes its log.
        "Capabilities": ["CAPABILITY_IAM"],
    }
    if existing is None:
        since = time.time()
        cloudformation.create_stack(**request, Tags=tags_of(stage))
        return _outputs(_completed(cloudformation, name, since))
    return _outputs(_updated(cloudformation, name, request))


def find_outputs(cloudformation: Any, stage: str) -> dict[str, str]:
    """The outputs of the stage's stack; raises `DeployError` when there is none."""
    stack = find_stack(cloudformation, stack_name(stage))
    if stack is None:
        raise DeployError(f"there is no stack {stack_name(stage)}")
    return _outputs(stack)


def protect(cloudformation: Any, stage: str) -> None:
    """Protect the stack and its tables from deletion, the last step of a deploy; done again it changes nothing."""
    name = stack_name(stage)
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    stack = _settled(cloudformation, name)
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
    if all(parameters.get(key) == value for key, value in UNPROTECTED.items()):
        given = dict.fromkeys(UNPROTECTED, "on")
        request = {
            "StackName": name,
            "UsePreviousTemplate": True,
            "Parameters": _parameters(given, stack, parameters.keys()),
        }
        _updated(cloudformation, name, request)


def _updated(cloudformation: Any, name: str, request: Json) -> Json:
    """The stack after an update; an earlier one may have been rolled back when there is nothing to change now."""
    since = time.time()
    try:
        cloudformation.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in error.response["Error"]["Message"]:
            raise
        return _completed(cloudformation, name, since, (*COMPLETE, "UPDATE_ROLLBACK_COMPLETE"))
    return _completed(cloudformation, name, since)


def _completed(cloudformation: Any, name: str, since: float, complete: Collection[str] = COMPLETE) -> Json:
    stack = _settled(cloudformation, name)
    if stack["StackStatus"] not in complete:
        reasons = "\n  ".join(_failures(cloudformation, name, since))
        remedy = FAILED_CREATION.format(stage=name.partition("-")[2]) if _is_never_complete(stack) else ""
        raise DeployError(f"the stack {name} is {stack['StackStatus']}:\n  {reasons}{remedy}")
    return stack


def _outputs(stack: Json) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _is_never_complete(stack: Json) -> bool:
    """Whether the stack's creation failed and could not be rolled back by itself."""
    return stack["StackStatus"] in NEVER_COMPLETE


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
    if _is_never_complete(stack):
        raise DeployError(f"the stack {name} is {status}:{FAILED_CREATION.format(stage=name.partition('-')[2])}")
    if status.endswith("_FAILED"):
        remedy = f"`aws cloudformation continue-update-rollback --stack-name {name}`"
        raise DeployError(f"the stack {name} is {status}: mend what its events name, then {remedy}, then deploy again")
    return stack


def _settled(cloudformation: Any, name: str) -> Json:
    def settled() -> Json | None:
        stack = find_stack(cloudformation, name)
        if stack is None:
            raise DeployError(f"the stack {name} has disappeared")
        return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack

    return wait_for(settled, seconds=WAIT_SECONDS, every=POLL_SECONDS, subject=f"stack {name}")


def _declared_parameters(cloudformation: Any, template: str) -> set[str]:
    """The parameters that a template has; an older one lacks some that the stack was given."""
    summary = cloudformation.get_template_summary(TemplateBody=template)
    return {parameter["ParameterKey"] for parameter in summary.get("Parameters", [])}


def _refuse_older_tables(existing: Json | None, declared: Collection[str], stage: str) -> None:
    """Raise `DeployError` where a template from before restores would point a restored stage to its old tables."""
    own = existing.get("Parameters", []) if existing else []
    restored = any(each["ParameterKey"] == SUFFIX and each["ParameterValue"] for each in own)
    if restored and SUFFIX not in declared:
        raise DeployError(
            f"{stage} was put back to an earlier moment and works on restored tables, of which the template of this "
            f"commit does not know: deploy a commit that has the parameter {SUFFIX}"
        )


def _parameters(given: dict[str, str], existing: Json | None, declared: Collection[str]) -> list[Json]:
    """The given values, and the stack's own for what is not given, as far as the template has such parameters."""
    present = {parameter["ParameterKey"] for parameter in existing.get("Parameters", [])} if existing else set()
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items() if key in declared] + [
        {"ParameterKey": key, "UsePreviousValue": True} for key in sorted(present - given.keys()) if key in declared
    ]


def _failures(cloudformation: Any, name: str, since: float) -> list[str]:
    """Why resources failed since then, the first cause first."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED") and event["Timestamp"].timestamp() >= since - 60
    ] or ["no event says why"]
