"""API Gateway as far as it can be imitated: a WSGI application that hands each request to the app as an event.

The event is made by `chalice.local.LocalGateway`; its gaps are filled here: routing by the raw URI (so
that %2F survives), binary types with parameters, the size limit, a request id, answers in our error shape.
"""

import base64
import json
import sys
import traceback
import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIEnvironment

from chalice.app import IAMAuthorizer
from chalice.config import Config
from chalice.local import CustomLocalChalice, LocalChalice, LocalGateway, LocalGatewayException

from chalicelib.messages import message
from chalicelib.values.records import Json
from infra.emulation.authorisation import SCOPE, SENTENCES

MAX_BODY = 10 * 1024 * 1024
REQUEST_ID = "X-Request-Id"

Answer = tuple[int, list[tuple[str, str]], bytes]


class Gateway:
    """A WSGI application over a Chalice app, and over `pages` of the local stack itself."""

    def __init__(self, app: Any, pages: dict[tuple[str, str], Callable[[], Any]]) -> None:
        if not isinstance(app, LocalChalice):
            # Chalice's own way of giving each thread its own current_request.
            CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
            app.__class__ = CustomLocalChalice
        self.app = app
        self.pages = pages
        self.local = LocalGateway(app, Config())
        self.binary = set(app.api.binary_types)

    def __call__(self, environ: WSGIEnvironment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        request_id = str(uuid.uuid4())
        try:
            status, headers, body = self._answer(environ, request_id)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            status, headers, body = _error(500, "internal_error")
        if not any(name.lower() == REQUEST_ID.lower() for name, _ in headers):
            headers.append((REQUEST_ID, request_id))
        headers.append(("Content-Length", str(len(body))))
        start_response(f"{status} {_phrase(status)}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _answer(self, environ: WSGIEnvironment, request_id: str) -> Answer:
        method, uri = environ["REQUEST_METHOD"], _raw_uri(environ)
        if page := self.pages.get((method, uri.partition("?")[0])):
            return _json(200, page())
        if int(environ.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            return _error(413, "too_large", limit_bytes=MAX_BODY)
        try:
            route = self.local.event_converter._route_matcher.match_route(uri).route
        except ValueError:
            return _error(404, "not_found")
        if method not in self.app.routes[route]:
            status, headers, body = _error(405, "method_not_allowed")
            return status, [*headers, ("Allow", ", ".join(sorted(self.app.routes[route])))], body
        signed = isinstance(self.app.routes[route][method].authorizer, IAMAuthorizer)
        if signed and not SCOPE.match(environ.get("HTTP_AUTHORIZATION", "")):
            return _unsigned()
        return self._invoke(method, uri, environ, request_id, signed)

    def _invoke(self, method: str, uri: str, environ: WSGIEnvironment, request_id: str, signed: bool) -> Answer:
        event = self.local.event_converter.create_lambda_event(method, uri, _headers(environ), None)
        event |= self._body(environ)
        event["requestContext"] |= {
            "requestId": request_id,
            "stage": "local",
            "protocol": "HTTP/1.1",
            "identity": {"sourceIp": environ.get("REMOTE_ADDR", "")},
        }
        context = self.local._generate_lambda_context()
        context.aws_request_id = request_id
        if signed:
            return _from_lambda(self.app(event, context))
        try:
            event, context = self.local._authorizer.authorize(uri, event, context)
        except LocalGatewayException as refused:
            code = {401: "missing_key", 403: "wrong_role"}.get(refused.CODE, "internal_error")
            return _error(refused.CODE, code)
        return _from_lambda(self.app(event, context))

    def _body(self, environ: WSGIEnvironment) -> Json:
        """The body as Lambda gets it: base64 for binary types, else text.

        A body that is not UTF-8 arrives in base64 too, so that it is refused (`malformed_json`), not read as garbage.
        """
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not length:
            return {"body": None, "isBase64Encoded": False}
        body: bytes = environ["wsgi.input"].read(length)
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if self.binary & {kind, kind.partition("/")[0] + "/*", "*/*"}:
            return {"body": base64.b64encode(body).decode("ascii"), "isBase64Encoded": True}
        try:
            return {"body": body.decode("utf-8"), "isBase64Encoded": False}
        except UnicodeDecodeError:
            return {"body": base64.b64encode(body).decode("ascii"), "isBase64Encoded": True}


def _raw_uri(environ: WSGIEnvironment) -> str:
    """The request's path and query as they were sent; `;` is not special to us but is to urlparse."""
    uri: str = environ.get("REQUEST_URI") or environ["PATH_INFO"]
    if not uri.startswith("/"):  # the absolute form, as a proxy gets it
        uri = "/" + uri.partition("://")[2].partition("/")[2]
    path, mark, query = uri.partition("?")
    return path.replace(";", "%3B") + mark + query


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    headers = {k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def _from_lambda(response: Json) -> Answer:
    """The HTTP answer that API Gateway makes of what the function returned."""
    headers = [(name, str(value)) for name, value in (response.get("headers") or {}).items()]
    for name, values in (response.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    body = response.get("body") or ""
    if response.get("isBase64Encoded"):
        body = base64.b64decode(body)
    elif isinstance(body, str):
        body = body.encode("utf-8")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return response["statusCode"], headers, body


def _json(status: int, value: Any) -> Answer:
    body = json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n"
    return status, [("Content-Type", "application/json; charset=utf-8")], body


def _error(status: int, code: str, **details: Any) -> Answer:
    return _json(status, {"error": {"code": code, "message": message(code), "details": details}})


def _unsigned() -> Answer:
    """As API Gateway answers where a route is authorised by IAM; here a signature only has to look like one."""
    text = {"code": "signature_needed", "message": message("signature_needed"), "details": {}}
    status, headers, body = _json(403, {"message": SENTENCES["MISSING_AUTHENTICATION_TOKEN"], "error": text})
    return status, [*headers, ("x-amzn-ErrorType", "MissingAuthenticationTokenException")], body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
