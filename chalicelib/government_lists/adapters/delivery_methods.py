"""The methods by which government lists are delivered: one class for each method, none for a list."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.http_source import HttpSource, Known
from chalicelib.government_lists.adapters.request_deadline import Deadline
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.fetched_list import FetchedList
from chalicelib.storage.file_bucket import FileBucket
from chalicelib.values.records import Json

MOST_PAGES: Final = 5_000
# So many files make up one delivery; the state of a list names each.
MOST_PARTS: Final = 1_000
ROWS_OF_A_PAGE: Final = 1_000
# A manifest, or a page of a thousand rows; parsed, it may take ten times its bytes.
MOST_JSON: Final = 16 * 1024 * 1024


class FileAtAddress:
    """A file at an address, fetched when its ETag or Last-Modified changed."""

    def __init__(self, source: HttpSource) -> None:
        self._source = source

    def fetch(self, feed: Feed, cursor: Json, folder: Path) -> FetchedList | None:
        """The file, unless it is the same as the last time."""
        same = cursor if cursor.get("address") == feed.address else {}
        known = Known(str(same.get("etag", "")), str(same.get("modified", "")))
        fetched = self._source.fetch(feed.address, folder / "list", known)
        if fetched is None or fetched.sha256 == same.get("sha256"):
            return None
        after = {"etag": fetched.etag, "modified": fetched.modified, "sha256": fetched.sha256, "address": feed.address}
        return FetchedList((fetched.path,), feed.delivers == "all", after, fetched.sha256)


class Manifest:
    """A manifest: the whole list of a version, and the deltas that lead from version to version.

    `{"version", "url", "sha256", "rows", "deltas": [{"from", "version", "url", "sha256", "rows"}, …]}`. Where the
    deltas do not lead from the last version to this one without a gap, the whole list is taken.
    """

    def __init__(self, source: HttpSource) -> None:
        self._source = source

    def fetch(self, feed: Feed, cursor: Json, folder: Path) -> FetchedList | None:
        """The deltas since the version of the cursor, or the whole list."""
        same = cursor if cursor.get("address") == feed.address else {}
        fetched = self._source.fetch(feed.address, folder / "manifest", Known(str(same.get("etag", ""))))
        if fetched is None:
            return None
        manifest = _manifest(fetched.path)
        if manifest["version"] == same.get("version"):
            return None
        deltas = _chain(manifest, str(same.get("version", ""))) or []
        deltas = deltas if len(deltas) <= MOST_PARTS else []
        steps, parts, problem = deltas or [manifest], [], ""
        with self._source.deadline() as deadline:
            for place, step in enumerate(steps):
                url = _beside(feed.address, step["url"])
                part = self._source.fetch(url, folder / f"part-{place}", within=deadline)
                if part is None or part.sha256 != step["sha256"].lower():
                    problem = "checksum_mismatch"
                if part:
                    parts.append(part.path)
        after = {"version": manifest["version"], "etag": fetched.etag, "address": feed.address}
        rows = [step.get("rows", -1) for step in steps]
        promised = -1 if -1 in rows else sum(rows)
        return FetchedList(tuple(parts), not deltas, after, fetched.sha256, promised, problem)


class DroppedFile:
    """Files that an office puts into `feeds/<name>/dropped/` of the bucket."""

    def __init__(self, bucket: FileBucket) -> None:
        self._bucket = bucket

    def fetch(self, feed: Feed, cursor: Json, folder: Path) -> FetchedList | None:
        """Every file that came since, in the order of their coming; of whole lists the last alone.

        Where very many came, the first thousand; the rest comes with the next pulls.
        """
        at, seen = str(cursor.get("at", "")), set(cursor.get("seen", ()))
        there = sorted(self._bucket.written(f"feeds/{feed.name}/dropped/"))
        new = [(when, key) for when, key in there if when > at or (when == at and key not in seen)]
        if not new:
            return None
        taken = new[-1:] if feed.delivers == "all" else new[:MOST_PARTS]
        digest, parts = hashlib.sha256(), []
        for place, (_, key) in enumerate(taken):
            parts.append(folder / f"part-{place}")
            digest.update(self._bucket.download(key, parts[-1]).encode())
        last, later = taken[-1][0], {key for _, key in new[new.index(taken[-1]) + 1 :]}
        after = {"at": last, "seen": [key for when, key in there if when == last and key not in later]}
        return FetchedList(tuple(parts), feed.delivers == "all", after, digest.hexdigest())


class SignedPages:
    """A JSON API in pages: `GET address?cursor=…&limit=1000` → `{"rows": […], "next": "…", "more": true}`.

    With a secret each request carries X-Timestamp (epoch seconds), X-Nonce and X-Signature: HMAC-SHA-256 in hex over
    GET, path with query, timestamp and nonce, one line each.
    """

    def __init__(
        self,
        source: HttpSource,
        secret: Callable[[str], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._secret = secret
        self._clock = clock

    def fetch(self, feed: Feed, cursor: Json, folder: Path) -> FetchedList | None:
        """The rows of every page after the cursor; all of them where the whole list is delivered."""
        same = cursor if cursor.get("address") == feed.address else {}
        whole = feed.delivers == "all" or not same.get("next")
        secret = self._secret(feed.secret) if feed.secret else ""
        path, digest, last, rows = folder / "rows.jsonl", hashlib.sha256(), "", 0
        start = "" if whole else str(same["next"])
        with path.open("w", encoding="utf-8") as target, self._source.deadline() as deadline:
            for page in self._pages(feed.address, start, secret, folder / "page", deadline):
                for row in page["rows"]:
                    line = json.dumps(row, ensure_ascii=False) + "\n"
                    digest.update(line.encode())
                    target.write(line)
                rows += len(page["rows"])
                last = str(page.get("next") or last)
        sha256 = digest.hexdigest()
        if sha256 == same.get("sha256") or (rows == 0 and not whole):
            return None
        after = {"next": last or same.get("next", ""), "sha256": sha256, "address": feed.address}
        return FetchedList((path,), whole, after, sha256)

    def _pages(self, address: str, cursor: str, secret: str, path: Path, deadline: Deadline) -> Iterator[Json]:
        for _ in range(MOST_PAGES):
            query = urlencode({"cursor": cursor, "limit": ROWS_OF_A_PAGE})
            url = f"{address}{'&' if urlsplit(address).query else '?'}{query}"
            fetched = self._source.fetch(url, path, more=self._signed(url, secret), within=deadline)
            page = _json(fetched.path) if fetched else {}
            if not isinstance(page.get("rows"), list):
                raise FeedUnreachable("a page without rows")
            yield page
            if not page.get("more"):
                return
            if not page.get("next") or page["next"] == cursor:
                raise FeedUnreachable("a page that leads to itself")
            cursor = str(page["next"])
        raise FeedUnreachable(f"more than {MOST_PAGES} pages")

    def _signed(self, url: str, secret: str) -> dict[str, str]:
        if not secret:
            return {}
        parts, nonce, moment = urlsplit(url), secrets.token_hex(16), str(int(self._clock()))
        signed = "\n".join(("GET", f"{parts.path}?{parts.query}", moment, nonce))
        signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
        return {"X-Timestamp": moment, "X-Nonce": nonce, "X-Signature": signature}


def _json(path: Path) -> Json:
    if path.stat().st_size > MOST_JSON:
        raise FeedUnreachable(f"more than {MOST_JSON} bytes of JSON")
    try:
        read = json.loads(path.read_bytes())
    except ValueError as error:
        raise FeedUnreachable("no JSON") from error
    if not isinstance(read, dict):
        raise FeedUnreachable("no JSON object")
    return read


def _manifest(path: Path) -> Json:
    manifest = _json(path)
    deltas = manifest.get("deltas", [])
    for step in [manifest, *(deltas if isinstance(deltas, list) else [None])]:
        texts = ("version", "url", "sha256") if step is manifest else ("from", "version", "url", "sha256")
        if not isinstance(step, dict) or not all(isinstance(step.get(name), str) for name in texts):
            raise FeedUnreachable("a manifest without version, url or sha256")
        if not isinstance(step.get("rows", 0), int):
            raise FeedUnreachable("a manifest whose rows are no number")
    return manifest


def _chain(manifest: Json, version: str) -> list[Json]:
    """The deltas that lead from the version to the manifest's; [] where there is a gap."""
    by_start = {step["from"]: step for step in manifest.get("deltas", [])}
    steps: list[Json] = []
    while version and version != manifest["version"]:
        step = by_start.pop(version, None)
        if step is None:
            return []
        steps.append(step)
        version = step["version"]
    return steps


def _beside(address: str, url: str) -> str:
    """The file's address; it lies on the manifest's own host, for a list moves by an operator's decision."""
    full = urljoin(address, url)
    if urlsplit(full)[:2] != urlsplit(address)[:2]:
        raise FeedUnreachable("a manifest that leads elsewhere")
    return full
