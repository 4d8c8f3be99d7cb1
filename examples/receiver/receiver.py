"""A small receiver of Lianfang's notices: verifies SNS, applies each notice once, and catches up by cursor.

Run: LIANFANG_URL=https://… LIANFANG_KEY=lf_… python receiver.py [port]     (needs the package `cryptography`)
At its start, and whenever a number is missing, it reads GET /v1/changes and GET /v1/notices, which hold everything:
SNS only announces that there is something to read. Put your own work in place of `Book.apply`.
"""

import base64
import json
import logging
import os
import re
import sqlite3
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# Only hosts of SNS itself, in China's regions and elsewhere: a sender that could name another host could sign anything.
SNS_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-f]{32}\.pem")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
Fetch = Callable[[str], bytes]


class Refused(Exception):
    """The message is not from SNS, or not from our topics."""


def fetch(url: str, key: str = "", body: Any = None) -> bytes:
    """The answer of an address, within ten seconds."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return bytes(answer.read())


def check_sns_url(url: str, path: re.Pattern[str]) -> None:
    """Raise `Refused` unless the address is https at a host of SNS, and has such a path."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not SNS_HOST.fullmatch(parts.netloc) or not path.fullmatch(parts.path):
        raise Refused("not an address of SNS")


def verify(envelope: dict[str, str], topics: set[str], get_certificate: Fetch) -> None:
    """Raise `Refused` unless SNS signed this envelope and its topic is one of ours.

    RSA (PKCS #1 v1.5) with SHA-1 or SHA-256 over the fields that are present, each as name, line end, value, line end.
    """
    fields = SIGNED.get(envelope.get("Type", ""), ())
    digests: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303
    digest = digests.get(envelope.get("SignatureVersion", ""))
    if not fields or digest is None or envelope.get("TopicArn") not in topics:
        raise Refused("of another type or topic")
    check_sns_url(envelope.get("SigningCertURL", ""), CERTIFICATE)
    signed_text = "".join(f"{name}\n{envelope[name]}\n" for name in fields if name in envelope)
    key = x509.load_pem_x509_certificate(get_certificate(envelope["SigningCertURL"])).public_key()
    try:
        if not isinstance(key, rsa.RSAPublicKey):
            raise Refused("no RSA key")
        key.verify(base64.b64decode(envelope.get("Signature", "")), signed_text.encode(), padding.PKCS1v15(), digest)
    except (InvalidSignature, ValueError) as error:
        raise Refused("the signature does not fit") from error


