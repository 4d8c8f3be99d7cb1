"""Evidence in a dispute: posted straight to the bucket by a form, taken in when it has arrived, read by two.

A form may be used again within its hour, so what counts is the version that was read first: its size, SHA-256 and
version are recorded once, and links lead to that version.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.disputes.dispute_steps import REGULATOR, Case
from chalicelib.disputes.rules import evidence_file_types
from chalicelib.errors import Conflict, NotFound, TooLarge, UnsupportedType
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.listing_disputes import CLOSED
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

Item = dict[str, Any]
UPLOAD_SECONDS: Final = 3_600
LINK_SECONDS: Final = 300
TAKEN_AT_ONCE: Final = 5
WAITING, ARRIVED, REFUSED = "waiting", "arrived", "refused"
SHOWN: Final = ("evidence_id", "file_name", "content_type", "by", "asked_at", "state", "bytes", "sha256", "refused")


def open_upload(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    case: Case,
    by: str,
    wanted: Mapping[str, Any],
    idempotency_key: str,
    now: datetime,
) -> Item:
    """A form with which the opener or the reporter posts one file: `file_name`, `content_type`.

    The same `idempotency_key` gives the same file's form. `UnsupportedType` and `TooLarge` before anything is sent;
    `NotFound` for whoever is no party; `Conflict` when the dispute is closed or has its fill.
    """
    ident = case.dispute["dispute_id"]
    if by not in (case.item["by"], case.listing["source"]):
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=ident)
    if case.dispute["state"] == CLOSED:
        raise Conflict(ErrorCode.DISPUTE_IS_CLOSED, dispute_id=ident)
    if wanted["content_type"] not in evidence_file_types.TYPES:
        raise UnsupportedType(
            ErrorCode.UNSUPPORTED_TYPE, sent=wanted["content_type"][:80], expected=list(evidence_file_types.TYPES)
        )
    if wanted.get("bytes", 0) > evidence_file_types.MOST_BYTES:
        raise TooLarge(ErrorCode.TOO_LARGE, bytes=wanted["bytes"], most=evidence_file_types.MOST_BYTES)
    named = f"{ident}|{by}|{idempotency_key or secrets.token_hex(16)}"
    evidence_id = "e_" + hashlib.sha256(named.encode()).hexdigest()[:24]
    known = exchange.get(_set_id(ident)) or {"members": ()}
    if evidence_id not in known["members"] and len(known["members"]) >= evidence_file_types.MOST_FILES:
        raise Conflict(ErrorCode.TOO_MANY_FILES, most=evidence_file_types.MOST_FILES)
    item = {
        "id": _item_id(ident, evidence_id),
        "evidence_id": evidence_id,
        "file_name": evidence_file_types.plain_name(wanted["file_name"]),
        "content_type": wanted["content_type"],
        "by": by,
        "asked_at": iso(now),
        "state": WAITING,
    }
    held = exchange.put_new(item) or item
    if (held["file_name"], held["content_type"]) != (item["file_name"], item["content_type"]):
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, evidence_id=evidence_id)
    exchange.add_to_set(_set_id(ident), "members", {evidence_id})
    form = bucket.upload_form(_key(ident, held), evidence_file_types.MOST_BYTES, UPLOAD_SECONDS, held["content_type"])
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**_view(held), "upload": {**form, "most_bytes": evidence_file_types.MOST_BYTES, "expires_at": expires_at}}


def listed(exchange: "ExchangeTable", bucket: "FileBucket", dispute_id: str, now: datetime) -> list[Item]:
    """Every file of the dispute, oldest first; what has arrived since is taken in by that, a few at a time: hashing
    takes time, and whoever reads again gets the rest."""
    known = exchange.get(_set_id(dispute_id)) or {"members": ()}
    items = exchange.get_many(_item_id(dispute_id, one) for one in known["members"]).values()
    shown, left = [], TAKEN_AT_ONCE
    for item in sorted(items, key=lambda one: (one["asked_at"], one["evidence_id"])):
        taken = _take_in(exchange, bucket, dispute_id, item, now) if left else item
        left -= taken["state"] != item["state"]
        shown.append(_view(taken))
    return shown


def link(exchange: "ExchangeTable", bucket: "FileBucket", case: Case, by: str, evidence_id: str, now: datetime) -> Item:
    """A link to one file for five minutes, for the reporter and regulators; `NotFound` for anyone else.

    `Conflict` while it has not arrived or was refused.
    """
    ident = case.dispute["dispute_id"]
    item = exchange.get(_item_id(ident, evidence_id))
    if item is None or not (by == case.listing["source"] or by.startswith(REGULATOR)):
        raise NotFound(ErrorCode.NOT_FOUND, evidence_id=evidence_id[:40])
    taken = _take_in(exchange, bucket, ident, item, now)
    if taken["state"] != ARRIVED:
        raise Conflict(ErrorCode.EVIDENCE_NOT_THERE, evidence_id=evidence_id, state=taken["state"])
    url = bucket.link(_key(ident, taken), LINK_SECONDS, file_name=taken["file_name"], version=taken["version"])
    return {**_view(taken), "url": url, "expires_at": iso(now + timedelta(seconds=LINK_SECONDS))}


def _take_in(exchange: "ExchangeTable", bucket: "FileBucket", dispute_id: str, item: Item, now: datetime) -> Item:
    """Record what has arrived, once: whoever is second keeps what the first recorded."""
    if item["state"] != WAITING:
        return item
    found = bucket.examine(_key(dispute_id, item), evidence_file_types.MOST_BYTES, evidence_file_types.LONGEST_MARK)
    if found is None:
        return item
    problem = evidence_file_types.problem(item["content_type"], found.size, found.head)
    recorded = {
        "state": REFUSED if problem else ARRIVED,
        "bytes": found.size,
        "sha256": found.sha256,
        "version": found.version,
        "arrived_at": iso(now),
        **({"refused": problem} if problem else {}),
    }
    if exchange.set_fields(item["id"], recorded, only_if={"state": WAITING}):
        return {**item, **recorded}
    return exchange.get(item["id"]) or item


def _view(item: Mapping[str, Any]) -> Item:
    return {field: item[field] for field in SHOWN if item.get(field) not in (None, "")}


def _set_id(dispute_id: str) -> str:
    return f"evidence#{dispute_id}"


def _item_id(dispute_id: str, evidence_id: str) -> str:
    return f"evidence#{dispute_id}#{evidence_id}"


def _key(dispute_id: str, item: Mapping[str, Any]) -> str:
    return f"evidence/{dispute_id}/{item['evidence_id']}/{item['file_name']}"
