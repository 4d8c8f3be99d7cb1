"""A lookup as it is stored: who asked about whom, for which purpose, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import iso

# The one field of a packed lookup: the platform, the purpose, what was asked by, and the verdict.
PACKED: Final = "asked"
_SEPARATOR: Final = "|"


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


def packed(lookup: StoredLookup) -> Json:
    """The fields of a lookup in their smallest form: nothing that its key or its expiry says too, no empty field."""
    parts = (lookup.platform_id, lookup.purpose, lookup.asked_id, lookup.verdict)
    relations: Json = {"relations": dict(lookup.relations)} if lookup.relations else {}
    return {PACKED: _SEPARATOR.join(parts), **relations, "expires_at": lookup.expires_at}


def unpacked(item: Json, lookup_id: str, kept: timedelta) -> StoredLookup:
    """The lookup of an item, packed or as earlier versions stored it; `kept` is how long lookups are kept."""
    if PACKED not in item:
        return StoredLookup.from_item(item)
    platform_id, purpose, rest = str(item[PACKED]).split(_SEPARATOR, 2)
    asked_id, _, verdict = rest.rpartition(_SEPARATOR)
    expires_at = int(item["expires_at"])
    return StoredLookup(
        lookup_id=lookup_id,
        platform_id=platform_id,
        purpose=purpose,
        at=iso(datetime.fromtimestamp(expires_at, UTC) - kept),
        asked_id=asked_id,
        verdict=verdict,
        relations=item.get("relations", {}),
        expires_at=expires_at,
    )
