"""Split the file of a report into chunks of normalised evictions, which are saved each on its own.

Every step may be killed and run again: ids are computed from what was sent, files are written whole under names that
depend on nothing else, and the status moves last.
"""

import json
import tempfile
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from chalicelib.accounts import row_quotas
from chalicelib.accounts.file_turns import PIECES_AT_ONCE
from chalicelib.errors import FileRefused, TooLarge, Unavailable
from chalicelib.messages import ErrorCode
from chalicelib.reports.dependencies import Context
from chalicelib.reports.finish_report import (
    end_refused,
    end_repetition,
    erase_file,
    finish_report,
    forget_count,
    give_turn_back,
    refuse_report,
)
from chalicelib.reports.name_persons import name_persons
from chalicelib.reports.posted_files import receive_other_versions
from chalicelib.reports.read_report import find_report, get_report
from chalicelib.reports.receive_report import MOST_UPLOAD
from chalicelib.reports.rules.eviction import Eviction, Rejection, eviction_as_dict, rejection_as_dict
from chalicelib.reports.rules.report import FINISHED, PROCESSING, Report, chunk_key, rows_key
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.reports.standing_listings import MOST_KEPT, answers_for_content, id_of_listing
from chalicelib.storage.item_keys import report_keys
from chalicelib.table_files.rules.suggest_headers import FileHeaders
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.table_files.rules.table_row import TableRow

COUNTS = ("rows", "accepted", "rejected", "warnings", "chunks")


def split_file(context: Context, key: str, now: datetime) -> None:
    """Split the file that arrived under `key` into chunks of normalised evictions and send them on.

    Raises when something outside fails, so that the file comes again; a bad file is refused, which is a result.
    """
    platform_id, report_id = key.split("/")[1:3]
    report = find_report(context.exchange, report_id, platform_id)
    versions = context.bucket.versions(key)
    if report.status in FINISHED:
        receive_other_versions(context, report, versions, now)
        if report.object_version in versions:
            erase_file(context, report)
        forget_count(context, report)
        give_turn_back(context, report, now)
        return
    if report.refused:
        end_refused(context, report, now)
        return
    if report.is_saved:
        finish_report(context, report, now)
        return
    started = _start(context, report, versions)
    try:
        split = _split_arrived(context, started, versions, now)
    except (FileRefused, TooLarge) as error:
        refuse_report(context, started, error, now)
        return
    if split is None:
        return
    nearest = {"nearest": split.nearest} if split.nearest else {}
    context.exchange.set_fields(report.id, split.stored_fields(*COUNTS) | nearest)
    row_quotas.count_rows(context.exchange, report.platform_id, report.key_id, report_id, split.rows, now)
    if split.is_saved:
        finish_report(context, split, now)
        return
    # Each that is saved sends the one that comes so many later (save_report_rows).
    first = range(1, min(split.chunks or 0, PIECES_AT_ONCE) + 1)
    context.chunks.send([{"report_id": report_id, "chunk": number} for number in first])


def _start(context: Context, report: Report, versions: list[str]) -> Report:
    """The report in work, made of the version of its file that it has taken already, or else of the first."""
    if not versions and not report.object_version:
        raise LookupError(f"{report.key} is not in the bucket")
    started = report.replace(status=PROCESSING, object_version=report.object_version or versions[0])
    fields = started.stored_fields("status", "object_version")
    if report.waits_until:
        fields["waits_until"] = ""
    if not context.exchange.set_fields(report.id, fields, only_if={"status": report.status}):
        raise Unavailable(ErrorCode.STORE_UNAVAILABLE, report_id=report.report_id)
    return started


