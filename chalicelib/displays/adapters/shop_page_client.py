"""Shop pages, fetched as a visitor on a computer or a phone would, and as a polite robot should.

Only public https addresses are reached, redirects included (SSRF); robots.txt is obeyed (RFC 9309). Size and time of
an answer are bounded, and a request that fails is tried again twice.
"""

import gzip
import http.client
import random
import re
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from email.message import Message
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.request_deadline import BoundedRequest, Deadline, open_until
from chalicelib.government_lists.adapters.ssrf_guard import Resolve, check_url, opener, resolve

ROBOT: Final = "LianfangWatch"
AGENTS: Final = {
    "pc": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 {ROBOT}/1",
    "mobile": f"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile {ROBOT}/1",
}
TIMEOUT_SECONDS: Final = 8
# Of one page in all: its robots.txt, redirects and every try.
MOST_SECONDS: Final = 20
MOST_BYTES: Final = 3 * 1024 * 1024
# RFC 9309, 2.5: at least 500 kilobytes of a robots.txt count; what follows does not.
MOST_ROBOTS: Final = 512 * 1024
MOST_REDIRECTS: Final = 5
TRIES: Final = 3
PIECE: Final = 1 << 16
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
UNREACHABLE, NOT_ALLOWED, TOO_SLOW = "unreachable", "not_allowed", "too_slow"
# Names without regard to case.
Headers = Message
_CHARSET: Final = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([a-zA-Z0-9_-]{2,20})", re.IGNORECASE)


class ShopPages:
    """Reads pages; what a host's robots.txt says is remembered for as long as the object lives.

    `let_loopback` lets tests serve pages from this machine.
    """

    def __init__(
        self,
        sleep: Callable[[float], None] = time.sleep,
        let_loopback: bool = False,
        resolved: Resolve = resolve,
        most_bytes: int = MOST_BYTES,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._sleep = sleep
        self._let_loopback = let_loopback
        self._most_bytes = most_bytes
        self._opener = opener(let_loopback, resolved)
        self._most_seconds = most_seconds
        self._robots: dict[str, RobotFileParser] = {}

    def read(self, url: str, device: str) -> tuple[str, str]:
        """The page's text and '', or '' and why it was not read: not_allowed, too_slow, or what went wrong."""
        try:
            with Deadline(self._most_seconds) as deadline:
                return self._read(url, device, deadline)
        except FeedUnreachable as error:
            return "", TOO_SLOW if error.is_slow else error.problem

    def _read(self, url: str, device: str, deadline: Deadline) -> tuple[str, str]:
        for _ in range(MOST_REDIRECTS + 1):
            check_url(url, self._let_loopback)
            if not self._may_read(url, deadline):
                return "", NOT_ALLOWED
            status, headers, body = self._fetch(url, AGENTS[device], self._most_bytes, deadline)
            if status in REDIRECTS and headers.get("Location"):
                url = urljoin(url, headers["Location"])
                continue
            return (_text(body, headers), "") if status == 200 else ("", f"HTTP {status}")
        return "", "too many redirects"

    def _may_read(self, url: str, deadline: Deadline) -> bool:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = self._read_robots(host, deadline)
        return self._robots[host].can_fetch(ROBOT, url)

    def _read_robots(self, host: str, deadline: Deadline) -> RobotFileParser:
        """RFC 9309, 2.3.1: a missing robots.txt allows everything; one that cannot be reached, nothing."""
        rules, url = RobotFileParser(), f"{host}/robots.txt"
        for _ in range(MOST_REDIRECTS + 1):
            check_url(url, self._let_loopback)
            status, headers, body = self._fetch(url, f"{ROBOT}/1", MOST_ROBOTS, deadline, cut=True)
            if status in REDIRECTS and headers.get("Location"):
                url = urljoin(url, headers["Location"])
                continue
            if status >= 500 or status == 429:
                raise FeedUnreachable(f"robots.txt: HTTP {status}")
            break
        rules.parse(body.decode("utf-8", "replace").splitlines() if status == 200 else [])
        return rules

    def _fetch(
        self, url: str, agent: str, most: int, deadline: Deadline, cut: bool = False
    ) -> tuple[int, Headers, bytes]:
        """Status, headers and body after up to three tries; `FeedUnreachable` when none came through."""
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(random.uniform(0.5, 1.0) * 2**attempt)  # noqa: S311 (jitter, not a secret)
            try:
                status, headers, body = self._fetch_once(url, agent, most, deadline, cut)
            except urllib.error.URLError as error:
                problem = type(error.reason).__name__ if not isinstance(error.reason, str) else "URLError"
            except (OSError, zlib.error, EOFError, http.client.HTTPException) as error:
                problem = type(error).__name__
            else:
                if status not in RETRIED or attempt == TRIES - 1:
                    return status, headers, body
        raise FeedUnreachable(problem)

    def _fetch_once(self, url: str, agent: str, most: int, deadline: Deadline, cut: bool) -> tuple[int, Headers, bytes]:
        headers = {"User-Agent": agent, "Accept": "text/html,*/*;q=0.1", "Accept-Encoding": "gzip"}
        request = BoundedRequest(url, headers={**headers, "Accept-Language": "zh-CN"})
        try:
            with open_until(self._opener, request, deadline, TIMEOUT_SECONDS) as answer:
                return answer.status, answer.headers, _read_body(answer, answer.headers, most, cut)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, b""


def _read_body(answer: Any, headers: Headers, most: int, cut: bool) -> bytes:
    """The body, unpacked; past `most` bytes it is cut, or refused with `FeedUnreachable`."""
    source = gzip.GzipFile(fileobj=answer) if headers.get("Content-Encoding") == "gzip" else answer
    body = bytearray()
    while piece := source.read(PIECE):
        body += piece
        if len(body) > most:
            if cut:
                return bytes(body[:most])
            raise FeedUnreachable(f"more than {most} bytes")
    return bytes(body)


def _text(body: bytes, headers: Headers) -> str:
    """The page as text, in the charset that it names, else UTF-8 or GB18030; addresses are ASCII in all of them."""
    named = _CHARSET.search(headers.get("Content-Type", "").encode()) or _CHARSET.search(body[:2_000])
    for charset in (named[1].decode().lower() if named else "utf-8", "utf-8", "gb18030"):
        try:
            return body.decode("gb18030" if charset in ("gb2312", "gbk") else charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")
