"""The national licence system on this machine: sessions, signed requests, statements; and it can misbehave."""

import hashlib
import hmac
import json
import threading
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from chalicelib.licences.adapters.exchange_issuer import Owner, leaf
from chalicelib.licences.rules import certificate_chain, wallet_presentation
from tests.support.licence_issuing import LICENCE, office, yesterday

CREDENTIALS = {"client": "lianfang-test", "key": "a key that two offices share"}


@cache
def seal() -> Owner:
    """The key with which statements are signed."""
    return leaf(office().authority, "national system", certificate_chain.SIGNS_STATEMENTS, yesterday())


class NationalOffice:
    """Speaks the flow at `url`. `failures` are statuses to answer with first, `body` replaces every answer, `delay` is
    waited before each, `at` is its clock (None: that of this machine); `sessions` holds what was asked, `answers` what
    is ready."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.failures: list[int] = []
        self.body: bytes | None = None
        self.delay = 0.0
        self.at: datetime | None = None
        self.asked = 0
        national = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self._answer(lambda: national._open(json.loads(body)), body)

            def do_GET(self) -> None:
                session = self.path.rpartition("/")[2]
                self._answer(lambda: national.answers.get(session, {"state": "pending"}), b"")

            def _answer(self, make: Any, body: bytes) -> None:
                national.asked += 1
                time.sleep(national.delay)
                status = national.failures.pop(0) if national.failures else 200
                status = status if self._is_signed(body) else 401
                sent = b"" if status != 200 else national.body
                sent = json.dumps(make()).encode() if sent is None else sent
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except OSError:
                    pass  # the client has gone

            def _is_signed(self, body: bytes) -> bool:
                names = ("X-Timestamp", "X-Nonce")
                signed = [self.command, self.path, *(self.headers[name] for name in names)]
                text = "\n".join((*signed, hashlib.sha256(body).hexdigest())).encode()
                wanted = hmac.new(CREDENTIALS["key"].encode(), text, hashlib.sha256).hexdigest()
                fresh = abs(int(self.headers["X-Timestamp"]) - time.time()) < 300
                is_client = self.headers["X-Client"] == CREDENTIALS["client"]
                return fresh and is_client and hmac.compare_digest(wanted, self.headers["X-Signature"])

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api"

    def _open(self, asked: dict[str, Any]) -> dict[str, str]:
        session = "n-" + str(asked["session_for"])
        self.sessions[session] = asked
        return {"session": session, "qr": f"https://scan.example.cn/{session}", "link": f"elicence://scan/{session}"}

    def statement(self, session: str, at: datetime | None = None, by: Owner | None = None, **says: Any) -> str:
        """The national system's answer about a session."""
        asked = self.sessions[session]
        made = int((at or self.at or datetime.now(UTC)).timestamp())
        notes = says.pop("annotations", [])
        licence = asdict(replace(LICENCE, **says))
        claims = {"aud": asked["aud"], "nonce": asked["nonce"], "session": session, "iat": made, "annotations": notes}
        return (by or seal()).sign(wallet_presentation.STATEMENT, {**licence, **claims})

    def shows(self, session: str, **says: Any) -> None:
        """The holder has shown the licence."""
        self.answers[session] = {"state": "answered", "statement": self.statement(session, **says)}

    def __enter__(self) -> "NationalOffice":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
