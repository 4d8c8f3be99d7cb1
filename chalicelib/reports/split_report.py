"""A report on its way in: received at the door, split into chunks, each chunk saved, told to the reporter when done.

Every step may be killed and run again: ids are computed from what was sent, files are written whole under names that
depend on nothing else, and the status moves last.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.registry.rules import listing_source
from chalicelib.registry.rules.reason_codes import code_like, nearest_codes
from chalicelib.reports import regulator_filing
from chalicelib.reports.receive_report import (
    DONE,
    MOST_UPLOAD,
    PROCESSING,
    REFUSED,
    chunk_key,
    find,
    new_report,
    report_id_of,
    rows_key,
    view,
)
from chalicelib.reports.rules.eviction import Eviction, Rejection, eviction_as_dict, rejection_as_dict
from chalicelib.reports.rules.report_notice import report_notice
from chalicelib.reports.rules.validate_report_row import take_row
from chalicelib.table_files.rules.suggest_headers import FileHeaders
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import update_reporter_trust

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.sqs_queue import Queue
    from chalicelib.table_files.rules.table_row import TableRow

Item = dict[str, Any]
CHUNK_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that reporting works with."""

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    chunks: "Queue"
    sender: NoticeSender
    digest: Digest
    read: "Callable[[Path, str], Iterator[TableRow]]"
    chunk_rows: int = CHUNK_ROWS


