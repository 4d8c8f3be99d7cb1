"""CloudFormation as AWS behaves: stacks and tables that take time, failures that are rolled back, or cannot be.

States: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html. A table that is protected
from deletion is not deleted by a rollback, which ends as ROLLBACK_FAILED.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Event, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.s3.models import FakeBucket, s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.utilities.utils import get_partition

from chalicelib.values.records import Json
from infra.emulation.behaviour import Behaviour, Replacement
from infra.emulation.stack_roles import finish_roles

UNFINISHED: Final = {
    "CREATE_COMPLETE": "CREATE_IN_PROGRESS",
    "ROLLBACK_COMPLETE": "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED": "ROLLBACK_IN_PROGRESS",
    "UPDATE_COMPLETE": "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE": "UPDATE_ROLLBACK_IN_PROGRESS",
    "DELETE_FAILED": "DELETE_IN_PROGRESS",
    "DELETE_COMPLETE": "DELETE_IN_PROGRESS",
}
# What no update is taken in.
NOT_UPDATABLE: Final = frozenset(
    {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED"}
)
UPDATED_IN_PLACE: Final = frozenset({"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"})
PROTECTED: Final = (
    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
)
Method = Callable[..., Any]


def stack_replacements(behaviour: Behaviour) -> list[Replacement]:
    """The patches of CloudFormation."""
    stacks = Stacks(behaviour, CloudFormationBackend.delete_stack)
    return [
        Replacement(CloudFormationBackend, "create_stack", stacks.create),
        Replacement(CloudFormationBackend, "update_stack", stacks.update),
        Replacement(CloudFormationBackend, "delete_stack", stacks.delete),
        Replacement(CloudFormationBackend, "describe_stacks", stacks.describe),
        Replacement(CloudFormationResponse, "update_termination_protection", set_termination_protection),
    ]


def set_termination_protection(_original: Method) -> Method:
    """moto has no UpdateTerminationProtection."""

    def update_termination_protection(self: Any) -> ActionResult:
        stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
        stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection", False)
        return ActionResult({"StackId": stack.stack_id})

    return update_termination_protection


class Stacks:
    """Stacks that pass through their states."""

    def __init__(self, behaviour: Behaviour, remove: Callable[[Any, str], None]) -> None:
        self._behaviour = behaviour
        self._remove = remove

    def create(self, original: Method) -> Method:
        """A creation takes time, and is rolled back when a resource fails."""

        def create_stack(backend: Any, *args: Any, **more: Any) -> Any:
            stack = original(backend, *args, **more)
            failed = self._failing(stack.template_dict)
            if not failed:
                make_secrets(stack)
                finish_roles(stack)
                self._begin(stack, "CREATE_COMPLETE")
                return stack
            _add_events(stack, failed, "CREATE_FAILED")
            protected = _protected_tables(stack)
            _add_events(stack, dict.fromkeys(protected, PROTECTED), "DELETE_FAILED")
            # moto would make a resource again to tell an output of it.
            stack.template_dict["Outputs"] = {}
            stack.output_map = stack._create_output_map()
            if not protected:
                stack.resource_map.delete()
            self._begin(stack, "ROLLBACK_FAILED" if protected else "ROLLBACK_COMPLETE")
            return stack

        return create_stack

    def update(self, original: Method) -> Method:
        """An update takes time, refuses unknown parameters, and is rolled back when a resource fails."""

        def update_stack(backend: Any, name: str, template: str, *more: Any, **named: Any) -> Any:
            stack = backend.get_stack(name)
            finished = getattr(stack, "finished", stack.status)
            if finished in NOT_UPDATABLE:
                raise ValidationError(message=f"Stack:{stack.stack_id} is in {finished} state and can not be updated.")
            declared = Stack.parse_template(template)
            given = {each["ParameterKey"] for each in named.get("parameters") or ()}
            if unknown := sorted(given - declared.get("Parameters", {}).keys()):
                raise ValidationError(message=f"Parameters: [{', '.join(unknown)}] do not exist in the template")
            # AWS has a previous value of a parameter that was never given: its default.
            stack.parameters = {**stack.resource_map.resolved_parameters, **stack.parameters}
            failed = self._failing(declared)
            if failed:
                _add_events(stack, failed, "UPDATE_FAILED")
            else:
                original(backend, name, _with_stores_as_they_are(stack, declared), *more, **named)
                stack.template = template
                make_secrets(stack)
                finish_roles(stack)
            self._begin(stack, "UPDATE_ROLLBACK_COMPLETE" if failed else "UPDATE_COMPLETE")
            return stack

        return update_stack

    def delete(self, _original: Method) -> Method:
        """A deletion takes time; it is refused to what is protected, and leaves what the template retains."""

        def delete_stack(backend: Any, name_or_stack_id: str) -> None:
            for stack in list(backend.stacks.values()):
                if name_or_stack_id not in (stack.name, stack.stack_id):
                    continue
                if stack.enable_termination_protection:
                    text = f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
                    raise ValidationError(message=text)
                never_complete = getattr(stack, "finished", "") in ("ROLLBACK_FAILED", "DELETE_FAILED")
                if never_complete and _protected_tables(stack):
                    self._begin(stack, "DELETE_FAILED")
                    return
                _keep_retained(stack, all_of_them=not never_complete)
                self._begin(stack, "DELETE_COMPLETE")

        return delete_stack

    def describe(self, original: Method) -> Method:
        """Stacks show as changing for some answers."""

        def describe_stacks(backend: Any, name_or_stack_id: str) -> Any:
            for stack in original(backend, name_or_stack_id):
                finished = getattr(stack, "finished", stack.status)
                busy = finished in UNFINISHED and self._behaviour.changing.unfinished(("stack", stack.stack_id))
                stack.status = UNFINISHED[finished] if busy else finished
                if finished == "DELETE_COMPLETE" and not busy:
                    self._remove(backend, stack.stack_id)
            return original(backend, name_or_stack_id)

        return describe_stacks

    def _failing(self, template: Json) -> dict[str, str]:
        return {name: why for name, why in self._behaviour.failing.items() if name in template.get("Resources", {})}

    def _begin(self, stack: Any, finished: str) -> None:
        """Let the next answers show the stack as changing, and later ones as finished."""
        stack.finished = finished
        stack.status = UNFINISHED[finished]
        self._behaviour.changing.start(("stack", stack.stack_id), self._behaviour.busy_answers)


def make_secrets(stack: Any) -> None:
    """Make the secrets of the template, which moto leaves out, with a value of the shape that AWS makes."""
    secrets = secretsmanager_backends[stack.account_id][stack.region_name]
    for resource in stack.template_dict["Resources"].values():
        if resource["Type"] == "AWS::SecretsManager::Secret":
            name = resource["Properties"]["Name"]["Fn::Sub"].replace("${Stage}", stack.parameters["Stage"])
            if name not in secrets.secrets.keys():  # noqa: SIM118 (moto's store has no other way to ask)
                secrets.create_secret(name, "0123456789abcdef" * 4, None, None, None, None, None, [], False)


def _with_stores_as_they_are(stack: Any, declared: Json) -> str:
    """The template with the tables and the bucket of the stack's own; moto would replace them, with what they hold."""
    before = stack.template_dict["Resources"]
    resources = {
        name: before.get(name, resource) if resource["Type"] in UPDATED_IN_PLACE else resource
        for name, resource in declared["Resources"].items()
    }
    conditions = {**stack.template_dict.get("Conditions", {}), **declared.get("Conditions", {})}
    return json.dumps({**declared, "Conditions": conditions, "Resources": resources})


