"""A chunk of a report: each eviction becomes a change, each change one save."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.registry.rules.listing import CONTENT_FIELDS, Listing, listing_id
from chalicelib.registry.rules.reason_codes import gravest
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.registry.save_changes import save_all
from chalicelib.reports import receive_report, regulator_filing, split_report
from chalicelib.reports.rules.eviction import Eviction, eviction_from_dict
from chalicelib.reports.split_report import Context
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import detect_bursts

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


def take_chunk(context: Context, registry: "RegistryTable", report_id: str, number: int, now: datetime) -> None:
    """Save every eviction of a chunk; whoever saves the last chunk finishes the report."""
    report = receive_report.find(context.exchange, report_id)
    key = receive_report.chunk_key(report_id, number)
    if report["status"] == receive_report.DONE:
        context.bucket.erase(key)
        detect_bursts.forget_chunk(context.exchange, report, number)
        split_report.forget(context, report)
        return
    body = context.bucket.get(key)
    if number not in report.get("chunks_done", []):
        if body is None:
            raise LookupError(f"chunk {number} of {report_id} is not in the bucket")
        changes = _changes(report, body, now)
        # Before the first of them can be looked up.
        detect_bursts.count_chunk(context.sender, report, number, changes, now)
        save_all(registry, changes)
        report = context.exchange.add_to_set(report["id"], "chunks_done", {number})
    detect_bursts.forget_chunk(context.exchange, report, number)
    if body is not None:
        context.bucket.erase(key)
    if split_report.is_saved(report):
        split_report.finish(context, report, now)


def _changes(report: Mapping[str, Any], body: bytes, now: datetime) -> list[Listed]:
    changes: list[Listed] = []
    for line in body.decode().split("\n"):
        row = json.loads(line)
        changes.append(change(report, row["row"], eviction_from_dict(row), iso(now)))
    return changes


def change(report: Mapping[str, Any], row: int, eviction: Eviction, at: str) -> Listed:
    """The change that one reported eviction makes: a listing on the subject, of the platform that says so or, by a
    regulator's own enforcement, of the government."""
    filed = regulator_filing.filed_as(report)
    content: Json = {field: getattr(eviction, field) for field in CONTENT_FIELDS}
    content["evidence_level"] = regulator_filing.evidence_level(report, eviction.evidence_level)
    listing = Listing(
        **content,
        source=filed["source"],
        filed_by=filed.get("filed_by", ""),
        listing_id=listing_id(filed["source"], eviction.identity.subject_id, eviction.evicted_on, eviction.reasons),
        filed_on=china_date(datetime.fromisoformat(report["received_at"])),
        listed_on=eviction.evicted_on,
        reasons=eviction.reasons,
        severity=gravest(eviction.reasons),
        reported_at=report["received_at"],
        report_id=report["report_id"],
        row=row,
    )
    return Listed(eviction.identity, listing, at)
