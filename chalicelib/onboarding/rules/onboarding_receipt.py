"""The receipt of an onboarding check: the answer as it was given, kept for three years."""

import json
import zlib
from dataclasses import dataclass

from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.stored_lookup import StoredLookup
from chalicelib.values.records import Json, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingReceipt(StoredLookup):
    """An onboarding check, stored as a lookup, so that its matches can be decided on; `said` is the packed answer."""

    said: bytes = stored()

    def answer(self) -> Json:
        """The answer, word for word, and to which platform it was given."""
        answer: Json = json.loads(zlib.decompress(bytes(self.said)))
        return {**answer, "platform_id": self.platform_id}


def packed(answer: Json, applicant: Applicant) -> bytes:
    """The answer as it is kept: of an applicant without a code, who may be a natural person, without the typed name."""
    kept = answer if applicant.code or applicant.registration_no else _without_names(answer)
    return zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())


def _without_names(answer: Json) -> Json:
    matches = [
        {**match, "reasons": [_without_name(reason) for reason in match["reasons"]]} for match in answer["matches"]
    ]
    return {**answer, "matches": matches}


def _without_name(reason: Json) -> Json:
    return {field: value for field, value in reason.items() if field not in ("query", "says")}