def take_file(context: Context, key: str, now: datetime) -> None:
    """Split the file that arrived under `key` into chunks of normalised evictions and send them on.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, report_id = key.split("/")[1:3]
    report = find(context.exchange, report_id, platform_id)
    if report["status"] in (DONE, REFUSED):
        context.bucket.erase(key)
        forget(context, report)
        return
    if is_saved(report):
        finish(context, report, now)
        return
    context.exchange.set_fields(report["id"], {"status": PROCESSING})
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            if (size := context.bucket.size(key)) > MOST_UPLOAD:
                raise TooLarge(ErrorCode.TOO_LARGE, bytes=size, most=MOST_UPLOAD)
            content = context.bucket.download(key, path)
            if _came_before(context, report, content, now):
                return
            counts = _split(context, report, path)
    except (FileRefused, TooLarge) as error:
        _refuse(context, report, error, now)
        return
    context.exchange.set_fields(report["id"], counts)
    if is_saved({**report, **counts}):
        finish(context, {**report, **counts}, now)
        return
    context.chunks.send([{"report_id": report_id, "chunk": number} for number in range(1, counts["chunks"] + 1)])


def is_saved(report: Mapping[str, Any]) -> bool:
    """Whether the file was split and every chunk of it is saved."""
    return "chunks" in report and len(report.get("chunks_done", ())) == report["chunks"]


def finish(context: Context, report: Mapping[str, Any], now: datetime) -> None:
    """Tell the reporter, erase what held personal data, and only then call the report done."""
    done = {"status": DONE, "done_at": iso(now)}
    if not listing_source.scope(report):
        accepted = report.get("accepted", 0)
        update_reporter_trust.count_reported(context.exchange, report["platform_id"], report["report_id"], accepted)
    _tell(context, {**report, **done}, now)
    context.bucket.erase(report["key"])
    context.exchange.set_fields(report["id"], done)
    forget(context, report)


def forget(context: Context, report: Mapping[str, Any]) -> None:
    """Take off the mark by which a report was counted once: that it is done says as much."""
    if not listing_source.scope(report):
        update_reporter_trust.forget_report(context.exchange, report["platform_id"], report["report_id"])


def _split(context: Context, report: Mapping[str, Any], path: Path) -> Item:
    """Normalise every row; accepted ones go to chunks, rejected ones and warnings beside the file. Counts of all.

    `nearest` is beside the counts where a header is near to the name of a column.
    """
    # The day on which it was received, so that the file read again tomorrow has the same result.
    today = date.fromisoformat(china_date(datetime.fromisoformat(report["received_at"])))
    counts = {"rows": 0, "accepted": 0, "rejected": 0, "warnings": 0, "chunks": 0}
    headers = FileHeaders()
    waiting: list[str] = []
    beside = {kind: path.with_name(kind) for kind in ("rejected", "warnings")}
    with beside["rejected"].open("w", encoding="utf-8") as rejected, beside["warnings"].open("w") as warnings:
        for record in context.read(path, report["file_name"]):
            counts["rows"] += 1
            headers.see(record.unread, record.headers)
            taken = take_row(record.number, record.cells, today=today, digest=context.digest, headers=record.headers)
            if isinstance(taken, Rejection):
                counts["rejected"] += 1
                rejected.write(_line(rejection_as_dict(taken)) + "\n")
                continue
            if taken.warnings:
                counts["warnings"] += 1
                warnings.write(_line(_warning(record, taken)) + "\n")
            counts["accepted"] += 1
            waiting.append(_line({"row": record.number, **eviction_as_dict(taken)}))
            if len(waiting) == context.chunk_rows:
                _put_chunk(context, report["report_id"], counts, waiting)
    if waiting:
        _put_chunk(context, report["report_id"], counts, waiting)
    for kind, kept in beside.items():
        if counts[kind]:
            context.bucket.put_file(rows_key(report, kind), kept)
    return {**counts, **headers.nearest()}


def _warning(record: "TableRow", taken: Eviction) -> dict[str, Any]:
    """The remarks on a row; where no code of a reason was understood, the codes that it is near to."""
    nearest = {}
    if "unknown_reason" in taken.warnings and record.cells:
        nearest = nearest_codes(code_like(record.cells.get("reasons", "")))
    return {"row": record.number, "codes": list(taken.warnings), **({"nearest": nearest} if nearest else {})}


def _put_chunk(context: Context, report_id: str, counts: dict[str, int], waiting: list[str]) -> None:
    counts["chunks"] += 1
    context.bucket.put(chunk_key(report_id, counts["chunks"]), "\n".join(waiting).encode())
    waiting.clear()


def _came_before(context: Context, report: Mapping[str, Any], content: str, now: datetime) -> bool:
    """Whether these bytes are another report's: one that came before, or (a form used twice) one that starts now."""
    platform_id = report["platform_id"]
    filer = platform_id + listing_source.scope(report)
    if report.get("content", content) != content:
        relay = {field: report[field] for field in regulator_filing.FIELDS if field in report}
        other = new_report(platform_id, report_id_of(filer, content), report["file_name"], now, relay)
        context.exchange.put_new(other)
        context.bucket.copy(report["key"], other["key"])
        return True
    context.exchange.set_fields(report["id"], {"content": content})
    claim = {"id": f"content#{filer}#{content}", "report_id": report["report_id"]}
    first = context.exchange.put_new(claim)
    if first is None or first["report_id"] == report["report_id"]:
        return False
    context.bucket.erase(report["key"])
    context.exchange.set_fields(report["id"], {"status": DONE, "same_as": first["report_id"], "done_at": iso(now)})
    return True


def _refuse(context: Context, report: Mapping[str, Any], error: FileRefused | TooLarge, now: datetime) -> None:
    refused = {
        "status": REFUSED,
        "refused": {**error.body()["error"], "details": dict(error.details)},
        "done_at": iso(now),
    }
    _tell(context, {**report, **refused}, now)
    context.bucket.erase(report["key"])
    context.exchange.set_fields(report["id"], refused)


def _tell(context: Context, report: Mapping[str, Any], now: datetime) -> None:
    send_notice(context.sender, report["platform_id"], report_notice(view(report)), now)
    for platform_id in regulator_filing.listeners(report)[1:]:
        send_notice(context.sender, platform_id, report_notice(view(report), platform_id), now)


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
