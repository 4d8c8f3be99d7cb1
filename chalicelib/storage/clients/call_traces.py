"""Calls of AWS as subsegments of the function's trace in X-Ray: which operation on which table or bucket, how long.

A subsegment is one datagram of JSON to the daemon that Lambda runs beside a traced function
(https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html). It holds names of resources and of
operations and nothing of what was asked or answered: keys of items are derived from what merchants are called.
"""

import json
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from chalicelib.settings import trace_header
from chalicelib.values.records import Json

HEADER: Final = b'{"format":"json","version":1}\n'
BEGUN: Final = "lianfang_call_begun"
LONGEST_NAME: Final = 200
THROTTLED: Final = frozenset(
    {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown", "Throttled"}
)
Send = Callable[[bytes], None]


def follow(client: Any, send: Send) -> None:
    """From now on, have each call of this client written down by `send`, while its invocation is sampled."""
    events = client.meta.events
    service = client.meta.service_model.service_id.hyphenize()
    events.register(f"before-parameter-build.{service}", _begin, unique_id="call-traces-begin")
    ends = _Ends(service, send)
    events.register(f"after-call.{service}", ends.answered, unique_id="call-traces-answered")
    events.register(f"after-call-error.{service}", ends.failed, unique_id="call-traces-failed")


def daemon(address: str) -> Send:
    """Sends to the daemon at `host:port`; what it does not take at once is dropped, for no call waits for its trace."""
    host, _, port = address.rpartition(":")

    def send(document: bytes) -> None:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
            endpoint.setblocking(False)
            endpoint.sendto(HEADER + document, (host, int(port)))

    return send


def _begin(params: Json, model: Any, context: Json, **_: Any) -> None:
    context[BEGUN] = (time.time(), "+".join(sorted(_resources(params))), model.name)


def _resources(params: Json) -> Iterator[str]:
    """The tables or the bucket that a call is about; none for a call of another kind."""
    yield from params.get("RequestItems", ())
    for name in ("TableName", "Bucket"):
        if name in params:
            yield str(params[name])


class _Ends:
    """What is written down when a call of one service has ended."""

    def __init__(self, service: str, send: Send) -> None:
        self._service = service
        self._send = send

    def answered(self, parsed: Json, context: Json, **_: Any) -> None:
        """AWS has answered, be it with an error."""
        metadata = parsed.get("ResponseMetadata", {})
        status, code = int(metadata.get("HTTPStatusCode", 0)), str(parsed.get("Error", {}).get("Code", ""))
        kind = "throttle" if code in THROTTLED else "fault" if status >= 500 else "error" if status >= 400 else ""
        self._write(context, kind, {"retries": int(metadata.get("RetryAttempts", 0))})

    def failed(self, context: Json, **_: Any) -> None:
        """No answer has come."""
        self._write(context, "fault", {})

    def _write(self, context: Json, kind: str, more: Json) -> None:
        begun, resources, operation = context.pop(BEGUN, (None, "", ""))
        trace = dict(part.partition("=")[::2] for part in trace_header().split(";"))
        if begun is None or trace.get("Sampled") != "1":
            return
        document = {
            "name": f"{resources or self._service} {operation}"[:LONGEST_NAME],
            "id": secrets.token_hex(8),
            "trace_id": trace.get("Root", ""),
            "parent_id": trace.get("Parent", ""),
            "type": "subsegment",
            "namespace": "aws",
            "start_time": begun,
            "end_time": time.time(),
            "aws": {"operation": operation, **more},
            **({kind: True} if kind else {}),
        }
        self._send(json.dumps(document, separators=(",", ":")).encode())
