"""HTTPS requests to a deployed API where the gateway itself does not run: routed, wrapped and sent to the function."""

import base64
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.harden import Deployed


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Gateway:
    """The routes of the deployed REST API, each leading to the function that it is integrated with."""

    def __init__(self, gateway: Any, functions: Any, deployed: Deployed) -> None:
        self._functions = functions
        self._function = deployed.functions["api_handler"]
        self._stage = deployed.api_stage
        pages = gateway.get_paginator("get_resources").paginate(restApiId=deployed.rest_api_id)
        self.routes = {
            resource["path"]: frozenset(resource.get("resourceMethods", {}))
            for page in pages
            for resource in page["items"]
        }

    def send(
        self, method: str, path: str, body: Any = None, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request; a body that is not bytes goes as JSON."""
        sent = {"Host": "rehearsal", **(headers or {})}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        if body is not None and not isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
            body = json.dumps(body, ensure_ascii=False).encode()
        event = self._event(method, urlsplit(path), sent, body)
        if event is None:
            return Answer(404, {}, b'{"error":{"code":"not_found"}}')
        answer = self._functions.invoke(FunctionName=self._function, Payload=json.dumps(event))
        result = json.loads(answer["Payload"].read())
        if "errorType" in result:
            return Answer(502, {}, json.dumps(result).encode())
        raw = result["body"]
        content = base64.b64decode(raw) if result.get("isBase64Encoded") else raw.encode()
        flat = {name: values[-1] for name, values in result.get("multiValueHeaders", {}).items()}
        return Answer(result["statusCode"], {**result.get("headers", {}), **flat}, content)

    def _event(self, method: str, url: Any, headers: Mapping[str, str], body: bytes | None) -> Any:
        for resource, methods in sorted(self.routes.items(), key=lambda route: "{" in route[0]):
            match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", resource), url.path)
            if match and method in methods:
                return {
                    "resource": resource,
                    "path": url.path,
                    "httpMethod": method,
                    "headers": dict(headers),
                    "multiValueHeaders": {name: [value] for name, value in headers.items()},
                    "queryStringParameters": None,
                    "multiValueQueryStringParameters": parse_qs(url.query) or None,
                    "pathParameters": match.groupdict() or None,
                    "stageVariables": None,
                    "requestContext": {
                        "httpMethod": method,
                        "resourcePath": resource,
                        "path": f"/{self._stage}{url.path}",
                        "stage": self._stage,
                        "requestId": str(uuid.uuid4()),
                        "identity": {"sourceIp": "192.0.2.1"},
                    },
                    "body": base64.b64encode(body).decode() if body is not None else None,
                    "isBase64Encoded": body is not None,
                }
        return None
