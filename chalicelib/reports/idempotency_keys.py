"""Idempotency keys: a key of a filer stays tied to what was sent with it first, and to the report that it became."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.reports.rules.report import Submission
from chalicelib.storage.item_keys import report_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable, Item


def report_of_key(exchange: "ExchangeTable", submission: Submission, content: str, now: datetime) -> str:
    """The report that the submission's key was used for within seven days, '' where none; `Conflict` when it was used
    for other content."""
    claim = exchange.get(_item_id(submission.filer, submission.idempotency_key))
    if claim is None or claim["expires_at"] <= now.timestamp():
        return ""
    return _same_content(claim, submission, content)


def claim_key(exchange: "ExchangeTable", submission: Submission, content: str, report_id: str, now: datetime) -> str:
    """Tie the submission's key to this content and report for seven days; the report that the key is tied to, which
    another call may have done first. `Conflict` when it is tied to other content."""
    claim = _claim(submission.filer, submission.idempotency_key, content, now) | {"report_id": report_id}
    existing = exchange.put_new(claim)
    if existing is None:
        return report_id
    if existing["expires_at"] > now.timestamp():
        return _same_content(existing, submission, content)
    exchange.put(claim)
    return report_id


def claim_key_for_content(exchange: "ExchangeTable", filer: str, key: str, content: str, now: datetime) -> None:
    """Tie a key to this content for seven days; `Conflict` when it is tied to another."""
    claim = _claim(filer, key, content, now)
    existing = exchange.put_new(claim)
    if existing is None:
        return
    if existing["expires_at"] <= now.timestamp():
        exchange.put(claim)
    elif existing["content"] != content:
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT)


def _same_content(claim: "Item", submission: Submission, content: str) -> str:
    if claim["content"] != content:
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT)
    # Claims of earlier versions name no report: it was that of the content.
    return str(claim.get("report_id", "")) or submission.report_id(content)


def _claim(filer: str, key: str, content: str, now: datetime) -> "Item":
    expires_at = int((now + report_keys.IDEMPOTENCY_KEPT).timestamp())
    return {"id": _item_id(filer, key), "content": content, "expires_at": expires_at}


def _item_id(filer: str, key: str) -> str:
    return report_keys.idempotency(filer, hashlib.sha256(key.encode()).hexdigest()[:32])
