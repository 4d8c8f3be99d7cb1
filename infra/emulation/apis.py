"""API Gateway as Chalice describes an API to it: Swagger 2, the authorisation of each method, the resource policy."""

import json
from collections.abc import Callable
from typing import Any, Final

from moto.apigateway.models import APIGatewayBackend

from chalicelib.values.records import Json
from infra.emulation.behaviour import Replacement


def add_description(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto needs a description of the API, which Chalice leaves out."""

    def import_rest_api(self: Any, api_doc: Json, fail_on_warnings: bool) -> Any:
        api_doc.setdefault("info", {}).setdefault("description", "")
        return original(self, api_doc, fail_on_warnings)

    return import_rest_api


def convert_to_openapi(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto takes OpenAPI 3 only, Chalice writes Swagger 2; of what moto reads the two agree."""

    def put_rest_api(self: Any, function_id: str, api_doc: Json, fail_on_warnings: bool, mode: str = "merge") -> Any:
        document = {key: value for key, value in api_doc.items() if key != "swagger"}
        api = original(self, function_id, {**document, "openapi": "3.0.1"}, fail_on_warnings, mode)
        _keep_authorisation(api, api_doc)
        return api

    return put_rest_api


def _keep_authorisation(api: Any, document: Json) -> None:
    """moto overlooks the security of a method and the policy of the API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
    """
    schemes = document.get("securityDefinitions", {})
    iam = {name for name, scheme in schemes.items() if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4"}
    for path, methods in document["paths"].items():
        resource = api.get_resource_for_path(path)
        for method, described in methods.items():
            asked = {name for each in described.get("security", []) for name in each}
            resource.resource_methods[method.upper()].authorization_type = "AWS_IAM" if asked & iam else "NONE"
    if "x-amazon-apigateway-policy" in document:
        api.policy = json.dumps(document["x-amazon-apigateway-policy"])


GATEWAY_REPLACEMENTS: Final = (
    Replacement(APIGatewayBackend, "import_rest_api", add_description),
    Replacement(APIGatewayBackend, "put_rest_api", convert_to_openapi),
)
