"""Answers 503 instead of a success that is not on disk: two WSGI applications, around the gateway and around moto.

A write is saved before it is answered, so that no success is lost when the process is killed. While something older
than a second cannot be saved, writes are refused and `/health` fails, each with the error of the file system.
"""

import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from chalicelib.messages import message

READS = ("GET", "HEAD", "OPTIONS")
UNAVAILABLE = "503 Service Unavailable"
StartResponse = Callable[..., Any]


class Saving(Protocol):
    """What these applications need of `local.persistence.Persistence`."""

    def problem(self) -> str:
        """Why something older than a second is unsaved; empty when nothing is."""

    def save_now(self) -> str:
        """Save all that was done before this call; the reason when that failed, else empty."""


class DurableGateway:
    """The gateway, whose successes are on disk."""

    def __init__(self, inner: WSGIApplication, saving: Saving) -> None:
        self.inner = inner
        self.saving = saving

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] not in READS:
            return _answer_when_saved(self.inner, self.saving, environ, start_response, _refuse_as_api)
        if environ["PATH_INFO"] == "/health" and (reason := self.saving.problem()):
            health = {"status": "unavailable", "name": "lianfang", "reason": reason}
            answer = _answer_json(start_response, health)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else answer
        return self.inner(environ, start_response)


class DurableUploads:
    """moto's server: a file that is sent to the bucket with a presigned form or address is on disk when it is answered.

    Signed requests are the exchange's own; what they write is saved when the exchange answers.
    """

    def __init__(self, inner: WSGIApplication, saving: Saving) -> None:
        self.inner = inner
        self.saving = saving

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] in READS or environ.get("HTTP_AUTHORIZATION"):
            return self.inner(environ, start_response)
        return _answer_when_saved(self.inner, self.saving, environ, start_response, _refuse_as_bucket)


def _answer_when_saved(
    inner: WSGIApplication,
    saving: Saving,
    environ: WSGIEnvironment,
    start_response: StartResponse,
    refuse: Callable[[StartResponse, str], Iterable[bytes]],
) -> Iterable[bytes]:
    if reason := saving.problem():
        _drop_body(environ)
        return refuse(start_response, reason)
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return lambda _: None

    answered = inner(environ, begin)
    body = b"".join(answered)
    getattr(answered, "close", lambda: None)()
    status, headers = begun[-1]
    if status[0] in "23" and (reason := saving.save_now()):
        return refuse(start_response, reason)
    start_response(status, headers)
    return [body]


def _drop_body(environ: WSGIEnvironment) -> None:
    """Read what was sent: a client that is still sending would not see the answer."""
    if not environ.get("wsgi.input_terminated"):
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def _refuse_as_api(start_response: StartResponse, reason: str) -> Iterable[bytes]:
    code = "store_unavailable"
    return _answer_json(
        start_response, {"error": {"code": code, "message": message(code), "details": {"reason": reason}}}
    )


def _answer_json(start_response: StartResponse, value: object) -> Iterable[bytes]:
    body = json.dumps(value, ensure_ascii=False).encode() + b"\n"
    kind = ("Content-Type", "application/json; charset=utf-8")
    start_response(
        UNAVAILABLE,
        [kind, ("Content-Length", str(len(body))), ("X-Request-Id", str(uuid.uuid4())), ("Retry-After", "1")],
    )
    return [body]


def _refuse_as_bucket(start_response: StartResponse, reason: str) -> Iterable[bytes]:
    text = reason.replace("&", "&amp;").replace("<", "&lt;")
    body = f"<Error><Code>ServiceUnavailable</Code><Message>{text}</Message></Error>".encode()
    start_response(UNAVAILABLE, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]
