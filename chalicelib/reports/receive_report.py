"""Receive a report: its bytes are kept, it gets its id, and its sender can ask how far it is.

The id depends on the content alone, so sending it again, after whatever failure, is the same report.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.reports.idempotency_keys import claim_key
from chalicelib.reports.rules.report import RECEIVED, Report, Submission, view
from chalicelib.storage.item_keys import report_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

MOST_UPLOAD: Final = 200 * 1024 * 1024
UPLOAD_SECONDS: Final = 3_600


def receive_report(
    exchange: "ExchangeTable", bucket: "FileBucket", submission: Submission, body: bytes, now: datetime
) -> Json:
    """Take the bytes of one report; the same bytes of one platform are one report, however often they come."""
    content = hashlib.sha256(body).hexdigest()
    if submission.idempotency_key:
        claim_key(exchange, submission.filer, submission.idempotency_key, content, now)
    report = create_report(exchange, submission, submission.report_id(content), now)
    # Received but never processed: the call that wrote the item may have died before it wrote the file.
    if report.status == RECEIVED:
        bucket.put(report.key, body)
    return view(report)


def open_upload(exchange: "ExchangeTable", bucket: "FileBucket", submission: Submission, now: datetime) -> Json:
    """A report whose file will be posted straight to the bucket: the report, and the form to post it with."""
    report_id = submission.report_id(f"upload|{submission.idempotency_key or secrets.token_hex(16)}")
    report = create_report(exchange, submission, report_id, now)
    if report.file_name != submission.stored_name:
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, report_id=report_id)
    form = bucket.upload_form(report.key, MOST_UPLOAD, UPLOAD_SECONDS)
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**view(report), "upload": {**form, "most_bytes": MOST_UPLOAD, "expires_at": expires_at}}


def create_report(exchange: "ExchangeTable", submission: Submission, report_id: str, now: datetime) -> Report:
    """The report of that id, new unless it exists: received, nothing done yet."""
    report = Report(
        id=report_keys.report(report_id),
        report_id=report_id,
        platform_id=submission.platform_id,
        file_name=submission.stored_name,
        key=f"reports/{submission.platform_id}/{report_id}/{submission.stored_name}",
        received_at=iso(now),
        status=RECEIVED,
        on_behalf_of=submission.filing.on_behalf_of,
        enforcement=submission.filing.enforcement,
    )
    existing = exchange.put_new(report.to_item())
    return Report.from_item(existing) if existing else report
