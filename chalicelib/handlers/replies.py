"""How answers and errors leave: as JSON in UTF-8, with the headers that all of them carry."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalice.app import Request, Response

from chalicelib import errors
from chalicelib.messages import ErrorCode

JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
SVG: Final = "image/svg+xml; charset=utf-8"
# Not text/csv: the gateway takes that for binary because files come in by it, and would answer base64 to clients that
# do not ask for exactly that type.
CSV: Final = "text/comma-separated-values; charset=utf-8"
NO_HEADERS: Final[Mapping[str, str]] = {}
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
# What a browser is told of an address of ours, by pages and by the gateway's own answers.
FOR_BROWSERS: Final[Mapping[str, str]] = {
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "no-referrer",
}
NO_FRAMES: Final[Mapping[str, str]] = {"X-Frame-Options": "DENY"}
# What Chalice refuses before a view runs, in our words.
CHALICE_ERRORS: Final = {
    400: ErrorCode.MALFORMED_JSON,
    403: ErrorCode.NOT_FOUND,
    404: ErrorCode.NOT_FOUND,
    405: ErrorCode.METHOD_NOT_ALLOWED,
    413: ErrorCode.TOO_LARGE,
    415: ErrorCode.UNSUPPORTED_TYPE,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not plain JSON with the status of its route."""

    body: Any
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] | None = None


def request_id(request: Request) -> str:
    """The gateway's id of this request, or one of our own where there is no gateway."""
    return str((request.context or {}).get("requestId") or uuid.uuid4())


def as_response(reply: Reply, ident: str, more: Mapping[str, str] = NO_HEADERS) -> Response:
    """The answer as Chalice sends it, in UTF-8, with its request id and `more` headers."""
    body = reply.body
    if reply.content_type == JSON:
        body = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    headers = {**HEADERS, "Content-Type": reply.content_type, "X-Request-Id": ident}
    return Response(body, {**headers, **more, **(reply.headers or {})}, reply.status)


def error_reply(error: errors.LianfangError) -> Reply:
    """The answer that reports an error."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if error.status == 429:
        headers["Retry-After"] = str(retry_after(error))
    return Reply(error.body(), error.status, headers=headers)


def retry_after(error: errors.LianfangError) -> int:
    """After how many seconds the same request may pass."""
    return int(error.details.get("seconds", 1))


def restyle(request: Request, response: Response, expected: Sequence[str], more: Mapping[str, str]) -> Response:
    """An error of Chalice's own in the form of all our errors, with `more` headers.

    `expected` is the Content-Types that the route takes.
    """
    code = CHALICE_ERRORS.get(response.status_code, ErrorCode.INTERNAL_ERROR)
    sent = {"sent": str(request.headers.get("content-type", "") or ""), "expected": list(expected)}
    error = errors.LianfangError(code, **(sent if code == ErrorCode.UNSUPPORTED_TYPE else {}))
    error.status = response.status_code
    return as_response(error_reply(error), request_id(request), more)


def from_exception(error: Exception) -> errors.LianfangError:
    """The error that a caller gets for an exception that no use case expected."""
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, BotoCoreError | ClientError):
        return errors.Unavailable(ErrorCode.STORE_UNAVAILABLE)
    return errors.LianfangError(ErrorCode.INTERNAL_ERROR)
