"""How an entry of a government list ends: repaired (信用修复), removed, deleted by its source, or over its term.

The end of an entry ends the government's own listing and nothing else: what platforms reported stays as it is.
"""

import re
from datetime import datetime
from typing import Final

from chalicelib.government_lists.rules.entry_terms import term_end
from chalicelib.government_lists.rules.list_row import ListEntry
from chalicelib.government_lists.rules.list_types import GovernmentList
from chalicelib.registry.rules.listing import Listing, why_over
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.table_files.rules import entry_state
from chalicelib.values.timestamps import china_date

# The ids of a subject and of its listing.
ListingId = tuple[str, str]
# Why a listing was taken off, as its own words say; from the top.
_ENDINGS: Final = (
    ("deregistered", re.compile("注销")),
    ("revoked", re.compile("撤销|违法|无效|错误|确有错误")),
    ("term_over", re.compile("届满|期满|到期|满.{0,2}[3三]年|自动移出")),
    ("repaired", re.compile("修复|履行|补报|改正|整改|恢复|取得联系|可以联系|变更")),
)


def has_ended(entry: ListEntry) -> bool:
    """Whether the source itself says that the entry has ended: removed, repaired, revoked, deleted."""
    # With an `ends_on` beside it the day of the removal has not come.
    removed = bool(entry.removed_on) and not entry.ends_on
    return entry.gone or removed or entry.state in entry_state.ENDED


def ended_because(removed_reason: str) -> str:
    """Why a listing was removed: deregistered, revoked, term_over, repaired; '' where the register does not say."""
    return next((ending for ending, words in _ENDINGS if words.search(removed_reason)), "")


def end_of(kind: GovernmentList, source: str, entry: ListEntry, listing: ListingId, at: str) -> Ended | None:
    """The end of the entry's listing, where its source took it off or its term is over; None while it stands."""
    subject_id, listing_id = listing
    if has_ended(entry):
        because = ended_because(entry.removed_reason) if entry.state in ("", entry_state.REMOVED) else entry.state
        return Ended(subject_id, listing_id, "removed", at, source, because=because)
    ends_on = expires_on(kind, entry)
    if ends_on and ends_on <= china_date(datetime.fromisoformat(at)):
        because = why_over(Listing(publish_until=entry.publish_until, expires_on=ends_on))
        return Ended(subject_id, listing_id, "expired", at, source, because=because)
    return None


def expires_on(kind: GovernmentList, entry: ListEntry) -> str:
    """The day from which the entry no longer counts: the end of its term, or of its publication or the day of its
    removal if that is sooner (信用修复管理办法, NDRC order 36, article 3)."""
    ends = (entry.publish_until, entry.ends_on, term_end(kind.terms, entry.listed_on, entry.category))
    return min((end for end in ends if end), default="")
