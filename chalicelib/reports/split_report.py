"""Split the file of a report into chunks of normalised evictions, which are saved each on its own.

Every step may be killed and run again: ids are computed from what was sent, files are written whole under names that
depend on nothing else, and the status moves last.
"""

import json
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.reason_codes import code_like, nearest_codes
from chalicelib.reports.dependencies import Context
from chalicelib.reports.finish_report import finish_report, forget_count, refuse_report
from chalicelib.reports.read_report import find_report
from chalicelib.reports.receive_report import MOST_UPLOAD, create_report
from chalicelib.reports.rules.eviction import Eviction, Rejection, eviction_as_dict, rejection_as_dict
from chalicelib.reports.rules.report import DONE, PROCESSING, REFUSED, Report, chunk_key, rows_key
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.storage.item_keys import report_keys
from chalicelib.table_files.rules.suggest_headers import FileHeaders
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.table_files.rules.table_row import TableRow

COUNTS = ("rows", "accepted", "rejected", "warnings", "chunks")


def split_file(context: Context, key: str, now: datetime) -> None:
    """Split the file that arrived under `key` into chunks of normalised evictions and send them on.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, report_id = key.split("/")[1:3]
    report = find_report(context.exchange, report_id, platform_id)
    if report.status in (DONE, REFUSED):
        context.bucket.erase(key)
        forget_count(context, report)
        return
    if report.is_saved:
        finish_report(context, report, now)
        return
    context.exchange.set_fields(report.id, {"status": PROCESSING})
    try:
        split = _split_arrived(context, report, key, now)
    except (FileRefused, TooLarge) as error:
        refuse_report(context, report, error, now)
        return
    if split is None:
        return
    nearest = {"nearest": split.nearest} if split.nearest else {}
    context.exchange.set_fields(report.id, split.stored_fields(*COUNTS) | nearest)
    if split.is_saved:
        finish_report(context, split, now)
        return
    context.chunks.send([{"report_id": report_id, "chunk": number + 1} for number in range(split.chunks or 0)])


def _split_arrived(context: Context, report: Report, key: str, now: datetime) -> Report | None:
    """The report with the counts of its rows, split; None where another report has the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if (size := context.bucket.size(key)) > MOST_UPLOAD:
            raise TooLarge(ErrorCode.TOO_LARGE, bytes=size, most=MOST_UPLOAD)
        content = context.bucket.download(key, path)
        return None if _is_repetition(context, report, content, now) else _split(context, report, path)


def _split(context: Context, report: Report, path: Path) -> Report:
    """Normalise every row; accepted ones go to chunks, rejected ones and warnings beside the file.

    The report with the counts of all, and `nearest` where a header is near to the name of a column.
    """
    # The day on which it was received, so that the file read again tomorrow has the same result.
    today = date.fromisoformat(china_date(datetime.fromisoformat(report.received_at)))
    counts = dict.fromkeys(COUNTS, 0)
    headers = FileHeaders()
    waiting: list[str] = []
    beside = {kind: path.with_name(kind) for kind in ("rejected", "warnings")}
    with beside["rejected"].open("w", encoding="utf-8") as rejected, beside["warnings"].open("w") as warnings:
        for row in context.read(path, report.file_name):
            counts["rows"] += 1
            headers.see(row.unread, row.headers)
            valid = validate_row(row.number, row.cells, today=today, digest=context.digest, headers=row.headers)
            if isinstance(valid, Rejection):
                counts["rejected"] += 1
                rejected.write(_line(rejection_as_dict(valid)) + "\n")
                continue
            if valid.warnings:
                counts["warnings"] += 1
                warnings.write(_line(_warning(row, valid)) + "\n")
            counts["accepted"] += 1
            waiting.append(_line({"row": row.number, **eviction_as_dict(valid)}))
            if len(waiting) == context.chunk_rows:
                _put_chunk(context, report.report_id, counts, waiting)
    if waiting:
        _put_chunk(context, report.report_id, counts, waiting)
    for kind, file in beside.items():
        if counts[kind]:
            context.bucket.put_file(rows_key(report, kind), file)
    return report.replace(**counts, **headers.nearest())


def _warning(row: "TableRow", eviction: Eviction) -> Json:
    """The remarks on a row; where no code of a reason was understood, the codes that it is near to."""
    nearest = {}
    if "unknown_reason" in eviction.warnings and row.cells:
        nearest = nearest_codes(code_like(row.cells.get("reasons", "")))
    return {"row": row.number, "codes": list(eviction.warnings), **({"nearest": nearest} if nearest else {})}


def _put_chunk(context: Context, report_id: str, counts: dict[str, int], waiting: list[str]) -> None:
    counts["chunks"] += 1
    context.bucket.put(chunk_key(report_id, counts["chunks"]), "\n".join(waiting).encode())
    waiting.clear()


def _is_repetition(context: Context, report: Report, content: str, now: datetime) -> bool:
    """Whether these bytes are another report's: one that came before, or (a form used twice) one that starts now."""
    submission = report.submission
    if report.content not in ("", content):
        other = create_report(context.exchange, submission, submission.report_id(content), now)
        context.bucket.copy(report.key, other.key)
        return True
    context.exchange.set_fields(report.id, {"content": content})
    claim = {"id": report_keys.content(submission.filer, content), "report_id": report.report_id}
    first = context.exchange.put_new(claim)
    if first is None or first["report_id"] == report.report_id:
        return False
    context.bucket.erase(report.key)
    context.exchange.set_fields(report.id, {"status": DONE, "same_as": first["report_id"], "done_at": iso(now)})
    return True


def _line(row: Json) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
