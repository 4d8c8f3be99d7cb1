"""Receive a report: its bytes are kept, it gets its id, and its sender can ask how far it is.

The id depends on the content, so sending it again, after whatever failure, is the same report; unless the report was
refused or a listing of it has ended, when the same content is a new report. An Idempotency-Key names its report.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.reports import list_reports
from chalicelib.reports.idempotency_keys import claim_key, report_of_key
from chalicelib.reports.read_report import get_report
from chalicelib.reports.rules.report import RECEIVED, Report, Submission, view
from chalicelib.reports.standing_listings import answers_for_content
from chalicelib.storage.item_keys import report_keys
from chalicelib.values.keyed_digest import KeyState, ReadKeyState
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

MOST_UPLOAD: Final = 200 * 1024 * 1024
UPLOAD_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True)
class Stores:
    """What receiving a report reads and writes; `key_state` is that of the keys of the digests."""

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    registry: "RegistryTable"
    key_state: ReadKeyState = KeyState


def receive_report(stores: Stores, submission: Submission, body: bytes, now: datetime) -> Json:
    """Take the bytes of one report; while it is in work, or its listings stand, the same bytes are the same report.

    Under an Idempotency-Key that was used before, it is the report of that key; `Conflict` with other bytes.
    """
    content = hashlib.sha256(body).hexdigest()
    report = create_report(stores.exchange, submission, _report_id(stores, submission, content, now), now)
    # Received but never processed: the call that wrote the item may have died before it wrote the file.
    if report.status == RECEIVED:
        stores.bucket.put(report.key, body)
    return view(report)


def _report_id(stores: Stores, submission: Submission, content: str, now: datetime) -> str:
    """The report that takes this content: that of the key, else the latest one of this content while it answers for
    it, else a new one."""
    key = submission.idempotency_key
    if key and (used := report_of_key(stores.exchange, submission, content, now)):
        return used
    claim = stores.exchange.get(report_keys.content(submission.filer, content))
    report_id = str(claim["report_id"]) if claim else submission.report_id(content)
    while (report := get_report(stores.exchange, report_id)) and not answers_for_content(
        stores.bucket, stores.registry, report, now, stores.key_state
    ):
        # Computed from the report before, so that whoever sends it twice at once sends one report.
        report_id = submission.report_id(f"{content}|{report_id}")
    return claim_key(stores.exchange, submission, content, report_id, now) if key else report_id


def open_upload(
    exchange: "ExchangeTable", bucket: "FileBucket", submission: Submission, now: datetime, back_to: str = ""
) -> Json:
    """A report whose file will be posted straight to the bucket: the report, and the form to post it with.

    A browser is sent on to `back_to`, where it is given, with the report's id behind it.
    """
    report_id = submission.report_id(f"upload|{submission.idempotency_key or secrets.token_hex(16)}")
    report = create_report(exchange, submission, report_id, now)
    if report.file_name != submission.stored_name:
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, report_id=report_id)
    back = f"{back_to}{report_id}" if back_to else ""
    form = bucket.upload_form(report.key, MOST_UPLOAD, UPLOAD_SECONDS, back_to=back)
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**view(report), "upload": {**form, "most_bytes": MOST_UPLOAD, "expires_at": expires_at}}


def create_report(exchange: "ExchangeTable", submission: Submission, report_id: str, now: datetime) -> Report:
    """The report of that id, new unless it exists: received, nothing done yet."""
    existing = get_report(exchange, report_id)
    if existing is None:
        report = _new_report(submission, report_id, now)
        places = list_reports.draw_places(exchange, report)
        stored = exchange.put_new(report.replace(places=places).to_item())
        existing = Report.from_item(stored) if stored else report.replace(places=places)
    # Received but never processed: the call that wrote the item may have died before it entered it into the lists.
    if existing.status == RECEIVED:
        list_reports.enter_places(exchange, existing)
    return existing


def _new_report(submission: Submission, report_id: str, now: datetime) -> Report:
    return Report(
        id=report_keys.report(report_id),
        report_id=report_id,
        platform_id=submission.platform_id,
        file_name=submission.stored_name,
        key=f"reports/{submission.platform_id}/{report_id}/{submission.stored_name}",
        received_at=iso(now),
        status=RECEIVED,
        on_behalf_of=submission.filing.on_behalf_of,
        enforcement=submission.filing.enforcement,
        key_id=submission.key_id,
    )
