"""The key of a caller in either header, and the routes that need a signature where the gateway asks for one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from chalice.deploy.swagger import SwaggerGenerator

import app
from chalicelib.handlers.openapi.document import description
from chalicelib.handlers.routing import DECLARED
from tests.world import World

ROOT = Path(__file__).parent.parent.parent
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIA/20261127/cn-north-1/execute-api/aws4_request, SignedHeaders=host, Signature=0"
)
NOBODYS = "lf_000000000000_" + "0" * 48
# Routes for participants that need no key.
MACHINES = {"GET /health", "HEAD /health", "GET /ready", "GET /openapi.json"}
DEPLOYED = {"api_handler_arn": "arn:aws-cn:lambda:cn-north-1:123456789012:function:a", "api_handler_name": "a"}
# In a process whose gateway asks for signatures: routes are made when they are imported.
DESCRIBE = f"""
import json, app
from chalice.deploy.swagger import SwaggerGenerator
from chalicelib.handlers.openapi.document import description
from chalicelib.handlers.routing import DECLARED
gateway = SwaggerGenerator("cn-north-1", {DEPLOYED!r}).generate_swagger(app.app)
print(json.dumps([gateway, description("0", DECLARED, "https://a.example")]))
"""


@pytest.mark.parametrize(
    ("authorization", "own", "answer"),
    [
        ("Bearer {key}", "", (200, "")),
        ("", "{key}", (200, "")),
        (SIGNED, "{key}", (200, "")),
        (SIGNED.replace("HMAC", "ECDSA-P256"), " {key} ", (200, "")),
        ("bearer {key}", "{key}", (200, "")),
        (SIGNED, "", (401, "missing_key")),
        (SIGNED, NOBODYS, (401, "unknown_key")),
        ("", "Bearer {key}", (401, "unknown_key")),
        ("", "{key}, {key}", (401, "unknown_key")),
        ("Bearer {key}", NOBODYS, (400, "conflicting_keys")),
        ("Bearer " + NOBODYS, "{key}", (400, "conflicting_keys")),
        ("Bearer", "{key}", (400, "conflicting_keys")),
        ("Basic {key}", "{key}", (400, "conflicting_keys")),
        ("{key}", "{key}", (400, "conflicting_keys")),
    ],
)
def test_a_key_counts_in_either_header(world: World, authorization: str, own: str, answer: tuple[int, str]) -> None:
    key = world.admit("alpha")
    headers = {"Authorization": authorization.format(key=key), "X_Lianfang_Key": own.format(key=key)}
    sent = {name: value for name, value in headers.items() if value}
    status, body, answered = world.call("GET", "/v1/platforms/me", **sent)
    assert (status, body.get("error", {}).get("code", "")) == answer
    assert key.rpartition("_")[2] not in json.dumps([body, answered])


def test_no_header_of_a_key_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    key = world.admit("alpha")
    caplog.clear()
    for sent in ({"X_Lianfang_Key": key}, {"X_Lianfang_Key": key, "Authorization": f"Bearer {NOBODYS}"}):
        world.call("POST", "/v1/lookups", body={"uscc": "91110108MA01ABCD84", "purpose": "onboarding"}, **sent)
        world.call("POST", "/v1/lookups", body={"colour": "red"}, **sent)
    assert key.rpartition("_")[2] not in str([vars(record) for record in caplog.records])


def described(asked: str) -> tuple[Any, Any]:
    """What API Gateway is told of the routes, and what the API says of itself."""
    if not asked:
        gateway = SwaggerGenerator("cn-north-1", DEPLOYED).generate_swagger(app.app)
        return gateway, description("0", DECLARED, "https://a.example")
    command = [sys.executable, "-B", "-c", DESCRIBE]
    environment = {**os.environ, "GATEWAY_AUTH": asked, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    gateway, document = json.loads(run.stdout)
    return gateway, document


@pytest.mark.parametrize("asked", ["iam", ""])
def test_routes_of_participants_need_a_signature_where_the_gateway_asks_for_one(asked: str) -> None:
    gateway, document = described(asked)
    methods = {
        f"{method.upper()} {path}": operation
        for path, operations in gateway["paths"].items()
        for method, operation in operations.items()
    }
    keyed = {f"{route.method} {route.path}" for route in DECLARED if route.roles}
    wanted = keyed | MACHINES if asked else set()
    assert {name for name, method in methods.items() if method.get("security") == [{"sigv4": []}]} == wanted
    assert not any(method.get("security") for name, method in methods.items() if name not in wanted)
    if asked:
        assert gateway["securityDefinitions"]["sigv4"]["x-amazon-apigateway-authtype"] == "awsSigv4"
    for route in DECLARED:
        security = document["paths"][route.path][route.method.lower()]["security"]
        if route.roles:
            either = [{"key": []}, {"key_header": []}]
            assert security == ([{"signature": [], "key_header": []}] if asked else either)
        elif f"{route.method} {route.path}" in MACHINES:
            assert security == ([{"signature": []}] if asked else [])
        assert {name for each in security for name in each} <= document["components"]["securitySchemes"].keys()
