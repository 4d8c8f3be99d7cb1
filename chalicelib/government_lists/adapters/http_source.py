"""Fetches from government sources over HTTPS: timeout, bounded retries with jitter, limits on size (RFC 9110)."""

import gzip
import hashlib
import http.client
import random
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Final

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.request_deadline import BoundedRequest, Deadline, open_until
from chalicelib.government_lists.adapters.ssrf_guard import Resolve, check_url, opener, resolve

TIMEOUT_SECONDS: Final = 20
# Of one file in all, with its headers and every try: a source that sends a byte a second would otherwise hold the
# function to its end.
MOST_SECONDS: Final = 300
TRIES: Final = 4
MOST_BYTES: Final = 400 * 1024 * 1024
PIECE: Final = 1 << 20
RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Known:
    """What the source said of the file that we have: its ETag and Last-Modified, '' where it said none."""

    etag: str = ""
    modified: str = ""


UNKNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the source sent; `path` holds its bytes, of which `sha256` is the digest."""

    path: Path
    sha256: str
    etag: str
    modified: str


class HttpSource:
    """A source of files; `let_loopback` lets tests and the local stack serve lists from this machine."""

    def __init__(
        self,
        sleep: Callable[[float], None] = time.sleep,
        most_bytes: int = MOST_BYTES,
        let_loopback: bool = False,
        resolved: Resolve = resolve,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._sleep = sleep
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._let_loopback = let_loopback
        self._opener = opener(let_loopback, resolved)

    def deadline(self) -> Deadline:
        """The deadline of a delivery of several files, to be entered and given to each `fetch`."""
        return Deadline(2 * self._most_seconds)

    def fetch(
        self,
        url: str,
        path: Path,
        known: Known = UNKNOWN,
        more: Mapping[str, str] = NO_HEADERS,
        within: Deadline | None = None,
    ) -> Fetched | None:
        """What stands at the address, in a file at `path`; None when it has not changed since it was `known`.

        `within` is the deadline of the delivery to which the file belongs. Raises `FeedUnreachable`.
        """
        if within:
            within.check()
        check_url(url, self._let_loopback)
        headers = {"Accept-Encoding": "gzip", "User-Agent": "lianfang", **more}
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.modified} if known.modified else {}
        with Deadline(min(self._most_seconds, within.seconds_left if within else self._most_seconds)) as deadline:
            return self._fetch_with_retries(url, headers, path, deadline)

    def _fetch_with_retries(
        self, url: str, headers: Mapping[str, str], path: Path, deadline: Deadline
    ) -> Fetched | None:
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(random.uniform(0.5, 1.0) * 2**attempt)  # noqa: S311 (jitter, not a secret)
            try:
                return self._fetch_once(url, headers, path, deadline)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code == 304:
                    return None
                problem = f"HTTP {error.code}"
                if error.code not in RETRIED:
                    break
            except urllib.error.URLError as error:
                problem = type(error.reason).__name__
            except (OSError, zlib.error, EOFError, http.client.HTTPException) as error:
                problem = type(error).__name__
        raise FeedUnreachable(problem)

    def _fetch_once(self, url: str, headers: Mapping[str, str], path: Path, deadline: Deadline) -> Fetched:
        request = BoundedRequest(url, headers=dict(headers))
        with open_until(self._opener, request, deadline, TIMEOUT_SECONDS) as answer:
            return self._keep(answer, answer.headers, path)

    def _keep(self, answer: Any, headers: Message, path: Path) -> Fetched:
        # The limit counts what comes out, so that a bomb of a few kilobytes is stopped as a large file is.
        source = gzip.GzipFile(fileobj=answer) if headers.get("Content-Encoding") == "gzip" else answer
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as target:
            while piece := source.read(PIECE):
                size += len(piece)
                if size > self._most_bytes:
                    raise FeedUnreachable(f"more than {self._most_bytes} bytes")
                digest.update(piece)
                target.write(piece)
        return Fetched(path, digest.hexdigest(), headers.get("ETag", ""), headers.get("Last-Modified", ""))
