"""Idempotency keys: a key of a filer stays tied to what was sent with it first."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import report_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def claim_key(exchange: "ExchangeTable", filer: str, key: str, content: str, now: datetime) -> None:
    """Tie an Idempotency-Key to this content for seven days; `Conflict` when it is tied to another."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    expires_at = int((now + report_keys.IDEMPOTENCY_KEPT).timestamp())
    claim = {"id": report_keys.idempotency(filer, digest), "content": content, "expires_at": expires_at}
    existing = exchange.put_new(claim)
    if existing is None or existing["content"] == content:
        return
    if existing["expires_at"] > now.timestamp():
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT)
    exchange.put(claim)
