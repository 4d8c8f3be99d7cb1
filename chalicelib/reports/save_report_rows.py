"""Save a chunk of a report: each eviction becomes a change, each change one save."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts import file_turns
from chalicelib.registry.rules.listing import CONTENT_FIELDS, Listing, listing_id
from chalicelib.registry.rules.reason_codes import gravest
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.registry.save_subject_changes import save_all
from chalicelib.reports.dependencies import Context
from chalicelib.reports.finish_report import erase_file, finish_report, forget_count, give_turn_back
from chalicelib.reports.name_persons import name_persons
from chalicelib.reports.read_report import find_report
from chalicelib.reports.rejected_while_saving import keep_rejections
from chalicelib.reports.rules.eviction import Eviction, eviction_from_dict
from chalicelib.reports.rules.report import FINISHED, Report, chunk_key
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import detect_bursts

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


def save_chunk(context: Context, registry: "RegistryTable", report_id: str, number: int, now: datetime) -> None:
    """Save every eviction of a chunk, and send the next one; the call that saves the last finishes the report."""
    report = find_report(context.exchange, report_id)
    if report.status in FINISHED:
        context.bucket.erase(chunk_key(report_id, number))
        erase_file(context, report)
        detect_bursts.forget_chunk(context.exchange, report, number)
        forget_count(context, report)
        give_turn_back(context, report, now)
        return
    try:
        report = _save(context, registry, report, number, now)
    finally:
        # A chunk that fails comes again by itself, and holds none of the others up.
        _send_next(context, report, number, now)
    if report.is_saved:
        finish_report(context, report, now)


def _send_next(context: Context, report: Report, number: int, now: datetime) -> None:
    """Send the chunk that waits for this one, so that few of one report are in the queue at a time."""
    following = number + file_turns.PIECES_AT_ONCE
    if following <= (report.chunks or 0) and following not in report.chunks_done:
        context.chunks.send([{"report_id": report.report_id, "chunk": following}])
    if number % file_turns.PIECES_AT_ONCE == 0:
        file_turns.renew_turn(context.exchange, file_turns.REPORTS, report.platform_id, report.report_id, now)


def _save(context: Context, registry: "RegistryTable", report: Report, number: int, now: datetime) -> Report:
    key = chunk_key(report.report_id, number)
    body = context.bucket.get(key)
    if number not in report.chunks_done:
        if body is None:
            raise LookupError(f"chunk {number} of {report.report_id} is not in the bucket")
        changes = _changes(context, report, body, now)
        # Before the first of them can be looked up.
        detect_bursts.count_chunk(context.sender, report, number, changes, now)
        keep_rejections(context, report, number, save_all(registry, changes))
        report = Report.from_item(context.exchange.add_to_set(report.id, "chunks_done", {number}))
    detect_bursts.forget_chunk(context.exchange, report, number)
    if body is not None:
        context.bucket.erase(key)
    return report


def _changes(context: Context, report: Report, body: bytes, now: datetime) -> list[Listed]:
    rows = [json.loads(line) for line in body.decode().split("\n")]
    evictions = [eviction_from_dict(row) for row in rows]
    if context.key_state().is_rotated:
        # What was split before a key was rotated has no names of persons yet.
        evictions = name_persons(context.exchange, context.registry, evictions)
    numbered = zip(rows, evictions, strict=True)
    return [change_of(report, row["row"], eviction, iso(now)) for row, eviction in numbered]


def change_of(report: Report, row: int, eviction: Eviction, at: str) -> Listed:
    """The change that one reported eviction makes: a listing on the subject, of the platform that says so or, by a
    regulator's own enforcement, of the government."""
    content: Json = {field: getattr(eviction, field) for field in CONTENT_FIELDS}
    content["evidence_level"] = report.evidence_level(eviction.evidence_level)
    listing = Listing(
        **content,
        listing_id=listing_id(report.source, eviction.identity.subject_id, eviction.evicted_on, eviction.reasons),
        source=report.source,
        filed_by=report.filed_by,
        filed_on=china_date(datetime.fromisoformat(report.received_at)),
        listed_on=eviction.evicted_on,
        reasons=eviction.reasons,
        severity=gravest(eviction.reasons),
        reported_at=report.received_at,
        report_id=report.report_id,
        row=row,
    )
    return Listed(eviction.identity, listing, at)
