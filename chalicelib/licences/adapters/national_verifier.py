"""The national electronic licence system as a verifier, over HTTPS; off until it has an address and credentials.

    POST <url>/sessions            {session_for, nonce, aud, purpose, uscc, until, answer_to} -> {session, qr, link}
    GET  <url>/sessions/<session>  -> {state: pending | refused | answered, statement}

`statement` is a JWS (`wallet_presentation`) of the national system over the licence, nonce and session. Each request
is signed: X-Client, X-Timestamp, X-Nonce, X-Signature (HMAC-SHA-256, hex, over method, path, timestamp, nonce and the
SHA-256 of the body, one line each). Its real interface is not public; this is the flow that is known of it.
"""

import hashlib
import hmac
import http.client
import json
import random
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.request_deadline import BoundedRequest, Deadline, open_until
from chalicelib.government_lists.adapters.ssrf_guard import check_url, opener
from chalicelib.licences.rules import wallet_presentation
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.licences.rules.licence_verifier import Challenge, Outcome, Refused, Unreachable, Waiting
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.licences.adapters.trust_store import TrustStore

TIMEOUT_SECONDS: Final = 3.0
# Of one call in all, whatever is tried: the caller waits for it.
MOST_SECONDS: Final = 8.0
TRIES: Final = 3
MOST_BYTES: Final = 64 * 1024
RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
# After so many failed calls in a row, no call is made for so long.
FAILURES: Final = 3
REST_SECONDS: Final = 30.0
UNREACHABLE: Final = Unreachable("national_unreachable")


@dataclass(frozen=True, slots=True)
class Timing:
    """How calls are timed; tests set the clock and the waits."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    timeout: float = TIMEOUT_SECONDS
    most_seconds: float = MOST_SECONDS


TIMING: Final = Timing()


class NationalVerifier:
    """Sessions at the national system; every outage, delay or nonsense of it is `Unreachable`, never an exception.

    `secret` gives the credentials, {"client", "key"} as JSON.
    """

    def __init__(
        self,
        url: str,
        secret: Callable[[], str],
        trust: "TrustStore",
        *,
        let_loopback: bool = False,
        timing: Timing = TIMING,
    ) -> None:
        self._url = url.rstrip("/")
        self._secret = secret
        self._trust = trust
        self._let_loopback = let_loopback
        self._opener = opener(let_loopback)
        self._timing = timing
        self._failures = 0
        self._rests_until = 0.0

    def start(self, check: LicenceCheck, answer_to: str, _now: datetime) -> Challenge | Unreachable:
        """A session there; the same check asked twice is one session."""
        request = {
            "session_for": check.check_id,
            "nonce": check.nonce,
            "aud": check.audience,
            "purpose": check.purpose,
            "uscc": check.uscc,
            "until": check.answer_until,
            "answer_to": answer_to,
        }
        opened = self._call("POST", "/sessions", json.dumps(request).encode())
        if opened is None:
            return UNREACHABLE
        session, text, link = (opened.get(field) for field in ("session", "qr", "link"))
        if not (isinstance(session, str) and isinstance(text, str) and session and text):
            return Unreachable("national_unreadable")
        return Challenge(session, text, link if isinstance(link, str) else text)

    def verify(self, check: LicenceCheck, answer: str, now: datetime) -> Outcome:
        """What comes of the statement that was posted back, or else of the one that is ready at the national system."""
        if not answer:
            fetched = self._fetch(check)
            if not isinstance(fetched, str):
                return fetched
            answer = fetched
        return wallet_presentation.verify_signed(
            wallet_presentation.read_statement, answer, check, self._trust.read(now), now
        )

    def _fetch(self, check: LicenceCheck) -> str | Outcome:
        """The statement of the check's session, or why there is none."""
        session = self._call("GET", f"/sessions/{quote(check.session, safe='')}", b"")
        if session is None:
            return UNREACHABLE
        if session.get("state") == "pending":
            return Waiting()
        if session.get("state") == "refused":
            return Refused("holder_refused")
        statement = str(session.get("statement") or "")
        return statement if session.get("state") == "answered" and statement else Unreachable("national_unreadable")

    def _call(self, method: str, path: str, body: bytes) -> Json | None:
        """The JSON object that came back; None when it did not come, or was none."""
        if self._timing.clock() < self._rests_until:
            return None
        answer = self._try(method, path, body)
        self._failures = self._failures + 1 if answer is None else 0
        if self._failures >= FAILURES:
            self._rests_until = self._timing.clock() + REST_SECONDS
            self._failures = 0
        return answer

    def _try(self, method: str, path: str, body: bytes) -> Json | None:
        try:
            with Deadline(self._timing.most_seconds) as deadline:
                return self._try_until(method, path, body, deadline)
        except FeedUnreachable:
            return None

    def _try_until(self, method: str, path: str, body: bytes, deadline: Deadline) -> Json | None:
        for attempt in range(TRIES):
            if attempt:
                self._timing.sleep(random.uniform(0.1, 0.2) * 2**attempt)  # noqa: S311 (jitter, not a secret)
            try:
                return self._once(method, path, body, deadline)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in RETRIED:
                    return None
            except (OSError, http.client.HTTPException):
                continue
        return None

    def _once(self, method: str, path: str, body: bytes, deadline: Deadline) -> Json | None:
        url = self._url + path
        check_url(url, self._let_loopback)
        headers = {"Content-Type": "application/json", "User-Agent": "lianfang", **self._signed(method, url, body)}
        request = BoundedRequest(url, data=body or None, headers=headers, method=method)
        with open_until(self._opener, request, deadline, self._timing.timeout) as answer:
            pieces, size = [], 0
            while piece := answer.read1(8_192):
                size += len(piece)
                if size > MOST_BYTES:
                    return None
                pieces.append(piece)
        try:
            read = json.loads(b"".join(pieces))
        except (ValueError, RecursionError):
            return None
        return read if isinstance(read, dict) else None

    def _signed(self, method: str, url: str, body: bytes) -> dict[str, str]:
        credentials = json.loads(self._secret())
        moment, nonce = str(int(time.time())), secrets.token_hex(16)
        signed = "\n".join((method, urlsplit(url).path, moment, nonce, hashlib.sha256(body).hexdigest()))
        signature = hmac.new(str(credentials["key"]).encode(), signed.encode(), hashlib.sha256).hexdigest()
        return {
            "X-Client": str(credentials["client"]),
            "X-Timestamp": moment,
            "X-Nonce": nonce,
            "X-Signature": signature,
        }
