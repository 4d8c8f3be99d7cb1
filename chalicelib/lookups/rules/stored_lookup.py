"""A lookup as it is stored: who asked about whom, for which purpose, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.values.records import Record, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLookup(Record):
    """A lookup without any personal value: `asked_id` names the applicant, `relations` each match by subject id.

    `lookup_id` is empty on the receipt of an onboarding check, which is stored in the same form under its own id.
    `expires_at` is in seconds of the epoch.
    """

    lookup_id: str = stored("")
    platform_id: str = stored()
    purpose: str = stored()
    at: str = stored()
    asked_id: str = stored()
    verdict: str = stored()
    relations: Mapping[str, str] = stored()
    expires_at: int = stored()
