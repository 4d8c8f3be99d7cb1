"""Lambda as AWS behaves: mappings that are `Creating`, `Updating`, `Deleting`, roles not yet visible, aliases, quotas.

States and texts: AWS answers recorded by LocalStack's tests (`test_lambda_integration_sqs.snapshot.json`,
`test_lambda_api.snapshot.json`), texts of roles: retry rules of Terraform's AWS provider
(`internal/service/lambda/event_source_mapping.go`) and of Chalice (`awsclient.py`).
"""

import re
import threading
from collections.abc import Callable
from typing import Any, Final

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaStorage
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import IAMBackend
from moto.sqs.models import sqs_backends

from chalicelib.values.records import Json
from infra.emulation.behaviour import Behaviour, Replacement

NOT_ASSUMABLE: Final = "The role defined for the function cannot be assumed by Lambda."
NO_STREAM: Final = (
    "Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, "
    "and ListStreams Actions on your stream in IAM."
)
NO_QUEUE: Final = "The function execution role does not have permissions to call ReceiveMessage on SQS"
NO_DESTINATION: Final = "The provided execution role does not have permissions to call SendMessage on SQS"
IN_USE: Final = "Cannot {verb} the event source mapping because it is in use."
EXISTS: Final = (
    'An event source mapping with {service} arn (" {arn} ") and function (" {function} ") already exists. '
    "Please update or delete the existing mapping with UUID {uuid}"
)
TOO_MUCH_MEMORY: Final = (
    "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to {most}"
)
Method = Callable[..., Any]


class Conflict(LambdaClientError):
    """The resource is there already, or another change of it runs."""

    code = 409


def refuse(code: str, message: str) -> LambdaClientError:
    """An error of Lambda; those of conflicts and throttling have their own status."""
    return (Conflict if code == "ResourceConflictException" else LambdaClientError)(code, message)


def function_replacements(behaviour: Behaviour) -> list[Replacement]:
    """The patches of Lambda and of the roles that it assumes."""
    mappings, roles = Mappings(behaviour), Roles(behaviour)
    return [
        Replacement(IAMBackend, "create_role", roles.after_creation),
        Replacement(IAMBackend, "put_role_policy", roles.after_policy),
        Replacement(LambdaBackend, "create_function", roles.before_function),
        Replacement(LambdaBackend, "create_event_source_mapping", mappings.create),
        Replacement(LambdaBackend, "create_event_source_mapping", roles.before_mapping),
        Replacement(LambdaBackend, "put_function_event_invoke_config", roles.before_destination),
        Replacement(LambdaBackend, "update_event_source_mapping", mappings.update),
        Replacement(LambdaBackend, "delete_event_source_mapping", mappings.delete),
        Replacement(LambdaBackend, "get_event_source_mapping", mappings.get),
        Replacement(LambdaBackend, "list_event_source_mappings", mappings.list),
        Replacement(EventSourceMapping, "get_configuration", mappings.describe),
        Replacement(LambdaStorage, "get_arn", find_by_qualified_arn),
        Replacement(LambdaStorage, "publish_version", number_versions_on),
    ]


def find_by_qualified_arn(original: Method) -> Method:
    """moto reads the ARN of an alias as the function's, which is its newest code."""

    def get_arn(self: Any, arn: str) -> Any:
        try:
            return self.get_function_by_name_or_arn_with_qualifier(arn)
        except LambdaClientError:
            return original(self, arn)

    return get_arn


def number_versions_on(original: Method) -> Method:
    """moto gives the number of a deleted version again."""

    def publish_version(self: Any, name_or_arn: str, description: str = "") -> Any:
        function = self.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
        versions = self._functions[function.function_name]["versions"]
        before = len(versions)
        highest = getattr(function, "highest_version", 0)
        version = original(self, name_or_arn, description)
        if len(versions) > before:
            version.set_version(highest + 1)
            function.highest_version = highest + 1
            self._arns[version.function_arn] = version
        return version

    return publish_version