def _protected_tables(stack: Any) -> list[str]:
    """The logical ids of tables of the stack that are protected from deletion."""
    tables = ((name, stack.resource_map._parsed_resources.get(name)) for name in stack.template_dict["Resources"])
    return [name for name, table in tables if isinstance(table, Table) and table.deletion_protection_enabled]


def _keep_retained(stack: Any, *, all_of_them: bool) -> None:
    """Let a deletion pass over what the template retains, and over what somebody has deleted already."""
    tables = dynamodb_backends[stack.account_id][stack.region_name].tables
    buckets = s3_backends[stack.account_id][get_partition(stack.region_name)].buckets
    for name, resource in stack.resource_map._resource_json_map.items():
        made = stack.resource_map._parsed_resources.get(name)
        gone = isinstance(made, Table) and made.name not in tables
        gone = gone or (isinstance(made, FakeBucket) and made.name not in buckets)
        if gone or (all_of_them and resource.get("DeletionPolicy") == "RetainExceptOnCreate"):
            resource["DeletionPolicy"] = "Retain"


def _add_events(stack: Any, reasons: dict[str, str], status: str) -> None:
    for name, reason in reasons.items():
        resource_type = stack.template_dict["Resources"].get(name, {}).get("Type", "")
        stack.events.append(Event(stack.stack_id, stack.name, name, name, resource_type, status, reason, None))
