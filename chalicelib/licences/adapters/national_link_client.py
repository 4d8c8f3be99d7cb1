"""A display link (亮照链接) clicked through to the national system: whether it still leads to that merchant's licence.

Off by default. Only links that `national_licence_link` found well formed get here, so the host is the national system's
own; every address it has is judged before a connection is made.
"""

import http.client
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.request_deadline import BoundedRequest, Deadline, open_until
from chalicelib.government_lists.adapters.ssrf_guard import Resolve, check_url, opener, resolve

TIMEOUT_SECONDS: Final = 3.0
MOST_SECONDS: Final = 8.0
TRIES: Final = 2
MOST_BYTES: Final = 1024 * 1024
CONFIRMED, NOT_CONFIRMED, UNKNOWN = "confirmed", "not_confirmed", "unknown"


class NationalLinkClient:
    """Fetches the page behind a link; `instead` sends the request to another host (tests), where `let_loopback`."""

    def __init__(
        self,
        instead: str = "",
        let_loopback: bool = False,
        resolved: Resolve = resolve,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT_SECONDS,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._instead = instead
        self._let_loopback = let_loopback
        self._opener = opener(let_loopback, resolved)
        self._sleep = sleep
        self._timeout = timeout
        self._most_seconds = most_seconds

    def confirm(self, url: str, uscc: str) -> str:
        """`confirmed` when the page names the code, `not_confirmed` when it answers without it, else `unknown`."""
        if self._instead:
            host, link = urlsplit(self._instead), urlsplit(url)
            url = urlunsplit((host.scheme, host.netloc, link.path, link.query, ""))
        try:
            with Deadline(self._most_seconds) as deadline:
                return self._confirm(url, uscc, deadline)
        except FeedUnreachable:
            return UNKNOWN

    def _confirm(self, url: str, uscc: str, deadline: Deadline) -> str:
        for attempt in range(TRIES):
            if attempt:
                self._sleep(random.uniform(0.2, 0.4))  # noqa: S311 (jitter, not a secret)
            try:
                return CONFIRMED if uscc.encode() in self._page(url, deadline) else NOT_CONFIRMED
            except urllib.error.HTTPError as error:
                error.close()
                # The link of a deleted mark stops resolving; a server in trouble says nothing of it.
                if error.code in (404, 410):
                    return NOT_CONFIRMED
                if error.code < 500 and error.code != 429:
                    return UNKNOWN
            except (OSError, http.client.HTTPException):
                continue
        return UNKNOWN

    def _page(self, url: str, deadline: Deadline) -> bytes:
        check_url(url, self._let_loopback)
        request = BoundedRequest(url, headers={"User-Agent": "lianfang"})
        pieces, size = [], 0
        with open_until(self._opener, request, deadline, self._timeout) as answer:
            while (piece := answer.read1(65_536)) and size <= MOST_BYTES:
                size += len(piece)
                pieces.append(piece)
        return b"".join(pieces)
