"""The verifier for merchants without an electronic licence: a picture or PDF, read by two people independently."""

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.licences.rules.licence import Licence
from chalicelib.licences.rules.licence_check import ANSWER_SECONDS, LicenceCheck, Review, document_key, same_name
from chalicelib.licences.rules.licence_verifier import Challenge, Outcome, Presented, Refused, Unreachable, Waiting
from chalicelib.values.organisation_codes import compact

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

MOST_BYTES: Final = 10 * 1024 * 1024
# What both reviewers must have typed alike to decide the check; of the rest, what both typed alike counts.
DECIDING: Final = ("decision", "status", "holder_role", "sha256")
TYPED: Final = tuple(field.name for field in fields(Licence) if field.name not in ("uscc", "name", "annotated_revoked"))


class ManualVerifier:
    """An upload form as the challenge, two reviews as the answer."""

    def __init__(self, bucket: "FileBucket") -> None:
        self._bucket = bucket

    def start(self, check: LicenceCheck, _answer_to: str, _now: datetime) -> Challenge | Unreachable:
        """A form that takes one file of up to 10 MB within five minutes."""
        form = self._bucket.upload_form(document_key(check), MOST_BYTES, ANSWER_SECONDS)
        return Challenge(check.check_id, upload=form)

    def verify(self, check: LicenceCheck, _answer: str, _now: datetime) -> Outcome:
        """What both reviews say; `reviews_disagree` when they do not say the same."""
        first, second = check.first_review, check.second_review
        if first is None or second is None:
            return Waiting()
        if first.decision == second.decision == "not_genuine" and first.sha256 == second.sha256:
            return Refused("licence_not_genuine")
        if not _agree(first, second):
            return Refused("reviews_disagree")
        typed = {field: getattr(first, field) for field in TYPED if getattr(first, field) == getattr(second, field)}
        licence = Licence(uscc=compact(first.uscc), name=first.name, **typed)
        reviewers = "+".join(sorted((first.by, second.by)))
        return Presented(licence, first.sha256, f"reviewed by {reviewers}", first.at)


def _agree(first: Review, second: Review) -> bool:
    """Whether both reviews say the same of what decides the check."""
    alike = all(getattr(first, field) == getattr(second, field) for field in DECIDING)
    return alike and compact(first.uscc) == compact(second.uscc) and same_name(first.name, second.name)