class Book:
    """The applied entries and the cursor of each feed, in SQLite: both in one transaction, so neither runs ahead."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path, check_same_thread=False)
        self.db.execute("CREATE TABLE IF NOT EXISTS cursor (feed TEXT PRIMARY KEY, number INTEGER NOT NULL)")
        self.db.execute("CREATE TABLE IF NOT EXISTS applied (id TEXT PRIMARY KEY, kind TEXT, entry TEXT NOT NULL)")

    def cursor(self, feed: str) -> int:
        """The last number of a feed up to which everything was applied."""
        row = self.db.execute("SELECT number FROM cursor WHERE feed = ?", (feed,)).fetchone()
        return int(row[0]) if row else 0

    def take(self, feed: str, number: int, entries: list[tuple[str, dict[str, Any]]]) -> None:
        """Apply entries (id, entry) that are not applied yet, and move the cursor of the feed to `number`."""
        with self.db:
            for ident, entry in entries:
                if not self.db.execute("SELECT 1 FROM applied WHERE id = ?", (ident,)).fetchone():
                    self.apply(ident, entry)
            self.db.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?)", (feed, number))

    def apply(self, ident: str, entry: dict[str, Any]) -> None:
        """Your own work: close the shop, open it again, ask a colleague. Here it is only written down."""
        self.db.execute("INSERT INTO applied VALUES (?, ?, ?)", (ident, entry["kind"], json.dumps(entry)))


class Receiver:
    """Takes what SNS posts; reads from the API what a number shows to be missing."""

    def __init__(self, book: Book, topics: dict[str, str], api: Callable[..., bytes], get: Fetch) -> None:
        self.book, self.api, self.get = book, api, get
        self.topics = {arn: feed for feed, arn in topics.items()}
        self.certificate = cache(get)
        self.lock = threading.Lock()  # one thread applies at a time

    def take(self, body: bytes) -> None:
        """Handle a request of SNS. Raises `Refused` for a forged one, any other error to get it again later."""
        try:
            envelope = {name: str(value) for name, value in json.loads(body).items()}
        except (ValueError, AttributeError) as error:
            raise Refused("not an envelope") from error
        verify(envelope, set(self.topics), self.certificate)
        if envelope["Type"] == "SubscriptionConfirmation":
            check_sns_url(envelope["SubscribeURL"], re.compile("/?"))
            self.get(envelope["SubscribeURL"])
        else:
            self.take_notice(self.topics[envelope["TopicArn"]], json.loads(envelope["Message"]))

    def take_notice(self, feed: str, notice: dict[str, Any]) -> None:
        """Apply the next number at once; a later number shows that some are missing, an earlier was applied."""
        number = int(notice["change"] if feed == "closures" else notice["sequence"])
        with self.lock:
            cursor = self.book.cursor(feed)
            if number == cursor + 1 and not notice.get("shortened"):
                self.book.take(feed, number, [(f"{feed}.{number}", notice)])
                self.acknowledge(feed)
            elif number > cursor:
                self.catch_up(feed)

    def catch_up(self, feed: str) -> None:
        """Read the feed from our cursor to its end, and apply all that we may see, in order."""
        path, ident = ("changes", "change") if feed == "closures" else ("notices", "sequence")
        while True:
            cursor, page = self.page(feed, path)
            if int(page["next"]) == cursor:
                return self.acknowledge(feed)
            entries = [(f"{feed}.{entry[ident]}", entry.get("notice", entry)) for entry in page[path]]
            self.book.take(feed, int(page["next"]), entries)

    def page(self, feed: str, path: str) -> tuple[int, dict[str, Any]]:
        """Our cursor and the page behind it. When the exchange was put back to an earlier moment and our cursor is of
        the time that it lost, it says from where to read again."""
        cursor = self.book.cursor(feed)
        try:
            return cursor, json.loads(self.api(f"/v1/{path}?after={cursor}&limit=100"))
        except HTTPError as error:
            answer = json.loads(error.read())["error"]
            if answer["code"] != "restored":
                raise
            logging.warning("%s: numbers up to %s were lost; look up what they said", feed, cursor)
            self.book.take(feed, int(answer["details"]["read_after"]), [])
            return self.page(feed, path)

    def acknowledge(self, feed: str) -> None:
        """Report our cursor to the exchange. Closures need none: their cursor is ours alone."""
        if feed == "own" and self.book.cursor(feed):
            self.api("/v1/notices/acknowledgements", {"through": self.book.cursor(feed)})


def server(receiver: Receiver, port: int) -> ThreadingHTTPServer:
    """An HTTP server for SNS to post to; put your TLS in front of it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 15

        def do_POST(self) -> None:
            status = 200
            try:
                # SNS sends no more than 256 KB, in an envelope of escaped characters.
                receiver.take(self.rfile.read(min(int(self.headers["Content-Length"] or 0), 2_000_000)))
            except Refused as error:
                status = 403
                logging.warning("refused: %s", error)
            except Exception:
                status = 500  # SNS tries again, and the feed keeps it anyhow
                logging.exception("failed")
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """Ask who we are, listen, and read on at the start and every five minutes, for a notice that never arrived."""
    url, key = os.environ["LIANFANG_URL"].rstrip("/"), os.environ["LIANFANG_KEY"]

    def api(path: str, body: Any = None) -> bytes:
        return fetch(url + path, key, body)

    book, topics = Book(os.environ.get("BOOK", "receiver.sqlite3")), json.loads(api("/v1/platforms/me"))["topics"]
    receiver = Receiver(book, topics, api, fetch)
    threading.Thread(target=server(receiver, int((sys.argv[1:] or ["8080"])[0])).serve_forever, daemon=True).start()
    while True:
        try:
            with receiver.lock:
                receiver.catch_up("closures")
                receiver.catch_up("own")
        except OSError:
            logging.exception("the exchange cannot be reached; again in five minutes")
        time.sleep(300)


if __name__ == "__main__":
    main()
