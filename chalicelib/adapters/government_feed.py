"""A government list at a URL, fetched whole when it changed: HTTPS with ETag and Last-Modified (RFC 9110)."""

import gzip
import hashlib
import random
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Final

from chalicelib.errors import FeedUnreachable

TIMEOUT_SECONDS: Final = 20
TRIES: Final = 4
MOST_BYTES: Final = 400 * 1024 * 1024
PIECE: Final = 1 << 20
RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the source sent; `path` holds its bytes, of which `sha256` is the digest."""

    path: Path
    sha256: str
    etag: str
    modified: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A list moves by an operator's decision, never by an answer of the source."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class GovernmentFeed:
    """Fetches a list, with a timeout, bounded retries and a limit on its size."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep, most_bytes: int = MOST_BYTES) -> None:
        self._sleep = sleep
        self._most_bytes = most_bytes
        self._opener = urllib.request.build_opener(_NoRedirect)

    def fetch(self, url: str, folder: Path, etag: str = "", modified: str = "") -> Fetched | None:
        """The list in a file under `folder`; None when it has not changed since `etag` or `modified`.

        Raises `FeedUnreachable`.
        """
        if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise FeedUnreachable("a feed's address starts with https://")
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(random.uniform(0.5, 1.0) * 2**attempt)  # noqa: S311 (jitter, not a secret)
            try:
                return self._fetch_once(url, folder, etag, modified)
            except urllib.error.HTTPError as error:
                if error.code == 304:
                    return None
                problem = f"HTTP {error.code}"
                if error.code not in RETRIED:
                    break
            except (OSError, zlib.error, EOFError) as error:
                problem = type(error).__name__
        raise FeedUnreachable(problem)

    def _fetch_once(self, url: str, folder: Path, etag: str, modified: str) -> Fetched:
        headers = {"Accept-Encoding": "gzip", "User-Agent": "lianfang"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 (the scheme was checked)
        with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return self._keep(answer, answer.headers, folder / "list")

    def _keep(self, answer: Any, headers: Message, path: Path) -> Fetched:
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
