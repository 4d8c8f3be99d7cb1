"""The deadline of requests to sources outside: however slowly one answers, the caller goes on when the time is over."""

import http.client
import socket
import threading
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from chalicelib.errors import FeedUnreachable


class Deadline:
    """The moment at which every connection that was opened under it is cut: connecting, headers and body alike.

    The timeout of a socket bounds a single read; a source that sends a byte within each of them would hold the caller
    for ever. Several requests may share a deadline.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._ends

    @property
    def seconds_left(self) -> float:
        """How much of the time is left; never 0, which sockets take for no timeout of their own."""
        return max(self._ends - time.monotonic(), 0.001)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()

    def check(self, cause: BaseException | None = None) -> None:
        """Raise `FeedUnreachable` once the time is over."""
        if self.is_over:
            raise FeedUnreachable(f"more than {self._seconds:g} seconds", is_slow=True) from cause

    def watch(self, connected: socket.socket) -> None:
        """Cut this connection at the end of the time, whatever wraps it later."""
        with self._lock:
            # A second handle: TLS detaches the socket that it wraps.
            self._sockets.append(connected.dup())

    def _cut(self) -> None:
        with self._lock:
            for connected in self._sockets:
                try:
                    connected.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The source has closed it already.
                    continue


class BoundedRequest(urllib.request.Request):
    """A request whose connection ends at the deadline."""

    deadline: Deadline | None = None


@contextmanager
def open_until(
    opener: urllib.request.OpenerDirector, request: BoundedRequest, deadline: Deadline, timeout: float
) -> Iterator[Any]:
    """The answer of a source, to be read within the context; `FeedUnreachable` once the time is over.

    `timeout` bounds each single read. Errors of urllib are raised as they are while there is time left.
    """
    request.deadline = deadline
    try:
        with opener.open(request, timeout=min(timeout, deadline.seconds_left)) as answer:
            yield answer
    except (OSError, http.client.HTTPException, zlib.error, EOFError) as error:
        deadline.check(error)
        raise
    # A connection that was cut reads like a body that has ended.
    deadline.check()
