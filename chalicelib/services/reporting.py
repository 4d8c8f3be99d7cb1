"""A report on its way in: received at the door, split into chunks, each chunk saved, told to the reporter when done.

Every step may be killed and run again: ids are computed from what was sent, files are written whole under names that
depend on nothing else, and the status moves last.
"""

import hashlib
import json
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.digest import Digest
from chalicelib.domain.eviction import Rejection, eviction_as_dict, rejection_as_dict
from chalicelib.domain.moment import china_date, iso
from chalicelib.domain.notice import report_notice
from chalicelib.domain.report import take_row
from chalicelib.errors import Conflict, FileRefused, NotFound, TooLarge

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.file_bucket import FileBucket
    from chalicelib.adapters.queue import Queue
    from chalicelib.adapters.table_file import Record
    from chalicelib.adapters.topics import Topics

Item = dict[str, Any]
CHUNK_ROWS: Final = 1_000
MOST_UPLOAD: Final = 200 * 1024 * 1024
UPLOAD_SECONDS: Final = 3_600
IDEMPOTENCY_DAYS: Final = 7
RECEIVED, PROCESSING, DONE, REFUSED = "received", "processing", "done", "refused"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that reporting works with."""

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    chunks: "Queue"
    topics: "Topics"
    digest: Digest
    read: "Callable[[Path, str], Iterator[Record]]"
    chunk_rows: int = CHUNK_ROWS


def receive(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    platform_id: str,
    file_name: str,
    body: bytes,
    idempotency_key: str,
    now: datetime,
) -> Item:
    """Take the bytes of one report; the same bytes of one platform are one report, however often they come."""
    content = hashlib.sha256(body).hexdigest()
    report_id = _report_id(platform_id, content)
    if idempotency_key:
        _claim_idempotency(exchange, platform_id, idempotency_key, content, now)
    report = _new_report(platform_id, report_id, file_name, now)
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
) -> dict[str, Any]:
    """A report whose file will be posted straight to the bucket: the report, and the form to post it with."""
    report_id = _report_id(platform_id, f"upload|{idempotency_key or secrets.token_hex(16)}")
    report = _new_report(platform_id, report_id, file_name, now)
    known = exchange.put_new(report) or report
    if known["file_name"] != report["file_name"]:
        raise Conflict("idempotency_conflict", report_id=report_id)
    form = bucket.upload_form(known["key"], MOST_UPLOAD, UPLOAD_SECONDS)
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**view(known), "upload": {**form, "most_bytes": MOST_UPLOAD, "expires_at": expires_at}}


def find(exchange: "ExchangeTable", report_id: str, platform_id: str = "") -> Item:
    """The report, or `NotFound`; of that platform alone, where one is given."""
    report = exchange.get(f"report#{report_id}")
    if report is None or (platform_id and report["platform_id"] != platform_id):
        raise NotFound("not_found", report_id=report_id)
    if "same_as" in report:
        first = exchange.get(f"report#{report['same_as']}") or report
        return {**first, "report_id": report_id, "same_as": report["same_as"]}
    return report


def view(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report as its reporter sees it."""
    fields = ("report_id", "same_as", "file_name", "received_at", "done_at", "status")
    counts = ("rows", "accepted", "rejected", "warnings")
    shown = {field: report[field] for field in fields if field in report}
    shown |= {field: report.get(field, 0) for field in counts}
    return shown | ({"refused": report["refused"]} if "refused" in report else {})


