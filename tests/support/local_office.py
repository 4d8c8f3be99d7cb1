"""A government office on this machine: serves several files by path, and signed pages, over HTTP."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.local_server import LocalServer, QuietHandler


class Office(LocalServer):
    """`files` by path; `pages` by cursor; with a `secret`, unsigned requests for pages are refused. `asked`: paths."""

    def __init__(self, secret: str = "") -> None:
        self.files: dict[str, bytes] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.secret = secret
        self.asked: list[str] = []
        office = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
                office.asked.append(self.path)
                status, body = office.answer(self.path, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        super().__init__(Handler)
        self.url = self.origin

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body."""
        parts = urlsplit(path)
        if parts.path != "/pages":
            return (200, self.files[path]) if path in self.files else (404, b"")
        signed_text = "\n".join(("GET", path, headers.get("X-Timestamp", ""), headers.get("X-Nonce", "")))
        signature = hmac.new(self.secret.encode(), signed_text.encode(), hashlib.sha256).hexdigest()
        if self.secret and headers.get("X-Signature") != signature:
            return 403, b""
        cursor = parse_qs(parts.query, keep_blank_values=True)["cursor"][0]
        return 200, json.dumps(self.pages[cursor]).encode()
