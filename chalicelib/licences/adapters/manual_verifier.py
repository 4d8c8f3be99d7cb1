"""The verifier for whoever has no electronic licence: a picture or PDF, read by two people who cannot copy."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.licences.rules.licence_check import (
    ANSWER_SECONDS,
    Challenge,
    Licence,
    Outcome,
    Presented,
    Refused,
    Unreachable,
    Waiting,
    document_key,
    same_name,
)
from chalicelib.values.organisation_codes import compact

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

MOST_BYTES: Final = 10 * 1024 * 1024
# What both must have typed alike, for the check stands or falls with it; of the rest, what both typed alike counts.
DECIDING: Final = ("decision", "status", "holder_role", "sha256")
TYPED: Final = tuple(one.name for one in fields(Licence) if one.name not in ("uscc", "name", "annotated_revoked"))


class ManualLicences:
    """An upload form as the challenge, two reviews as the answer."""

    def __init__(self, bucket: "FileBucket") -> None:
        self._bucket = bucket

    def start(self, check: Mapping[str, Any], _answer_to: str, _now: datetime) -> Challenge | Unreachable:
        """A form that takes one file of up to 10 MB within five minutes."""
        form = self._bucket.upload_form(document_key(check), MOST_BYTES, ANSWER_SECONDS)
        return Challenge(check["check_id"], upload=form)

    def settle(self, check: Mapping[str, Any], _answer: str, _now: datetime) -> Outcome:
        """What both reviews say; `reviews_disagree` when they do not say the same."""
        first, second = check.get("first_review"), check.get("second_review")
        if not first or not second:
            return Waiting()
        if first["decision"] == second["decision"] == "not_genuine" and first["sha256"] == second["sha256"]:
            return Refused("licence_not_genuine")
        alike = all(first[field] == second[field] for field in DECIDING)
        same = compact(first["uscc"]) == compact(second["uscc"]) and same_name(first["name"], second["name"])
        if not (alike and same):
            return Refused("reviews_disagree")
        typed: dict[str, Any] = {field: first[field] if first[field] == second[field] else "" for field in TYPED}
        licence = Licence(uscc=compact(first["uscc"]), name=first["name"], **typed)
        readers = "+".join(sorted(review["by"] for review in (first, second)))
        return Presented(licence, first["sha256"], f"reviewed by {readers}", first["at"])