def _split_arrived(context: Context, report: Report, versions: list[str], now: datetime) -> Report | None:
    """The report with the counts of its rows, split; None where another report has the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if (size := context.bucket.size(report.key, report.object_version)) > MOST_UPLOAD:
            raise TooLarge(ErrorCode.TOO_LARGE, bytes=size, most=MOST_UPLOAD)
        content = context.bucket.download(report.key, path, report.object_version)
        report = report.replace(content=content)
        receive_other_versions(context, report, versions, now)
        return None if _is_repetition(context, report, now) else _split(context, report, path)


def _split(context: Context, report: Report, path: Path) -> Report:
    """Normalise every row; accepted ones go to chunks, rejected ones and warnings beside the file.

    The report with the counts of all, and `nearest` where a header is near to the name of a column.
    """
    # The day on which it was received, so that the file read again tomorrow has the same result.
    today = date.fromisoformat(china_date(datetime.fromisoformat(report.received_at)))
    counts = dict.fromkeys(COUNTS, 0)
    headers = FileHeaders()
    waiting: list[tuple[int, Eviction]] = []
    beside = {kind: path.with_name(kind) for kind in ("rejected", "warnings", "listings")}
    with ExitStack() as stack:
        rejected, warnings, listings = [
            stack.enter_context(file.open("w", encoding="utf-8")) for file in beside.values()
        ]
        for row in context.read(path, report.file_name):
            counts["rows"] += 1
            headers.see(row.unread, row.headers)
            valid = validate_row(row.number, row.cells, today=today, digest=context.digest, headers=row.headers)
            if isinstance(valid, Rejection):
                counts["rejected"] += 1
                rejected.write(_line(rejection_as_dict(valid)) + "\n")
                continue
            valid = _warned(row, valid)
            if valid.warnings:
                counts["warnings"] += 1
                warnings.write(_line({"row": row.number, "codes": list(valid.warnings)}) + "\n")
            counts["accepted"] += 1
            waiting.append((row.number, valid))
            if len(waiting) == context.chunk_rows:
                _put_chunk(context, report, counts, waiting, listings)
        if waiting:
            _put_chunk(context, report, counts, waiting, listings)
    counted = {"listings": 0 < counts["accepted"] <= MOST_KEPT, **counts}
    for kind, file in beside.items():
        if counted[kind]:
            context.bucket.put_file(rows_key(report, kind), file)
    return report.replace(**counts, **headers.nearest())


def _warned(row: "TableRow", eviction: Eviction) -> Eviction:
    """The eviction with what is to be said of its row as it stands in the file."""
    return eviction.replace(warnings=(*eviction.warnings, *row.remarks)) if row.remarks else eviction


def _put_chunk(
    context: Context, report: Report, counts: dict[str, int], waiting: list[tuple[int, Eviction]], listings: TextIO
) -> None:
    """Keep the evictions that wait, which are the last that were counted, and the ids of their listings."""
    numbers, evictions = [number for number, _ in waiting], [eviction for _, eviction in waiting]
    if context.key_state().is_rotated:
        evictions = name_persons(context.exchange, context.registry, evictions)
    counts["chunks"] += 1
    room = max(0, MOST_KEPT - counts["accepted"] + len(waiting))
    listings.writelines(id_of_listing(report, eviction) + "\n" for eviction in evictions[:room])
    rows = zip(numbers, evictions, strict=True)
    lines = [_line({"row": number, **eviction_as_dict(eviction)}) for number, eviction in rows]
    context.bucket.put(chunk_key(report.report_id, counts["chunks"]), "\n".join(lines).encode())
    waiting.clear()


def _is_repetition(context: Context, report: Report, now: datetime) -> bool:
    """Whether another report answers for the same bytes; then this one ends, with the outcome of that one.

    A report that was refused, or of which a listing has ended, answers no more: this one takes its place.
    """
    context.exchange.set_fields(report.id, {"content": report.content})
    claim = {"id": report_keys.content(report.submission.filer, report.content), "report_id": report.report_id}
    while (claimed := context.exchange.put_new(claim)) and claimed["report_id"] != report.report_id:
        first = get_report(context.exchange, claimed["report_id"])
        if first and answers_for_content(context.bucket, context.registry, first, now, context.key_state):
            end_repetition(context, report, first, now)
            return True
        context.exchange.set_fields(
            claim["id"], {"report_id": report.report_id}, only_if={"report_id": claimed["report_id"]}
        )
    return False


def _line(row: Json) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
