"""Two people read an uploaded licence, each by themselves; the second review decides the check.

Who may read: the platform that asks, regulators, operators; the two must belong to two different participants, so that
neither is the other with another key, and at least one has nothing to gain. Neither sees what the other typed.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors
from chalicelib.accounts.api_keys import Caller
from chalicelib.licences import decide_check, licence_checks
from chalicelib.licences.decide_check import Check, Context
from chalicelib.licences.rules import licence_check
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

PLACES: Final = ("first_review", "second_review")
# PDF, JPEG, PNG, by their first bytes: what is opened by a person is at least what it says.
KINDS: Final = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
LINK_SECONDS: Final = 300


def document(
    exchange: "ExchangeTable", pictures: "FileBucket", caller: Caller, check_id: str, now: datetime
) -> dict[str, Any]:
    """A link to the uploaded licence, good for five minutes, for somebody who may review it."""
    check = _open(exchange, caller, check_id, now)
    key, kind, sha256 = _picture(pictures, check)
    return {
        "check_id": check_id,
        "url": pictures.link(key, LINK_SECONDS, kind),
        "content_type": kind,
        "sha256": sha256,
        "good_for_seconds": LINK_SECONDS,
    }


def review(
    context: Context, pictures: "FileBucket", caller: Caller, check_id: str, typed: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Take one review: `decision` (genuine, not_genuine) and what the reviewer read off; the second decides.

    Raises `NotFound`, `Forbidden`, and `Conflict` when there is nothing to review, or not by this caller.
    """
    check = _open(context.exchange, caller, check_id, now)
    written = {field: mask_personal(value.strip())[0] for field, value in typed.items()}
    sha256 = _picture(pictures, check)[2]
    one = {**written, "sha256": sha256, "by": caller.platform_id, "key_id": caller.key_id, "at": iso(now)}
    for place in PLACES:
        asked = {"state": licence_check.PENDING, place: ""}
        if context.exchange.set_fields(check["id"], {place: one}, only_if=asked):
            break
        check = _open(context.exchange, caller, check_id, now)
    else:
        raise errors.Conflict("licence_check_over", state=licence_check.PENDING)
    return settle(context, pictures, check_id, now)


def settle(context: Context, pictures: "FileBucket", check_id: str, now: datetime) -> dict[str, Any]:
    """Decide a check that has both reviews, and erase the picture: a receipt is kept, not the licence."""
    check: Check = licence_checks.find(context.exchange, check_id)
    if check["state"] == licence_check.PENDING and all(check[place] for place in PLACES):
        # Before the decision: nothing needs it any more, and whoever finishes after a kill finds both reviews.
        pictures.erase(licence_check.document_key(check))
        found = context.verifiers["manual"].settle(check, "", now)
        check = decide_check.settle(context, check, found, check["second_review"]["sha256"], now)
    if check["state"] != licence_check.PENDING:
        decide_check.record(context, check, now)
    return decide_check.view(context, check, now)


def _open(exchange: "ExchangeTable", caller: Caller, check_id: str, now: datetime) -> dict[str, Any]:
    """The check, if this caller may review it now."""
    check = licence_checks.find(exchange, check_id, caller.platform_id if caller.role == "platform" else "")
    if check["method"] != "manual":
        raise errors.Conflict("nothing_to_review", method=check["method"])
    if check["state"] != licence_check.PENDING or iso(now) > check["answer_until"]:
        raise errors.Conflict("licence_check_over", state=licence_check.state_of(check, iso(now)))
    if any(check[place] and check[place]["by"] == caller.platform_id for place in PLACES):
        raise errors.Conflict("reviewed_already", check_id=check_id)
    return check


def _picture(pictures: "FileBucket", check: Check) -> tuple[str, str, str]:
    """Key, type and SHA-256 of what was uploaded; `Conflict` when nothing was, or no picture."""
    key = licence_check.document_key(check)
    body = pictures.get(key)
    if not body:
        raise errors.Conflict("nothing_uploaded", check_id=check["check_id"])
    kind = next((kind for start, kind in KINDS if body.startswith(start)), "")
    if not kind:
        raise errors.Conflict("no_picture", check_id=check["check_id"])
    return key, kind, hashlib.sha256(body).hexdigest()
