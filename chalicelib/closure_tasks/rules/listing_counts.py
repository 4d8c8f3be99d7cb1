"""What became listed and what ended on one day, by source: in all, and by reason, region and severity."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.notices.rules import notice
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.values.records import Record, stored

UNKNOWN: Final = "unknown"
# Kinds of change, and what they are counted as.
COUNTED_AS: Final[Mapping[str, str]] = {
    "opened": "opened",
    "reopened": "reopened",
    "withdrawn": "withdrawn",
    "removed": "removed",
    "expired": "expired",
    "void": "voided",
    "voided": "voided",
    "disputed": "disputed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingCounts(Record):
    """Changes of one source's listings by kind; those opened by reason code, by division (four digits) and severity.

    A listing with several reasons counts for each of them.
    """

    opened: int = stored(0)
    reopened: int = stored(0)
    withdrawn: int = stored(0)
    removed: int = stored(0)
    expired: int = stored(0)
    voided: int = stored(0)
    disputed: int = stored(0)
    reason: Mapping[str, int] = stored(factory=dict)
    region: Mapping[str, int] = stored(factory=dict)
    severity: Mapping[str, int] = stored(factory=dict)


def count_listings(changes: Iterable[NumberedChange]) -> dict[str, ListingCounts]:
    """The counts of a day's changes, by source (`platform:<id>` or `government:<list>`)."""
    kinds: dict[str, Counter[str]] = {}
    parts: dict[str, dict[str, Counter[str]]] = {}
    for change in changes:
        counted_as, source = COUNTED_AS.get(change.kind, ""), str(change.listing.source)
        if not counted_as:
            continue
        kinds.setdefault(source, Counter()).update([counted_as])
        if counted_as == "opened":
            by_part = parts.setdefault(source, {"reason": Counter(), "region": Counter(), "severity": Counter()})
            by_part["reason"].update(change.listing.reasons)
            by_part["region"].update([notice.region(change.subject)[:4] or UNKNOWN])
            by_part["severity"].update([str(change.listing.severity)])
    return {
        source: ListingCounts.from_item({**kinds[source], **{k: dict(v) for k, v in parts.get(source, {}).items()}})
        for source in kinds
    }
