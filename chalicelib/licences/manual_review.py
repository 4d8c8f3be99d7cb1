"""Two people read an uploaded licence, each by themselves; the second review decides the check.

Who may read: the platform that asks, regulators, operators; the two must belong to two different participants, so that
neither is the other with another key, and at least one has nothing to gain. Neither sees what the other typed.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib import errors
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.licences import decide_licence_check, licence_check_store, licence_checks
from chalicelib.licences.decide_licence_check import Context
from chalicelib.licences.rules import licence_check
from chalicelib.licences.rules.licence_check import LicenceCheck, Review
from chalicelib.messages import ErrorCode
from chalicelib.values.file_names import DELIVERED_AS
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

PLACES: Final = ("first_review", "second_review")
# PDF, JPEG, PNG, by their first bytes: what is opened by a person is at least what it says.
KINDS: Final = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
LINK_SECONDS: Final = 300
# By which extension a picture is saved, whatever it was called.
EXTENSIONS: Final = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded licence: its key in the bucket, its content type, its SHA-256."""

    key: str
    content_type: str
    sha256: str


def document(exchange: "ExchangeTable", bucket: "FileBucket", caller: Caller, check_id: str, now: datetime) -> Json:
    """Links to the uploaded licence, good for five minutes, for a caller who may review it: `url` saves it, `shown_url`
    shows it."""
    check = _reviewable(exchange, caller, check_id, now)
    picture = _picture(bucket, check)
    name = f"licence{EXTENSIONS[picture.content_type]}"
    return {
        "check_id": check_id,
        "url": bucket.link(picture.key, LINK_SECONDS, DELIVERED_AS, name),
        "shown_url": bucket.shown_link(picture.key, LINK_SECONDS, picture.content_type, name),
        "content_type": picture.content_type,
        "sha256": picture.sha256,
        "good_for_seconds": LINK_SECONDS,
    }


def review(context: Context, bucket: "FileBucket", caller: Caller, check_id: str, typed: Json, now: datetime) -> Json:
    """Accept one review: `decision` (genuine, not_genuine) and what the reviewer read off; the second decides.

    Raises `NotFound`, `Forbidden`, and `Conflict` when there is nothing to review, or not by this caller.
    """
    check = _reviewable(context.exchange, caller, check_id, now)
    written: Json = {field: mask_personal(value.strip())[0] for field, value in typed.items()}
    sha256 = _picture(bucket, check).sha256
    review = Review(**written, sha256=sha256, by=caller.platform_id, key_id=caller.key_id, at=iso(now))
    for place in PLACES:
        free = {"state": licence_check.PENDING, place: ""}
        if licence_check_store.update_check(context.exchange, check, {place: review.to_item()}, only_if=free):
            break
        check = _reviewable(context.exchange, caller, check_id, now)
    else:
        raise errors.Conflict(ErrorCode.LICENCE_CHECK_OVER, state=licence_check.PENDING)
    return refresh(context, bucket, check_id, now)


def refresh(context: Context, bucket: "FileBucket", check_id: str, now: datetime) -> Json:
    """The check as it is now; one that has both reviews is decided, and its picture erased: only a receipt is kept."""
    check = licence_checks.find(context.exchange, check_id)
    if check.state == licence_check.PENDING and check.first_review and check.second_review:
        # Before the decision: nothing needs it any more, and the caller that finishes after a kill has both reviews.
        bucket.erase(licence_check.document_key(check))
        outcome = context.verifiers["manual"].verify(check, "", now)
        check = decide_licence_check.decide(context, check, outcome, check.second_review.sha256, now)
    if check.state != licence_check.PENDING:
        decide_licence_check.record(context, check, now)
    return decide_licence_check.view(context, check, now)


def _reviewable(exchange: "ExchangeTable", caller: Caller, check_id: str, now: datetime) -> LicenceCheck:
    """The check, if this caller may review it now."""
    check = licence_checks.find(exchange, check_id, caller.platform_id if caller.role == Role.PLATFORM else "")
    if check.method != "manual":
        raise errors.Conflict(ErrorCode.NOTHING_TO_REVIEW, method=check.method)
    if not licence_check.is_open(check, iso(now)):
        raise errors.Conflict(ErrorCode.LICENCE_CHECK_OVER, state=licence_check.state_of(check, iso(now)))
    if any(review and review.by == caller.platform_id for review in (check.first_review, check.second_review)):
        raise errors.Conflict(ErrorCode.REVIEWED_ALREADY, check_id=check_id)
    return check


def _picture(bucket: "FileBucket", check: LicenceCheck) -> Picture:
    """What was uploaded; `Conflict` when nothing was, or no picture."""
    key = licence_check.document_key(check)
    body = bucket.get(key)
    if not body:
        raise errors.Conflict(ErrorCode.NOTHING_UPLOADED, check_id=check.check_id)
    kind = next((kind for start, kind in KINDS if body.startswith(start)), "")
    if not kind:
        raise errors.Conflict(ErrorCode.NO_PICTURE, check_id=check.check_id)
    return Picture(key, kind, hashlib.sha256(body).hexdigest())
