"""HTTPS requests to a deployed API where the gateway itself does not run: routed, wrapped and sent to the function."""

import base64
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.emulation.authorisation import Signer, allows, refusal, verify
from infra.harden import Deployed
from infra.release.callers import IAM


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
        self._gateway, self._functions = gateway, functions
        self._deployed = deployed
        self._function = deployed.functions["api_handler"]
        self._stage = deployed.api_stage
        self._region, self.account = self._function.split(":")[3:5]
        pages = gateway.get_paginator("get_resources").paginate(restApiId=deployed.rest_api_id, embed=["methods"])
        # How each method of each path is authorised.
        self.routes: dict[str, dict[str, str]] = {
            resource["path"]: {
                method: str(described.get("authorizationType"))
                for method, described in resource.get("resourceMethods", {}).items()
            }
            for page in pages
            for resource in page["items"]
        }

    @property
    def is_signed(self) -> bool:
        """Whether the API asks for signatures."""
        return any(IAM in methods.values() for methods in self.routes.values())

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str = "",
        headers: Mapping[str, str] | None = None,
        signed_by: str | None = None,
    ) -> Answer:
        """Send a request; a body that is not bytes goes as JSON.

        `signed_by`: the AWS account that signs it where the API asks for that, '' for none; the API's own by default.
        """
        sent = {"Host": "rehearsal", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
            body = json.dumps(body, ensure_ascii=False).encode()
        url, signer = self._deployed.rest_api_url.rstrip("/") + path, self.account if signed_by is None else signed_by
        if self.is_signed and key:
            sent["X-Lianfang-Key"] = key
        elif key:
            sent["Authorization"] = f"Bearer {key}"
        if self.is_signed and signer:
            sent = Signer(signer).sign(method, url, sent, body, self._region)
        event = self._event(method, urlsplit(path), sent, body)
        refused = self._refused(event, method, url, sent, body)
        if refused:
            return Answer(*refused)
        answer = self._functions.invoke(FunctionName=self._function, Payload=json.dumps(event))
        result = json.loads(answer["Payload"].read())
        if "errorType" in result:
            return Answer(502, {}, json.dumps(result).encode())
        raw = result["body"]
        content = base64.b64decode(raw) if result.get("isBase64Encoded") else raw.encode()
        flat = {name: values[-1] for name, values in result.get("multiValueHeaders", {}).items()}
        return Answer(result["statusCode"], {**result.get("headers", {}), **flat}, content)

    def _refused(
        self, event: Any, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes] | None:
        """The answer of the gateway that lets a request go no further; None when it passes."""
        rest_api, account, kind = self._deployed.rest_api_id, "", ""
        if event is None:
            kind = "MISSING_AUTHENTICATION_TOKEN"
        elif self.routes[event["resource"]][method] == IAM:
            account, kind = verify(method, url, headers, body)
        if not kind:
            policy = self._gateway.get_rest_api(restApiId=rest_api).get("policy") or ""
            place = f"{self._stage}/{method}{urlsplit(url).path.removeprefix('/' + self._stage)}"
            kind = "" if allows(policy, account, self.account, place) else "ACCESS_DENIED"
        if not kind and self._lets_nothing_through():
            kind = "THROTTLED"
        if not kind:
            return None
        status, content = refusal(self._gateway, rest_api, kind)
        return status, {}, content

    def _lets_nothing_through(self) -> bool:
        place = {"restApiId": self._deployed.rest_api_id, "stageName": self._stage}
        settings = self._gateway.get_stage(**place).get("methodSettings", {})
        return float(settings.get("*/*", {}).get("throttlingRateLimit", 1)) == 0

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
