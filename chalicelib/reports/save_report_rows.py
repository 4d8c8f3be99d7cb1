"""A chunk of a report: each eviction becomes a change, each change one save."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.reason_codes import gravest
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.registry.rules.subject_id import subject_id
from chalicelib.registry.save_changes import save_all
from chalicelib.reports import receive_report, regulator_filing, split_report
from chalicelib.reports.rules.eviction import Eviction, eviction_from_dict
from chalicelib.reports.split_report import Context
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import detect_bursts

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable

IDENTITY_FIELDS: Final = (
    "uscc",
    "registration_no",
    "org_code",
    "person",
    "name",
    "former_name",
    "shop_name",
    "address",
    "phone",
    "legal_representative",
    "bank_account",
    "legal_representative_shown",
    "shop_url",
)
LISTING_FIELDS: Final = (
    "reason_text",
    "measure",
    "evidence_level",
    "document_no",
    "notice_url",
    "expires_on",
    "shop_name",
    "shop_id",
    "shop_url",
)


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
    identity = {field: getattr(eviction, field) for field in IDENTITY_FIELDS}
    filed = regulator_filing.filed_as(report)
    listing = {
        "listing_id": listings.listing_id(filed["source"], subject_id(identity), eviction.evicted_on, eviction.reasons),
        **filed,
        "filed_on": china_date(datetime.fromisoformat(report["received_at"])),
        "listed_on": eviction.evicted_on,
        "reasons": list(eviction.reasons),
        "severity": gravest(eviction.reasons),
        "reported_at": report["received_at"],
        "report_id": report["report_id"],
        "row": row,
        **{field: getattr(eviction, field) for field in LISTING_FIELDS},
        "evidence_level": regulator_filing.evidence_level(report, eviction.evidence_level),
    }
    return Listed(identity, {field: value for field, value in listing.items() if value != ""}, at)