class Roles:
    """A new role, or a new policy of it, is not visible to Lambda at its first uses."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    def after_creation(self, original: Method) -> Method:
        """A role is new."""

        def create_role(backend: Any, role_name: str, *args: Any, **more: Any) -> Any:
            role = original(backend, role_name, *args, **more)
            self._behaviour.changing.start(("assume", role_name), self._behaviour.role_refusals)
            return role

        return create_role

    def after_policy(self, original: Method) -> Method:
        """A role's policy is new."""

        def put_role_policy(backend: Any, role_name: str, policy_name: str, policy_json: str) -> None:
            new = policy_name not in backend.get_role(role_name).policies
            original(backend, role_name, policy_name, policy_json)
            if new:
                for use in ("poll", "send"):
                    self._behaviour.changing.start((use, role_name), self._behaviour.role_refusals)

        return put_role_policy

    def before_function(self, original: Method) -> Method:
        """A function is made with a role."""

        def create_function(backend: Any, spec: Json) -> Any:
            if self._behaviour.changing.unfinished(("assume", _role(spec["Role"]))):
                raise refuse("InvalidParameterValueException", NOT_ASSUMABLE)
            if int(spec.get("MemorySize") or 128) > self._behaviour.memory_mb:
                raise refuse("InvalidParameterValueException", TOO_MUCH_MEMORY.format(most=self._behaviour.memory_mb))
            return original(backend, spec)

        return create_function

    def before_mapping(self, original: Method) -> Method:
        """A mapping is made with the role of its function."""

        def create_event_source_mapping(backend: Any, spec: Json) -> Any:
            role = _role(backend.get_function(spec["FunctionName"]).role)
            if self._behaviour.changing.unfinished(("poll", role)):
                source = spec["EventSourceArn"]
                text = NO_STREAM.format(arn=source) if ":dynamodb:" in source else NO_QUEUE
                raise refuse("InvalidParameterValueException", text)
            return original(backend, spec)

        return create_event_source_mapping

    def before_destination(self, original: Method) -> Method:
        """Lambda will send to the destination as the function's role."""

        def put_function_event_invoke_config(backend: Any, function_name: str, config: Json) -> Any:
            if self._behaviour.changing.unfinished(("send", _role(backend.get_function(function_name).role))):
                raise refuse("InvalidParameterValueException", NO_DESTINATION)
            return original(backend, function_name, config)

        return put_function_event_invoke_config


