"""A chunk of a report: each eviction becomes a change, each change one save."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain import listing as listings
from chalicelib.domain.eviction import Eviction, eviction_from_dict
from chalicelib.domain.moment import china_date, iso
from chalicelib.domain.reason import gravest
from chalicelib.domain.subject import Change, Listed, Subject, subject_id
from chalicelib.services import guarding, receiving, relaying, reporting
from chalicelib.services.reporting import Desk

if TYPE_CHECKING:
    from chalicelib.adapters.registry_table import RegistryTable

WRITERS: Final = 16
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


def take_chunk(desk: Desk, registry: "RegistryTable", report_id: str, number: int, now: datetime) -> None:
    """Save every eviction of a chunk; whoever saves the last chunk finishes the report."""
    report = receiving.find(desk.exchange, report_id)
    key = receiving.chunk_key(report_id, number)
    if report["status"] == receiving.DONE:
        desk.bucket.erase(key)
        guarding.settle(desk.exchange, report, number)
        reporting.forget(desk, report)
        return
    body = desk.bucket.get(key)
    if number not in report.get("chunks_done", []):
        if body is None:
            raise LookupError(f"chunk {number} of {report_id} is not in the bucket")
        changes = _changes(report, body, now)
        # Before the first of them can be looked up.
        guarding.count(desk.post, report, number, changes, now)
        save_all(registry, changes)
        report = desk.exchange.add_to_set(report["id"], "chunks_done", {number})
    guarding.settle(desk.exchange, report, number)
    if body is not None:
        desk.bucket.erase(key)
    if reporting.is_saved(report):
        reporting.finish(desk, report, now)


def save_all(registry: "RegistryTable", changes: Sequence[Change]) -> None:
    """Save the changes, those of one subject in order, many subjects at a time."""
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(change.subject_id, []).append(change)
    known = registry.subjects(by_subject)
    with ThreadPoolExecutor(WRITERS) as pool:
        # list() so that the first failure is raised here and the chunk comes again.
        list(pool.map(lambda one: _save_in_order(registry, one[1], known.get(one[0])), by_subject.items()))


def _save_in_order(registry: "RegistryTable", changes: Sequence[Change], known: Subject | None) -> None:
    for change in changes:
        known = registry.save(change, known, just_read=True) or known


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
    filed = relaying.filed_as(report)
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
        "evidence_level": relaying.evidence_level(report, eviction.evidence_level),
    }
    return Listed(identity, {field: value for field, value in listing.items() if value != ""}, at)
