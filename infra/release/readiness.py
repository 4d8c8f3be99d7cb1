"""Asks a version of the API's function whether it is ready, before anybody else reaches it."""

import json
import uuid
from collections.abc import Callable
from typing import Any, Final

from infra.aws import DeployError, wait_for

READY: Final = "/ready"
HEALTH: Final = "/health"
READY_SECONDS: Final = 60.0
# What a commit answers that has no such route.
ABSENT: Final = (404, 405)


def ask(functions: Any, function: str, version: str, path: str = READY) -> tuple[int, str]:
    """Status and body that a version of the API's function answers for a GET of the path."""
    answer = functions.invoke(FunctionName=f"{function}:{version}", Payload=json.dumps(_event(path)).encode())
    result = json.loads(answer["Payload"].read())
    if "errorType" in result:
        return 502, f"{result['errorType']}: {result.get('errorMessage', '')}"
    return int(result["statusCode"]), str(result.get("body", ""))


def check_version(functions: Any, function: str, version: str, seconds: float = READY_SECONDS) -> None:
    """Wait until the version answers that it is ready; raises `DeployError` with its last answer."""
    wait_until_ready(lambda path: ask(functions, function, version, path), seconds, f"a ready version {version}")


def wait_until_ready(get: Callable[[str], tuple[int, str]], seconds: float, subject: str) -> None:
    """Wait until a GET of `/ready` is answered with 200; raises `DeployError` with the last answer.

    `get` gives status and body by path. A commit that is older than `/ready` is asked for its health alone.
    """
    last = "no answer"

    def ready() -> bool | None:
        nonlocal last
        try:
            status, body = get(READY)
            if status in ABSENT:
                status, body = get(HEALTH)
        except OSError as error:
            last = str(error)
            return None
        last = f"{status} {body[:500]}"
        return True if status == 200 else None

    try:
        wait_for(ready, seconds=seconds, every=3, subject=subject)
    except DeployError as error:
        raise DeployError(f"{error}; last: {last}") from error


def _event(path: str) -> dict[str, Any]:
    """A GET as the gateway passes it on."""
    context = {
        "httpMethod": "GET",
        "resourcePath": path,
        "path": path,
        "stage": "release",
        "requestId": str(uuid.uuid4()),
        "identity": {"sourceIp": "127.0.0.1"},
    }
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": {"Host": "release", "Accept": "application/json"},
        "multiValueHeaders": {"Host": ["release"], "Accept": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": context,
        "body": None,
        "isBase64Encoded": False,
    }
