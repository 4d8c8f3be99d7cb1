"""Chalice's AWS client, made for this deploy: code from the bucket, an alias of each function, patience with AWS.

Everything that calls a function (gateway, queues, stream, schedules) is given the ARN of the alias. The alias stays on
the version before until the release moves it, so that a deploy changes nothing that runs.
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import botocore.session
from botocore.exceptions import ClientError
from chalice.awsclient import TypedAWSClient

from infra.aws import NOT_YET, pace

ALIAS: Final = "live"
RUNTIME: Final = "python3.13"
EXISTING_MAPPING: Final = re.compile(r"mapping with UUID ([0-9a-fA-F-]+)")
MAPPING_TRIES: Final = 30
Upload = Callable[[bytes], Mapping[str, str]]


def bare(arn: str) -> str:
    """The ARN of a function without the alias or version.

    >>> bare("arn:aws-cn:lambda:cn-north-1:123456789012:function:lianfang-dev:live")
    'arn:aws-cn:lambda:cn-north-1:123456789012:function:lianfang-dev'
    """
    return re.sub(r"(:function:[^:]+):[^:]+$", r"\1", arn)


class DeployClient(TypedAWSClient):
    """Chalice's client. `upload` puts a zip into the bucket and gives its `S3Bucket` and `S3Key`."""

    def __init__(self, session: botocore.session.Session, upload: Upload, runtime: str = RUNTIME) -> None:
        super().__init__(session, sleep=lambda seconds: time.sleep(seconds * pace()))
        self._upload = upload
        self._runtime = runtime

    def create_function(self, *args: Any, **more: Any) -> str:
        """Create the function with its alias on a first version; the ARN of the alias."""
        return self._aliased(super().create_function(*args, **{**more, "runtime": self._runtime}))

    def update_function(self, *args: Any, **more: Any) -> dict[str, Any]:
        """Update what the next version is made of; the alias stays where it is."""
        name = more.get("function_name") or args[0]
        current = self._client("lambda").get_function_configuration(FunctionName=name)
        alias = self._aliased(bare(current["FunctionArn"]))
        result = super().update_function(*args, **{**more, "runtime": self._runtime})
        return {**result, "FunctionArn": alias}

    def delete_function(self, function_name: str) -> None:
        """Delete the function with its versions and its alias."""
        super().delete_function(bare(function_name))

    def _create_lambda_function(self, api_args: dict[str, Any]) -> tuple[str, str]:
        args = {**api_args, "Code": dict(self._upload(api_args["Code"]["ZipFile"]))}
        create = self._client("lambda").create_function
        result = self._call_client_method_with_retries(create, args, max_attempts=self.LAMBDA_CREATE_ATTEMPTS)
        return result["FunctionArn"], result["State"]

    def _update_function_code(
        self, function_name: str, zip_contents: Any, architecture: str | None = None
    ) -> dict[str, Any]:
        args: dict[str, Any] = {"FunctionName": function_name, **self._upload(zip_contents)}
        if architecture is not None:
            args["Architectures"] = [architecture]
        result: dict[str, Any] = self._client("lambda").update_function_code(**args)
        if result.get("LastUpdateStatus") != "Successful":
            self._wait_for_function_update(function_name)
        return result

    def _is_iam_role_related_error(self, error: ClientError) -> bool:
        return bool(NOT_YET.search(error.response["Error"].get("Message", "")))

    def create_lambda_event_source(self, *_: Any, **wanted: Any) -> Any:
        """Create the mapping, or take over the same one that a deploy that broke off has left; its UUID."""
        for _try in range(MAPPING_TRIES):
            try:
                return str(super().create_lambda_event_source(**wanted))
            except ClientError as error:
                existing = EXISTING_MAPPING.search(error.response["Error"].get("Message", ""))
                if error.response["Error"]["Code"] != "ResourceConflictException" or not existing:
                    raise
                if self._is_deleted(existing[1]):
                    self._sleep(self.DELAY_TIME)
                    continue
                self.update_lambda_event_source(existing[1], wanted["batch_size"])
                return existing[1]
        raise TimeoutError(f"the mapping of {wanted['event_source_arn']} is still being deleted")

    def _is_deleted(self, uuid: str) -> bool:
        client = self._client("lambda")
        try:
            return bool(client.get_event_source_mapping(UUID=uuid)["State"] == "Deleting")
        except client.exceptions.ResourceNotFoundException:
            return True

    def verify_event_source_current(
        self, event_uuid: str, resource_name: str, service_name: str, function_arn: str
    ) -> bool:
        """Whether the mapping is of the queue and of the function, whichever of its aliases."""
        mapping = self._mapping(event_uuid)
        source = mapping.get("EventSourceArn", "")
        right = source.rpartition(":")[2] == resource_name and source.split(":")[2:3] == [service_name]
        return right and bare(mapping["FunctionArn"]) == bare(function_arn)

    def verify_event_source_arn_current(self, event_uuid: str, event_source_arn: str, function_arn: str) -> bool:
        """Whether the mapping is of the stream and of the function, whichever of its aliases."""
        mapping = self._mapping(event_uuid)
        right = mapping.get("EventSourceArn") == event_source_arn
        return right and bare(mapping["FunctionArn"]) == bare(function_arn)

    def _mapping(self, uuid: str) -> dict[str, Any]:
        """The mapping; empty when there is none or it is being deleted."""
        client = self._client("lambda")
        try:
            mapping: dict[str, Any] = client.get_event_source_mapping(UUID=uuid)
        except client.exceptions.ResourceNotFoundException:
            return {}
        return {} if mapping["State"] == "Deleting" else mapping

    def remove_lambda_event_source(self, event_uuid: str) -> None:
        """Delete the mapping unless it is gone already."""
        if self._mapping(event_uuid):
            super().remove_lambda_event_source(event_uuid)

    def get_or_create_rule_arn(self, rule_name: str, *args: Any, **more: Any) -> str:
        """Create or change the rule; one that is disabled stays so, where AWS would enable it."""
        events = self._client("events")
        try:
            is_disabled = events.describe_rule(Name=rule_name)["State"] == "DISABLED"
        except events.exceptions.ResourceNotFoundException:
            is_disabled = False
        arn = str(super().get_or_create_rule_arn(rule_name, *args, **more))
        if is_disabled:
            events.disable_rule(Name=rule_name)
        return arn

    def add_permission_for_apigateway(self, function_name: str, *args: Any, **more: Any) -> None:
        """Let the gateway call the alias."""
        super().add_permission_for_apigateway(f"{function_name}:{ALIAS}", *args, **more)

    def _aliased(self, arn: str) -> str:
        """The ARN of the function's alias, which is made on what the function is now when there is none."""
        client = self._client("lambda")
        try:
            client.get_alias(FunctionName=arn, Name=ALIAS)
        except client.exceptions.ResourceNotFoundException:
            version = client.publish_version(FunctionName=arn)["Version"]
            client.create_alias(FunctionName=arn, Name=ALIAS, FunctionVersion=version)
        return f"{arn}:{ALIAS}"
