"""The two doors that are open to the public: whether the exchange is up, and what its API takes."""

from typing import Any

from chalicelib.handlers.routing import Ask, Doors

doors = Doors(__name__)
VERSION = "0.1.0"


@doors.door("/health", "GET")
def health(_ask: Ask) -> dict[str, Any]:
    """That this container answers; it asks nothing of the store."""
    return {"status": "ok", "name": "lianfang", "version": VERSION}


@doors.door("/openapi.json", "GET")
def openapi(_ask: Ask) -> dict[str, Any]:
    """The API described in OpenAPI 3.1, made from the models that check each request."""
    from chalicelib.handlers.openapi.document import description

    return description(VERSION)