def take_file(desk: Desk, key: str, now: datetime) -> None:
    """Split the file that arrived under `key` into chunks of normalised evictions and send them on.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, report_id = key.split("/")[1:3]
    report = find(desk.exchange, report_id, platform_id)
    if report["status"] in (DONE, REFUSED):
        desk.bucket.erase(key)
        return
    if is_saved(report):
        finish(desk, report, now)
        return
    desk.exchange.set_fields(report["id"], {"status": PROCESSING})
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            if (size := desk.bucket.size(key)) > MOST_UPLOAD:
                raise TooLarge("too_large", bytes=size, most=MOST_UPLOAD)
            content = desk.bucket.download(key, path)
            if _came_before(desk, report, content, now):
                return
            counts = _split(desk, report, path, Path(folder) / "rejections")
    except (FileRefused, TooLarge) as error:
        _refuse(desk, report, error, now)
        return
    desk.exchange.set_fields(report["id"], counts)
    if is_saved({**report, **counts}):
        finish(desk, {**report, **counts}, now)
        return
    desk.chunks.send([{"report_id": report_id, "chunk": number} for number in range(1, counts["chunks"] + 1)])


def read_rejections(bucket: "FileBucket", report: Mapping[str, Any], after: int, limit: int) -> tuple[list[Item], bool]:
    """The rejected rows after row number `after`, at most `limit`, and whether there are more."""
    if not report.get("rejected"):
        return [], False
    rows: list[Item] = []
    for line in bucket.lines(rejections_key(report)):
        row = json.loads(line)
        if row["row"] <= after:
            continue
        if len(rows) == limit:
            return rows, True
        rows.append(row)
    return rows, False


def is_saved(report: Mapping[str, Any]) -> bool:
    """Whether the file was split and every chunk of it is saved."""
    return "chunks" in report and len(report.get("chunks_done", ())) == report["chunks"]


def finish(desk: Desk, report: Mapping[str, Any], now: datetime) -> None:
    """Tell the reporter, erase what held personal data, and only then call the report done."""
    done = {"status": DONE, "done_at": iso(now)}
    _tell(desk, {**report, **done})
    desk.bucket.erase(report["key"])
    desk.exchange.set_fields(report["id"], done)


def chunk_key(report_id: str, number: int) -> str:
    """Where a chunk waits to be saved."""
    return f"chunks/{report_id}/{number:06d}.jsonl"


def rejections_key(report: Mapping[str, Any]) -> str:
    """Where the rejected rows of a report are kept."""
    first = report.get("same_as", report["report_id"])
    return f"results/{report['platform_id']}/{first}/rejections.jsonl"


def _split(desk: Desk, report: Mapping[str, Any], path: Path, rejected: Path) -> dict[str, int]:
    """Normalise every row; accepted ones go to chunks, rejected ones beside the file. Counts of both."""
    # The day on which it was received, so that the file read again tomorrow has the same result.
    today = date.fromisoformat(china_date(datetime.fromisoformat(report["received_at"])))
    counts = {"rows": 0, "accepted": 0, "rejected": 0, "warnings": 0, "chunks": 0}
    waiting: list[str] = []
    with rejected.open("w", encoding="utf-8") as rejections:
        for record in desk.read(path, report["file_name"]):
            counts["rows"] += 1
            taken = take_row(record.row, record.cells, today=today, digest=desk.digest, headers=record.headers)
            if isinstance(taken, Rejection):
                counts["rejected"] += 1
                rejections.write(_line(rejection_as_dict(taken)) + "\n")
                continue
            counts["accepted"] += 1
            counts["warnings"] += bool(taken.warnings)
            waiting.append(_line({"row": record.row, **eviction_as_dict(taken)}))
            if len(waiting) == desk.chunk_rows:
                _put_chunk(desk, report["report_id"], counts, waiting)
    if waiting:
        _put_chunk(desk, report["report_id"], counts, waiting)
    if counts["rejected"]:
        desk.bucket.put_file(rejections_key(report), rejected)
    return counts


def _put_chunk(desk: Desk, report_id: str, counts: dict[str, int], waiting: list[str]) -> None:
    counts["chunks"] += 1
    desk.bucket.put(chunk_key(report_id, counts["chunks"]), "\n".join(waiting).encode())
    waiting.clear()


def _came_before(desk: Desk, report: Mapping[str, Any], content: str, now: datetime) -> bool:
    """Whether these bytes are another report's: one that came before, or (a form used twice) one that starts now."""
    platform_id = report["platform_id"]
    if report.get("content", content) != content:
        other = _new_report(platform_id, _report_id(platform_id, content), report["file_name"], now)
        desk.exchange.put_new(other)
        desk.bucket.copy(report["key"], other["key"])
        return True
    desk.exchange.set_fields(report["id"], {"content": content})
    claim = {"id": f"content#{platform_id}#{content}", "report_id": report["report_id"]}
    first = desk.exchange.put_new(claim)
    if first is None or first["report_id"] == report["report_id"]:
        return False
    desk.bucket.erase(report["key"])
    desk.exchange.set_fields(report["id"], {"status": DONE, "same_as": first["report_id"], "done_at": iso(now)})
    return True


def _refuse(desk: Desk, report: Mapping[str, Any], error: FileRefused | TooLarge, now: datetime) -> None:
    refused = {
        "status": REFUSED,
        "refused": {**error.body()["error"], "details": dict(error.details)},
        "done_at": iso(now),
    }
    _tell(desk, {**report, **refused})
    desk.bucket.erase(report["key"])
    desk.exchange.set_fields(report["id"], refused)


def _tell(desk: Desk, report: Mapping[str, Any]) -> None:
    notice, attributes = report_notice(view(report))
    desk.topics.publish_private(report["platform_id"], notice, attributes)


def _claim_idempotency(exchange: "ExchangeTable", platform_id: str, key: str, content: str, now: datetime) -> None:
    named = hashlib.sha256(key.encode()).hexdigest()[:32]
    expires_at = int((now + timedelta(days=IDEMPOTENCY_DAYS)).timestamp())
    claim = {"id": f"idempotency#{platform_id}#{named}", "content": content, "expires_at": expires_at}
    known = exchange.put_new(claim)
    if known is None or known["content"] == content:
        return
    if known["expires_at"] > now.timestamp():
        raise Conflict("idempotency_conflict")
    exchange.put(claim)


def _new_report(platform_id: str, report_id: str, file_name: str, now: datetime) -> Item:
    plain = file_name.replace("/", "_").replace("\\", "_")[-120:] or "file"
    return {
        "id": f"report#{report_id}",
        "report_id": report_id,
        "platform_id": platform_id,
        "file_name": plain,
        "key": f"reports/{platform_id}/{report_id}/{plain}",
        "received_at": iso(now),
        "status": RECEIVED,
    }


def _report_id(platform_id: str, what: str) -> str:
    return "r_" + hashlib.sha256(f"{platform_id}|{what}".encode()).hexdigest()[:24]


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
