"""A government office on this machine: serves several files by path, and signed pages, over HTTP."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Office:
    """`files` by path; `pages` by cursor; with a `secret`, unsigned requests for pages are refused. `asked`: paths."""

    def __init__(self, secret: str = "") -> None:
        self.files: dict[str, bytes] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.secret = secret
        self.asked: list[str] = []
        office = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                office.asked.append(self.path)
                status, body = office.answer(self.path, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body."""
        parts = urlsplit(path)
        if parts.path != "/pages":
            return (200, self.files[path]) if path in self.files else (404, b"")
        said = "\n".join(("GET", path, headers.get("X-Timestamp", ""), headers.get("X-Nonce", "")))
        signature = hmac.new(self.secret.encode(), said.encode(), hashlib.sha256).hexdigest()
        if self.secret and headers.get("X-Signature") != signature:
            return 403, b""
        cursor = parse_qs(parts.query, keep_blank_values=True)["cursor"][0]
        return 200, json.dumps(self.pages[cursor]).encode()

    def __enter__(self) -> "Office":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
