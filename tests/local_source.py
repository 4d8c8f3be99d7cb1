"""A government source on this machine: serves one list over HTTP, with an ETag, and can misbehave."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Source:
    """Serves `body` at `url`; `failures` is the statuses to answer with first; `seen` is what was asked."""

    def __init__(self) -> None:
        self.body = b""
        self.etag = ""
        self.failures: list[int] = []
        self.extra: dict[str, str] = {}
        self.seen: list[dict[str, str]] = []
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                source.seen.append({name.lower(): value for name, value in self.headers.items()})
                if source.failures:
                    self.send_response(source.failures.pop(0))
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                    self.end_headers()
                elif source.etag and self.headers.get("If-None-Match") == source.etag:
                    self.send_response(304)
                    self.end_headers()
                else:
                    self.send_response(200)
                    for name, value in {"ETag": source.etag, **source.extra}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(source.body)))
                    self.end_headers()
                    self.wfile.write(source.body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/list.csv"

    def __enter__(self) -> "Source":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
