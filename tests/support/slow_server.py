"""A server on this machine that never stalls and never ends: it sends a byte at a time, in its headers or its body."""

import time
from typing import Literal

from tests.support.local_server import LocalServer, QuietHandler

# Far less than any timeout of a single read; all pieces together last far longer than the deadlines of the tests.
SECONDS_BETWEEN_BYTES = 0.02
BYTES = 1_000
Stage = Literal["headers", "body", "unbounded_body"]


class SlowServer(LocalServer):
    """Answers every request slowly in that stage; `asked` counts the requests. `quick` are paths that are not found."""

    def __init__(self, stage: Stage, quick: tuple[str, ...] = ()) -> None:
        self.asked = 0
        server = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
                server.asked += 1
                if self.path in quick:
                    self.send_error(404)
                    return
                head = b"HTTP/1.1 200 OK\r\n"
                if stage == "body":
                    head += b"Content-Length: %d\r\n\r\n" % BYTES
                elif stage == "unbounded_body":
                    head += b"\r\n"
                self.wfile.write(head)
                try:
                    for _ in range(BYTES):
                        self.wfile.write(b"X-A: 1\r\n" if stage == "headers" else b"a")
                        time.sleep(SECONDS_BETWEEN_BYTES)
                except OSError:
                    # The client has cut the connection.
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815 (the name that http.server calls)

        super().__init__(Handler)
