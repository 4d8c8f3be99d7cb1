"""Evidence in a dispute: posted straight to the bucket by a form, recorded when it has arrived, read by a link.

A form may be used again within its hour, so what counts is the version that was read first: its size, SHA-256 and
version are recorded once, and links lead to that version.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.disputes.rules import evidence_file
from chalicelib.disputes.rules.dispute_case import REGULATOR, Case
from chalicelib.disputes.rules.evidence_file import ARRIVED, REFUSED, WAITING, EvidenceFile
from chalicelib.errors import Conflict, NotFound, TooLarge, UnsupportedType
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.listing_disputes import CLOSED
from chalicelib.storage.item_keys import dispute_keys
from chalicelib.values.file_names import DELIVERED_AS, SHOWN_TYPES
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

UPLOAD_SECONDS: Final = 3_600
LINK_SECONDS: Final = 300
RECORDED_AT_ONCE: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The table that names the files, and the bucket that holds them."""

    exchange: "ExchangeTable"
    bucket: "FileBucket"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a party wants to post; `bytes` is 0 where it does not know the size.

    The same `idempotency_key` gives the same file's form. `back_to` is the address to which a browser is sent once the
    file has arrived, '' for none.
    """

    file_name: str
    content_type: str
    bytes: int = 0
    idempotency_key: str = ""
    back_to: str = ""


def open_upload(context: Context, case: Case, by: str, upload: Upload, now: datetime) -> Json:
    """A form with which the opener or the reporter posts one file.

    `UnsupportedType` and `TooLarge` before anything is sent; `NotFound` for an actor that is no party; `Conflict` when
    the dispute is closed or has as many files as it may have.
    """
    file = _asked_for(context, case, by, upload, now)
    form = _form(context, case.dispute.dispute_id, file, upload.back_to, now)
    return {**evidence_file.view(file), "upload": form}


def take_file(context: Context, case: Case, by: str, file_name: str, content: bytes, now: datetime) -> None:
    """Put a file of the opener or the reporter where a form would have posted it; its type is that of its bytes.

    The same bytes sent again are the same file. Raises as `open_upload` does.
    """
    content_type = evidence_file.type_of(content[: evidence_file.LONGEST_SIGNATURE])
    upload = Upload(file_name, content_type, len(content), idempotency_key=hashlib.sha256(content).hexdigest())
    file = _asked_for(context, case, by, upload, now)
    if file.state == WAITING:
        context.bucket.put(_object_key(case.dispute.dispute_id, file), content, content_type)


def _asked_for(context: Context, case: Case, by: str, upload: Upload, now: datetime) -> EvidenceFile:
    """The file that an upload is of, stored now or by the same request before."""
    dispute_id = case.dispute.dispute_id
    _check_upload(case, by, upload)
    key = upload.idempotency_key or secrets.token_hex(16)
    evidence_id = "e_" + hashlib.sha256(f"{dispute_id}|{by}|{key}".encode()).hexdigest()[:24]
    members = _members(context, dispute_id)
    if evidence_id not in members and len(members) >= evidence_file.MOST_FILES:
        raise Conflict(ErrorCode.TOO_MANY_FILES, most=evidence_file.MOST_FILES)
    wanted = EvidenceFile(
        id=dispute_keys.evidence_file(dispute_id, evidence_id),
        evidence_id=evidence_id,
        file_name=evidence_file.safe_name(upload.file_name, upload.content_type),
        content_type=upload.content_type,
        by=by,
        asked_at=iso(now),
        state=WAITING,
    )
    item = context.exchange.put_new(wanted.to_item())
    file = EvidenceFile.from_item(item) if item else wanted
    if (file.file_name, file.content_type) != (wanted.file_name, wanted.content_type):
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, evidence_id=evidence_id)
    context.exchange.add_to_set(dispute_keys.evidence_list(dispute_id), "members", {evidence_id})
    return file


def list_files(context: Context, dispute_id: str, now: datetime) -> list[Json]:
    """Every file of the dispute, oldest first.

    Files that have arrived since the last call are recorded by this one, a few at a time: hashing takes time, and a
    later call records the rest.
    """
    item_ids = [dispute_keys.evidence_file(dispute_id, evidence_id) for evidence_id in _members(context, dispute_id)]
    files = [EvidenceFile.from_item(item) for item in context.exchange.get_many(item_ids).values()]
    views, left = [], RECORDED_AT_ONCE
    for file in sorted(files, key=lambda file: (file.asked_at, file.evidence_id)):
        recorded = _record_arrival(context, dispute_id, file, now) if left else file
        left -= recorded.state != file.state
        views.append(evidence_file.view(recorded))
    return views


def link_file(context: Context, case: Case, by: str, request_id: str, evidence_id: str, now: datetime) -> Json:
    """Links to one file for five minutes, for the reporter and regulators; `NotFound` for any other actor.

    `url` saves the file, `shown_url` shows it; both say who asked for them, and in which request. `Conflict` while the
    file has not arrived or was refused.
    """
    dispute_id = case.dispute.dispute_id
    item = context.exchange.get(dispute_keys.evidence_file(dispute_id, evidence_id))
    if item is None or not (by == case.listing.source or by.startswith(REGULATOR)):
        raise NotFound(ErrorCode.NOT_FOUND, evidence_id=evidence_id[:40])
    file = _record_arrival(context, dispute_id, EvidenceFile.from_item(item), now)
    if file.state != ARRIVED:
        raise Conflict(ErrorCode.EVIDENCE_NOT_THERE, evidence_id=evidence_id, state=file.state)
    key = _object_key(dispute_id, file)
    name = evidence_file.safe_name(file.file_name, file.content_type)
    asked = {"x-by": by, "x-request": request_id}
    links = {"url": context.bucket.link(key, LINK_SECONDS, DELIVERED_AS, name, file.version, asked)}
    if file.content_type in SHOWN_TYPES:
        shown = context.bucket.shown_link(key, LINK_SECONDS, file.content_type, name, file.version, asked)
        links["shown_url"] = shown
    expires_at = iso(now + timedelta(seconds=LINK_SECONDS))
    return {**evidence_file.view(file), **links, "expires_at": expires_at}


def _check_upload(case: Case, by: str, upload: Upload) -> None:
    """Refuse a file that may not be posted, before a form is made for it."""
    dispute_id = case.dispute.dispute_id
    if by not in case.parties:
        raise NotFound(ErrorCode.NOT_FOUND, dispute_id=dispute_id)
    if case.dispute.state == CLOSED:
        raise Conflict(ErrorCode.DISPUTE_IS_CLOSED, dispute_id=dispute_id)
    if upload.content_type not in evidence_file.TYPES:
        raise UnsupportedType(
            ErrorCode.UNSUPPORTED_TYPE, sent=upload.content_type[:80], expected=list(evidence_file.TYPES)
        )
    if upload.bytes > evidence_file.MOST_BYTES:
        raise TooLarge(ErrorCode.TOO_LARGE, bytes=upload.bytes, most=evidence_file.MOST_BYTES)


def _form(context: Context, dispute_id: str, file: EvidenceFile, back_to: str, now: datetime) -> Json:
    """The form of an upload, its limit and when it ends."""
    key, most = _object_key(dispute_id, file), evidence_file.MOST_BYTES
    form = context.bucket.upload_form(key, most, UPLOAD_SECONDS, file.content_type, back_to)
    return {**form, "most_bytes": most, "expires_at": iso(now + timedelta(seconds=UPLOAD_SECONDS))}


def _record_arrival(context: Context, dispute_id: str, file: EvidenceFile, now: datetime) -> EvidenceFile:
    """The file with what has arrived, recorded once: a second worker keeps what the first recorded."""
    if file.state != WAITING:
        return file
    key = _object_key(dispute_id, file)
    examined = context.bucket.examine(key, evidence_file.MOST_BYTES, evidence_file.LONGEST_SIGNATURE)
    if examined is None:
        return file
    problem = evidence_file.problem(file.content_type, examined.size, examined.head)
    recorded = file.replace(
        state=REFUSED if problem else ARRIVED,
        bytes=examined.size,
        sha256=examined.sha256,
        version=examined.version,
        arrived_at=iso(now),
        refused=problem,
    )
    if context.exchange.set_fields(file.id, recorded.changes_since(file), only_if={"state": WAITING}):
        return recorded
    item = context.exchange.get(file.id)
    return EvidenceFile.from_item(item) if item else file


def _members(context: Context, dispute_id: str) -> list[str]:
    """The ids of the files of a dispute."""
    return list((context.exchange.get(dispute_keys.evidence_list(dispute_id)) or {"members": ()})["members"])


def _object_key(dispute_id: str, file: EvidenceFile) -> str:
    return f"evidence/{dispute_id}/{file.evidence_id}/{file.file_name}"
