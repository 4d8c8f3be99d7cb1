"""Limits of AWS on what is sent to it that moto does not have, with the texts by which AWS refuses.

Of an account that has asked for nothing:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html,
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any, Final

from moto.apigateway.exceptions import ApiGatewayException
from moto.apigateway.models import APIGatewayBackend
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend
from moto.iam.exceptions import LimitExceededException
from moto.iam.models import IAMBackend
from moto.sqs.models import sqs_backends

from chalicelib.values.records import Json
from infra.emulation.behaviour import Replacement

RESOURCES_OF_AN_API: Final = 300
BYTES_OF_AN_API: Final = 6 * 1024 * 1024
BYTES_OF_A_TEMPLATE: Final = 51_200
CHARACTERS_OF_ROLE_POLICIES: Final = 10_240
BYTES_OF_AN_ENVIRONMENT: Final = 4_096
BYTES_OF_A_PACKAGE: Final = 262_144_000
BYTES_OF_AN_UPLOAD: Final = 50 * 1024 * 1024
Method = Callable[..., Any]


def hold_api(original: Method) -> Method:
    """The description of an API within its size, and the parts of its paths within the number of resources."""

    def put_rest_api(self: Any, function_id: str, api_doc: Json, *arguments: Any, **named: Any) -> Any:
        if count_resources(api_doc["paths"]) > RESOURCES_OF_AN_API:
            raise ApiGatewayException(
                "LimitExceededException",
                "Maximum number of Resources for this API has been reached.  Please contact AWS if you need "
                "additional Resources.",
            )
        if len(json.dumps(api_doc).encode()) > BYTES_OF_AN_API:
            raise ApiGatewayException("BadRequestException", "The API description is over 6 MB")
        return original(self, function_id, api_doc, *arguments, **named)

    return put_rest_api


def count_resources(paths: Iterable[str]) -> int:
    """How many resources the paths of an API make: the root, and each part of a path, once."""
    return 1 + len({place for path in paths for place in accumulate(path.strip("/").split("/"), "{}/{}".format)} - {""})


def hold_policies(original: Method) -> Method:
    """All inline policies of a role together, white space not counted."""

    def put_role_policy(self: Any, role_name: str, policy_name: str, policy_json: str) -> Any:
        policies = {**self.get_role(role_name).policies, policy_name: policy_json}
        if sum(len("".join(text.split())) for text in policies.values()) > CHARACTERS_OF_ROLE_POLICIES:
            text = f"Maximum policy size of {CHARACTERS_OF_ROLE_POLICIES} bytes exceeded for role {role_name}"
            raise LimitExceededException(text)
        return original(self, role_name, policy_name, policy_json)

    return put_role_policy


def hold_environment(original: Method) -> Method:
    """Names and values of the environment of a function that is made or changed."""

    def changed(self: Any, described: Json, *arguments: Any) -> Any:
        variables: Mapping[str, str] = described.get("Environment", {}).get("Variables", {})
        if sum(len(f"{name}{value}".encode()) for name, value in variables.items()) > BYTES_OF_AN_ENVIRONMENT:
            raise LambdaClientError(
                "InvalidParameterValueException",
                "Lambda was unable to configure your environment variables because the environment variables you have "
                f"provided exceeded the 4KB limit. String measured: {json.dumps(variables)}",
            )
        return original(self, described, *arguments)

    return changed


def hold_package(original: Method) -> Method:
    """The code of a function: what is sent by itself, and what it is when it is unpacked."""

    def set_code(self: Any, described: Json) -> Any:
        answer = original(self, described)
        if "ZipFile" in described and len(self.code_bytes) > BYTES_OF_AN_UPLOAD:
            text = "Request must be smaller than 70167211 bytes for the UpdateFunctionCode operation"
            raise LambdaClientError("RequestEntityTooLargeException", text)
        with zipfile.ZipFile(io.BytesIO(self.code_bytes)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
        if unpacked > BYTES_OF_A_PACKAGE:
            text = f"Unzipped size must be smaller than {BYTES_OF_A_PACKAGE} bytes"
            raise LambdaClientError("InvalidParameterValueException", text)
        return answer

    return set_code


def hold_visibility(original: Method) -> Method:
    """A queue that shows its messages again before the function's time is over."""

    def create_event_source_mapping(self: Any, described: Json) -> Any:
        _service, _, place = described["EventSourceArn"].partition(":sqs:")
        if place:
            region, _account, name = place.split(":")
            queue: Any = sqs_backends[self.account_id][region].queues[name]
            hidden, time = int(queue.visibility_timeout), int(self.get_function(described["FunctionName"]).timeout)
            if hidden < time:
                text = f"Queue visibility timeout: {hidden} seconds is less than Function timeout: {time} seconds"
                raise LambdaClientError("InvalidParameterValueException", text)
        return original(self, described)

    return create_event_source_mapping


def hold_template(original: Method) -> Method:
    """A template that is sent in the call itself; moto reads that of a bucket as if it had been sent so."""

    def changed(self: Any, name: str, template: str, *arguments: Any, **named: Any) -> Any:
        if len(template.encode()) > BYTES_OF_A_TEMPLATE:
            raise ValidationError(
                message=f"1 validation error detected: Value '{template[:80]}…' at 'templateBody' failed to satisfy "
                f"constraint: Member must have length less than or equal to {BYTES_OF_A_TEMPLATE}"
            )
        return original(self, name, template, *arguments, **named)

    return changed


SIZE_REPLACEMENTS: Final = (
    Replacement(APIGatewayBackend, "put_rest_api", hold_api),
    Replacement(IAMBackend, "put_role_policy", hold_policies),
    Replacement(LambdaBackend, "create_function", hold_environment),
    Replacement(LambdaFunction, "update_configuration", hold_environment),
    Replacement(LambdaFunction, "_set_function_code", hold_package),
    Replacement(LambdaBackend, "create_event_source_mapping", hold_visibility),
    Replacement(CloudFormationBackend, "create_stack", hold_template),
    Replacement(CloudFormationBackend, "update_stack", hold_template),
)
