"""Rows of a report that were accepted and could not be saved: they end rejected, with row and code, like any other.

Each chunk keeps its own beside the report; they join the rejected rows of the file before the report is done.
"""

import heapq
import json
from collections.abc import Iterator, Sequence

from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.registry.save_subject_changes import Unsaved
from chalicelib.reports.dependencies import Context
from chalicelib.reports.rules.eviction import Rejection, rejection_as_dict
from chalicelib.reports.rules.report import Report, rows_key
from chalicelib.storage.set_aside import set_aside
from chalicelib.values.records import Json

JOB = "report"


def keep_rejections(context: Context, report: Report, number: int, unsaved: Sequence[Unsaved]) -> None:
    """Keep the rows of a chunk that were not saved, before the chunk counts as done; safe to repeat."""
    if not unsaved:
        return
    set_aside(context.exchange, (each.record(JOB, report.report_id) for each in unsaved if not each.is_refused))
    rows = sorted((_rejection(each) for each in unsaved), key=lambda row: int(row["row"]))
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    context.bucket.put(_chunk_key(report, number), body.encode())
    context.exchange.add_to_set(report.id, "chunks_rejected", {number})


def with_rejections(context: Context, report: Report) -> Report:
    """The report with the rows that were not saved among its rejected ones; safe to repeat until it is done."""
    if not report.chunks_rejected:
        return report
    late = [row for number in report.chunks_rejected for row in _rows(context, _chunk_key(report, number))]
    numbers = {row["row"] for row in late}
    key = rows_key(report, "rejected")
    first = (row for row in (_rows(context, key) if context.bucket.has(key) else ()) if row["row"] not in numbers)
    merged = heapq.merge(first, sorted(late, key=_row_number), key=_row_number)
    body = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in merged)
    context.bucket.put(key, body.encode())
    return report.replace(accepted=report.accepted - len(numbers), rejected=report.rejected + len(numbers))


def _rejection(unsaved: Unsaved) -> Json:
    change = unsaved.change
    row = change.listing.row if isinstance(change, Listed) else None
    return rejection_as_dict(Rejection(row or 0, "", str(unsaved.finding), ""))


def _rows(context: Context, key: str) -> Iterator[Json]:
    return (json.loads(line) for line in context.bucket.lines(key))


def _row_number(row: Json) -> int:
    return int(row["row"])


def _chunk_key(report: Report, number: int) -> str:
    """Where the rows of one chunk that were not saved lie."""
    return rows_key(report, f"not-saved-{number:06d}")
