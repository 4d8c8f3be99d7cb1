"""A government source on this machine: serves one list over HTTP, with an ETag, and can misbehave."""

from tests.support.local_server import LocalServer, QuietHandler


class Source(LocalServer):
    """Serves `body` at `url`; `failures` are the statuses to answer with first; `seen` the requests."""

    def __init__(self) -> None:
        self.body = b""
        self.etag = ""
        self.failures: list[int] = []
        self.extra: dict[str, str] = {}
        self.seen: list[dict[str, str]] = []
        source = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
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

        super().__init__(Handler)
        self.url = f"{self.origin}/list.csv"
