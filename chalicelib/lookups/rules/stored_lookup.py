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
# What is left out of a packed lookup where there is nothing.
_MORE: Final = ("relations", "by", "given", "verdicts", "stale", "policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLookup(Record):
    """A lookup without any personal value: `asked_id` names the applicant, `relations` each match by subject id.

    `by` is the person or the key that asked, `given` what was given beside the identifier in `asked_id`, by field,
    masked ('' for what is not kept). `verdicts` is the verdict on each match, `stale` the sources that could not be
    searched, `policy` the version of the platform's own policy that judged, 0 for none.
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
    by: str = stored("")
    given: Mapping[str, str] = stored(factory=dict)
    verdicts: Mapping[str, str] = stored(factory=dict)
    stale: tuple[str, ...] = stored((), many="values")
    policy: int = stored(0)
    expires_at: int = stored()


def packed(lookup: StoredLookup) -> Json:
    """The fields of a lookup in their smallest form: nothing that its key or its expiry says too, no empty field."""
    parts = (lookup.platform_id, lookup.purpose, lookup.asked_id, lookup.verdict)
    more = {name: value for name, value in lookup.stored_fields(*_MORE).items() if value}
    return {PACKED: _SEPARATOR.join(parts), **more, "expires_at": lookup.expires_at}


def unpacked(item: Json, lookup_id: str, kept: timedelta) -> StoredLookup:
    """The lookup of an item, packed or as earlier versions stored it; `kept` is how long lookups are kept."""
    if PACKED not in item:
        return StoredLookup.from_item(item)
    platform_id, purpose, rest = str(item[PACKED]).split(_SEPARATOR, 2)
    asked_id, _, verdict = rest.rpartition(_SEPARATOR)
    expires_at = int(item["expires_at"])
    fields = {
        "lookup_id": lookup_id,
        "platform_id": platform_id,
        "purpose": purpose,
        "at": iso(datetime.fromtimestamp(expires_at, UTC) - kept),
        "asked_id": asked_id,
        "verdict": verdict,
        "relations": {},
        "expires_at": expires_at,
    }
    return StoredLookup.from_item({**fields, **{name: item[name] for name in _MORE if name in item}})
