"""In front of moto's server: calls that AWS throttles, reads that it answers in part, and the account's quotas.

Errors are the documented throttling error of each service, in its protocol. A batch read that is answered in part names
the rest under `UnprocessedKeys`
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
"""

import io
import json
import random
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from chalicelib.values.records import Json
from infra.emulation.behaviour import Behaviour

Environ = dict[str, Any]
Answer = tuple[str, list[tuple[str, str]], bytes]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

TEXT: Final = "Rate exceeded"
JSON_ERRORS: Final = {
    "dynamodb": ("ThrottlingException", "ProvisionedThroughputExceededException"),
    "sqs": ("RequestThrottled",),
    "secretsmanager": ("ThrottlingException",),
    "events": ("ThrottlingException",),
    "logs": ("ThrottlingException",),
}
REST_ERRORS: Final = {"lambda": "TooManyRequestsException", "apigateway": "TooManyRequestsException"}
QUERY_SERVICES: Final = frozenset({"cloudformation", "iam", "sns"})
ACCOUNT_SETTINGS: Final = "/2016-08-19/account-settings"


# No client tries this again.
EXPIRED: Final[Answer] = (
    "403 Forbidden",
    [("Content-Type", "application/json"), ("x-amzn-ErrorType", "ExpiredTokenException")],
    b'{"message": "The security token included in the request is expired"}',
)


class Front:
    """Answers for moto where AWS would refuse a call, and lets all others through; a WSGI application."""

    def __init__(self, application: Application, behaviour: Behaviour) -> None:
        self._application = application
        self._behaviour = behaviour
        self._random = random.Random(behaviour.seed)
        self._lock = threading.Lock()
        self.refused: list[str] = []
        self.split: int = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        service = _service(environ)
        if environ.get("PATH_INFO", "").rstrip("/") == ACCOUNT_SETTINGS:
            return _send(start_response, self._account_settings())
        if service == "lambda" and self._behaviour.refused_after is not None:
            self._behaviour.refused_after -= 1
            if self._behaviour.refused_after < 0:
                return _send(start_response, EXPIRED)
        with self._lock:
            chosen = service is not None and self._random.random() < self._behaviour.throttled
            kind = self._random.random()
        if chosen and service is not None:
            if environ.get("HTTP_X_AMZ_TARGET", "").endswith(".BatchGetItem") and kind < 0.5:
                return self._answer_in_part(environ, start_response)
            if refusal := throttled(service, kind):
                self.refused.append(service)
                return _send(start_response, refusal)
        return self._application(environ, start_response)

    def _account_settings(self) -> Answer:
        limits = {"ConcurrentExecutions": self._behaviour.concurrency, "TotalCodeSize": 80_530_636_800}
        return "200 OK", [("Content-Type", "application/json")], json.dumps({"AccountLimit": limits}).encode()

    def _answer_in_part(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Let a batch read through without its last key, and name that key as unprocessed."""
        request: Json = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        table, asked = next(reversed(request["RequestItems"].items()))
        kept, left = asked["Keys"][:-1], asked["Keys"][-1:]
        unprocessed = {table: {**asked, "Keys": left}}
        self.split += 1
        if not kept and len(request["RequestItems"]) == 1:
            body = json.dumps({"Responses": {table: []}, "UnprocessedKeys": unprocessed}).encode()
            return _send(start_response, ("200 OK", [("Content-Type", "application/x-amz-json-1.0")], body))
        reduced = {**request["RequestItems"], table: {**asked, "Keys": kept}}
        request["RequestItems"] = {name: each for name, each in reduced.items() if each["Keys"]}
        sent = json.dumps(request).encode()
        environ = {**environ, "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
        got: list[Any] = []
        body = b"".join(self._application(environ, lambda status, headers, *_: got.extend([status, headers])))
        status, headers = got[0], got[1]
        if status.startswith("200"):
            answer: Json = json.loads(body)
            answer["UnprocessedKeys"] = {**answer.get("UnprocessedKeys", {}), **unprocessed}
            body = json.dumps(answer).encode()
        # The checksum and the length are those of the whole answer.
        kept_headers = [each for each in headers if each[0].lower() not in ("content-length", "x-amz-crc32")]
        return _send(start_response, (status, kept_headers, body))


def throttled(service: str, kind: float = 0.0) -> Answer | None:
    """The throttling error of a service; None for one that is not emulated. `kind`, 0 to 1, chooses among several."""
    if service in JSON_ERRORS:
        codes = JSON_ERRORS[service]
        body: Json = {"__type": codes[int(kind * len(codes))], "message": TEXT}
        return "400 Bad Request", [("Content-Type", "application/x-amz-json-1.0")], json.dumps(body).encode()
    if service in REST_ERRORS:
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", REST_ERRORS[service])]
        return "429 Too Many Requests", headers, json.dumps({"message": TEXT}).encode()
    if service in QUERY_SERVICES:
        error = f"<Error><Type>Sender</Type><Code>Throttling</Code><Message>{TEXT}</Message></Error>"
        body_xml = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>".encode()
        return "400 Bad Request", [("Content-Type", "text/xml")], body_xml
    if service == "s3":
        text = f"<Error><Code>SlowDown</Code><Message>{TEXT}</Message></Error>".encode()
        return "503 Slow Down", [("Content-Type", "application/xml")], text
    return None


def _service(environ: Environ) -> str | None:
    """The service that a signed request is for; None for an unsigned one (forms posted to the bucket)."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0].split("/")
    return str(scope[3]) if len(scope) == 5 else None


def _send(start_response: Callable[..., Any], answer: Answer) -> Iterable[bytes]:
    status, headers, body = answer
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]