class Mappings:
    """Mappings change in the background; meanwhile they refuse other changes, and deleted ones are still there."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    def create(self, original: Method) -> Method:
        """A mapping is `Creating`; the same one twice is refused."""

        def create_event_source_mapping(backend: Any, spec: Json) -> Any:
            asked = _qualified(backend, spec["FunctionName"])
            for other in list(backend._event_source_mappings.values()):
                if (other.event_source_arn, other.function_arn) == (spec["EventSourceArn"], asked):
                    service = "SQS" if ":sqs:" in other.event_source_arn else "dynamodb"
                    where = {"service": service, "arn": other.event_source_arn, "uuid": other.uuid}
                    raise refuse("ResourceConflictException", EXISTS.format(function=asked, **where))
            mapping = original(backend, spec)
            self._point(backend, mapping, asked)
            self._begin(mapping, "Creating")
            return mapping

        return create_event_source_mapping

    def update(self, original: Method) -> Method:
        """A mapping is `Updating`; one that is changing refuses."""

        def update_event_source_mapping(backend: Any, uuid: str, spec: Json) -> Any:
            mapping = self._changeable(backend, uuid, "update")
            answer = original(backend, uuid, spec)
            if mapping is not None and "FunctionName" in spec:
                self._point(backend, mapping, _qualified(backend, spec["FunctionName"]))
            if mapping is not None:
                self._begin(mapping, "Updating")
            if mapping is not None and spec.get("Enabled") and ":sqs:" in mapping.event_source_arn:
                threading.Thread(target=deliver_waiting, args=(backend, mapping), daemon=True).start()
            return answer

        return update_event_source_mapping

    def delete(self, _original: Method) -> Method:
        """A mapping is `Deleting`, and goes later."""

        def delete_event_source_mapping(backend: Any, uuid: str) -> Any:
            mapping = self._changeable(backend, uuid, "delete")
            if mapping is not None:
                self._begin(mapping, "Deleting")
            return mapping

        return delete_event_source_mapping

    def get(self, original: Method) -> Method:
        """Those that have gone are not answered."""

        def get_event_source_mapping(backend: Any, uuid: str) -> Any:
            self._purge(backend)
            return original(backend, uuid)

        return get_event_source_mapping

    def list(self, original: Method) -> Method:
        """Those that have gone are not listed."""

        def list_event_source_mappings(backend: Any, event_source_arn: str, function_name: str) -> Any:
            self._purge(backend)
            return original(backend, event_source_arn, function_name)

        return list_event_source_mappings

    def describe(self, original: Method) -> Method:
        """The state of a mapping that is changing."""

        def get_configuration(mapping: Any) -> Json:
            answer: Json = original(mapping)
            state = getattr(mapping, "transition", None)
            if state and self._behaviour.changing.unfinished(("mapping", mapping.uuid)):
                return {**answer, "State": state}
            return answer

        return get_configuration

    def _begin(self, mapping: Any, transition: str) -> None:
        mapping.transition = transition
        self._behaviour.changing.start(("mapping", mapping.uuid), self._behaviour.busy_answers)

    def _changeable(self, backend: Any, uuid: str, verb: str) -> Any:
        self._purge(backend)
        mapping = backend._event_source_mappings.get(uuid)
        if mapping is not None and self._behaviour.changing.unfinished(("mapping", uuid)):
            raise refuse("ResourceInUseException", IN_USE.format(verb=verb))
        return mapping

    def _purge(self, backend: Any) -> None:
        """Remove mappings whose deletion is finished; moto would go on sending to them."""
        for mapping in list(backend._event_source_mappings.values()):
            finished = not self._behaviour.changing.running(("mapping", mapping.uuid))
            if getattr(mapping, "transition", None) == "Deleting" and finished:
                backend._event_source_mappings.pop(mapping.uuid)
                for receivers in _receivers(backend, mapping.event_source_arn):
                    for arn in [arn for arn, other in receivers.items() if other is mapping]:
                        del receivers[arn]

    def _point(self, backend: Any, mapping: Any, arn: str) -> None:
        """Let a mapping send to the ARN that was asked for, such as an alias; moto takes the version of now."""
        mapping.function_arn = arn
        for receivers in _receivers(backend, mapping.event_source_arn):
            for other in [other for other, value in receivers.items() if value is mapping]:
                del receivers[other]
            receivers[arn] = mapping


def deliver_waiting(backend: Any, mapping: Any) -> None:
    """Deliver what waits in the queue of a mapping that was enabled; moto delivers only what is sent from then on."""
    queues = sqs_backends[backend.account_id][backend.region_name]
    name = mapping.event_source_arn.rpartition(":")[2]
    while messages := queues.receive_message(name, 1, 0, 30):
        if backend.send_sqs_batch(mapping.function_arn, messages, mapping.event_source_arn):
            for message in messages:
                queues.delete_message(name, str(message.receipt_handle))


def _receivers(backend: Any, source: str) -> list[dict[str, Any]]:
    """Where moto keeps the mappings of a queue or of a stream's table."""
    place = (backend.account_id, backend.region_name)
    if ":sqs:" in source:
        queues = sqs_backends[place[0]][place[1]].queues.values()
        return [queue.lambda_event_source_mappings for queue in queues if queue.queue_arn == source]
    tables = dynamodb_backends[place[0]][place[1]].tables.values()
    return [table.lambda_event_source_mappings for table in tables if source.startswith(f"{table.table_arn}/")]


def _qualified(backend: Any, name: str) -> str:
    """The ARN that AWS answers for a function's name or ARN, with the qualifier that was given."""
    function = backend.get_function(name)
    bare = re.sub(r"(:function:[^:]+):[^:]+$", r"\1", function.function_arn)
    qualifier = re.search(r":function:[^:]+:([^:]+)$", name) or re.fullmatch(r"[^:]+:([^:]+)", name)
    return f"{bare}:{qualifier[1]}" if qualifier else bare


def _role(arn: str) -> str:
    return arn.rpartition("/")[2]
