"""A report at the door: its bytes are kept, it gets its number, and whoever sent it can ask how it stands.

What was sent decides the number, so sending it again, after whatever failure, is the same report.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules import listing_source
from chalicelib.reports import regulator_filing
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

Item = dict[str, Any]
MOST_UPLOAD: Final = 200 * 1024 * 1024
UPLOAD_SECONDS: Final = 3_600
IDEMPOTENCY_DAYS: Final = 7
OWN: Final[Mapping[str, Any]] = {}
RECEIVED, PROCESSING, DONE, REFUSED = "received", "processing", "done", "refused"


def receive(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    platform_id: str,
    file_name: str,
    body: bytes,
    idempotency_key: str,
    now: datetime,
    relay: Mapping[str, Any] = OWN,
) -> Item:
    """Take the bytes of one report; the same bytes of one platform are one report, however often they come.

    `relay` is what `relaying.relay` says of a regulator's report.
    """
    content = hashlib.sha256(body).hexdigest()
    filer = platform_id + listing_source.scope(relay)
    report_id = report_id_of(filer, content)
    if idempotency_key:
        claim_idempotency(exchange, filer, idempotency_key, content, now)
    report = new_report(platform_id, report_id, file_name, now, relay)
    known = exchange.put_new(report)
    # Received but never processed: the one who wrote the item may have died before it wrote the file.
    if known is None or known["status"] == RECEIVED:
        bucket.put((known or report)["key"], body)
    return view(known or report)


def open_upload(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    platform_id: str,
    file_name: str,
    idempotency_key: str,
    now: datetime,
    relay: Mapping[str, Any] = OWN,
) -> dict[str, Any]:
    """A report whose file will be posted straight to the bucket: the report, and the form to post it with."""
    filer = platform_id + listing_source.scope(relay)
    report_id = report_id_of(filer, f"upload|{idempotency_key or secrets.token_hex(16)}")
    report = new_report(platform_id, report_id, file_name, now, relay)
    known = exchange.put_new(report) or report
    if known["file_name"] != report["file_name"]:
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, report_id=report_id)
    form = bucket.upload_form(known["key"], MOST_UPLOAD, UPLOAD_SECONDS)
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**view(known), "upload": {**form, "most_bytes": MOST_UPLOAD, "expires_at": expires_at}}


def find(exchange: "ExchangeTable", report_id: str, platform_id: str = "") -> Item:
    """The report, or `NotFound`; where a platform is given, one that it sent or that was sent for it."""
    report = exchange.get(f"report#{report_id}")
    if report is None or (platform_id and platform_id not in regulator_filing.listeners(report)):
        raise NotFound(ErrorCode.NOT_FOUND, report_id=report_id)
    if "same_as" in report:
        first = exchange.get(f"report#{report['same_as']}") or report
        return {**first, "report_id": report_id, "same_as": report["same_as"]}
    return report


def view(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report as its reporter sees it."""
    fields = (
        "report_id",
        "same_as",
        "on_behalf_of",
        "enforcement",
        "file_name",
        "received_at",
        "done_at",
        "status",
        "nearest",
    )
    counts = ("rows", "accepted", "rejected", "warnings")
    shown = {field: report[field] for field in fields if field in report}
    shown |= {field: report.get(field, 0) for field in counts}
    return shown | ({"refused": report["refused"]} if "refused" in report else {})


def read_rows(
    bucket: "FileBucket", report: Mapping[str, Any], kind: str, after: int, limit: int
) -> tuple[list[Item], bool]:
    """The rows of a kind (`rejected`, `warnings`) after row number `after`, `limit` at most; whether there are more."""
    if not report.get(kind):
        return [], False
    rows: list[Item] = []
    for line in bucket.lines(rows_key(report, kind)):
        row = json.loads(line)
        if row["row"] <= after:
            continue
        if len(rows) == limit:
            return rows, True
        rows.append(row)
    return rows, False


def chunk_key(report_id: str, number: int) -> str:
    """Where a chunk waits to be saved."""
    return f"chunks/{report_id}/{number:06d}.jsonl"


def rows_key(report: Mapping[str, Any], kind: str) -> str:
    """Where the rejected rows of a report, or those with warnings, are kept."""
    first = report.get("same_as") or report.get("report_id") or report["roster_id"]
    return f"results/{report['platform_id']}/{first}/{kind}.jsonl"


def new_report(platform_id: str, report_id: str, file_name: str, now: datetime, relay: Mapping[str, Any] = OWN) -> Item:
    """A report as it starts: received, nothing done yet."""
    plain = file_name.replace("/", "_").replace("\\", "_")[-120:] or "file"
    return {
        "id": f"report#{report_id}",
        "report_id": report_id,
        "platform_id": platform_id,
        "file_name": plain,
        "key": f"reports/{platform_id}/{report_id}/{plain}",
        "received_at": iso(now),
        "status": RECEIVED,
        **relay,
    }


def report_id_of(platform_id: str, what: str) -> str:
    """The id of what a platform sent."""
    return "r_" + hashlib.sha256(f"{platform_id}|{what}".encode()).hexdigest()[:24]


def claim_idempotency(exchange: "ExchangeTable", platform_id: str, key: str, content: str, now: datetime) -> None:
    """Tie an Idempotency-Key to this content for seven days; `Conflict` when it is tied to another."""
    named = hashlib.sha256(key.encode()).hexdigest()[:32]
    expires_at = int((now + timedelta(days=IDEMPOTENCY_DAYS)).timestamp())
    claim = {"id": f"idempotency#{platform_id}#{named}", "content": content, "expires_at": expires_at}
    known = exchange.put_new(claim)
    if known is None or known["content"] == content:
        return
    if known["expires_at"] > now.timestamp():
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT)
    exchange.put(claim)
