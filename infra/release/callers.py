"""Which AWS accounts may call an API whose gateway asks for signatures (`gateway_auth: iam`): its resource policy.

A caller of another account needs this policy and one of its own account; a caller of the API's account needs its own
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html). Once an API has a
policy, routes without authorisation are served too only where a statement allows them.

Imports nothing of the project: Chalice is run by it in a folder that may hold an older commit.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from chalice.deploy.swagger import TemplatedSwaggerGenerator

from infra.aws import DeployError

Document = dict[str, Any]
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MOST_BYTES: Final = 8_192
POLICY: Final = "x-amazon-apigateway-policy"
INVOKE: Final = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
IAM: Final = "AWS_IAM"
# People sign in by sessions, so no page below is of those that ask for a signature; there are more than a policy names.
WHOLLY_PUBLIC: Final = "/console/"


def resource_policy(public: Iterable[tuple[str, str]], stage: str, accounts: Sequence[str]) -> Document:
    """The policy: `accounts` may call everything, anybody the `public` routes, which are methods and paths.

    Accounts stand in a condition and not as principals, so that one that was closed does not make the policy invalid.
    Raises `DeployError` when there are too many of them for a policy.
    """
    places = sorted({f"execute-api:/{stage}/{method}{_pattern(path)}" for method, path in public})
    admitted = {"StringEquals": {"aws:PrincipalAccount": sorted(accounts)}}
    statements = [{"Sid": "Participants", **INVOKE, "Resource": "execute-api:/*", "Condition": admitted}]
    if places:
        statements.append({"Sid": "Public", **INVOKE, "Resource": places})
    policy = {"Version": "2012-10-17", "Statement": statements}
    if len(as_text(policy)) > MOST_BYTES:
        raise DeployError(f"{len(accounts)} AWS accounts and {len(places)} public routes do not fit a resource policy")
    return policy


def _pattern(path: str) -> str:
    """The path as a policy matches it; that of a page of the console stands for all of them."""
    return f"{WHOLLY_PUBLIC}*" if path.startswith(WHOLLY_PUBLIC) else re.sub("{[^}]+}", "*", path)


def as_text(policy: Document) -> str:
    """The policy as it is sent."""
    return json.dumps(policy, separators=(",", ":"))


class PolicySwagger(TemplatedSwaggerGenerator):
    """Chalice's description of the API for the gateway, with the policy where routes ask for signatures."""

    def __init__(self, stage: str, accounts: Sequence[str]) -> None:
        super().__init__()
        self._stage = stage
        self._accounts = accounts

    def generate_swagger(self, app: Any, rest_api: Any = None) -> Document:
        """The description; without accounts, or where no route asks for a signature, as Chalice makes it."""
        document: Document = super().generate_swagger(app, rest_api)
        public = list(_without_security(document["paths"]))
        if self._accounts and "securityDefinitions" in document:
            document[POLICY] = resource_policy(public, self._stage, self._accounts)
        return document


def _without_security(paths: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, methods in paths.items():
        for method, described in methods.items():
            if not described.get("security"):
                yield method.upper(), path


def admit(gateway: Any, rest_api: str, stage: str, accounts: Sequence[str]) -> bool:
    """Let exactly these accounts call the deployed API, from now on; False for one that asks for no signatures."""
    pages = gateway.get_paginator("get_resources").paginate(restApiId=rest_api, embed=["methods"])
    types = {
        (method, resource["path"]): described.get("authorizationType")
        for page in pages
        for resource in page["items"]
        for method, described in resource.get("resourceMethods", {}).items()
    }
    if IAM not in types.values():
        return False
    public = [place for place, kind in types.items() if kind != IAM]
    _put(gateway, rest_api, as_text(resource_policy(public, stage, accounts)))
    traced = bool(gateway.get_stage(restApiId=rest_api, stageName=stage).get("tracingEnabled", False))
    gateway.create_deployment(restApiId=rest_api, stageName=stage, tracingEnabled=traced)
    return True


def clear(gateway: Any, rest_api: str) -> None:
    """Take off the policy that an API had while it asked for signatures; it counts from its next deployment on."""
    if gateway.get_rest_api(restApiId=rest_api).get("policy"):
        _put(gateway, rest_api, "")


def _put(gateway: Any, rest_api: str, policy: str) -> None:
    change = {"op": "replace", "path": "/policy", "value": policy}
    gateway.update_rest_api(restApiId=rest_api, patchOperations=[change])
