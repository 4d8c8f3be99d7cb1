"""The routes that need no key and serve participants: whether the exchange is up and ready, and what its API takes."""

from chalicelib import errors
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.routing import DECLARED, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "about")
VERSION = "0.1.0"


@routes.route("/health", "GET", "getHealth", signed=True, returns="accounts:Health")
def health(_request: Request) -> Json:
    """That this container answers; it asks nothing of the store."""
    return {"status": "ok", "name": "lianfang", "version": VERSION}


@routes.route("/health", "HEAD", "headHealth", signed=True, returns="accounts:Health")
def head_health(_request: Request) -> Json:
    """The same as load balancers and monitors ask: the gateway sends the headers alone."""
    return {"status": "ok", "name": "lianfang", "version": VERSION}


@routes.route("/ready", "GET", "getReadiness", signed=True, returns="accounts:Readiness", errors=(ErrorCode.NOT_READY,))
def ready(_request: Request) -> Json:
    """That this container reaches what it works with: its settings, the exchange table, secrets, the bucket."""
    from chalicelib.handlers.public.readiness import failing_parts

    failing = failing_parts()
    if failing:
        raise errors.Unavailable(ErrorCode.NOT_READY, failing=list(failing))
    return {"status": "ready", "version": VERSION}


@routes.route("/openapi.json", "GET", "getOpenApi", signed=True, returns="accounts:OpenApiDocument")
def openapi(request: Request) -> Json:
    """The API described in OpenAPI 3.1, made from the declarations of its routes."""
    from chalicelib.handlers.openapi.document import description

    return description(VERSION, DECLARED, base_url(request))
