"""Whether what a report listed still stands: while it does, its content sent again is the same report.

The ids of a report's listings are kept beside its rejected rows. They name subjects by codes and digests alone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.registry.rules.listing import ACTIVE, listing_id, subject_of
from chalicelib.registry.rules.listing_changes import is_final
from chalicelib.reports.rules.report import DONE, FINISHED, Report, rows_key
from chalicelib.values.keyed_digest import KeyState, ReadKeyState
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.reports.rules.eviction import Eviction
    from chalicelib.storage.file_bucket import FileBucket

# Of a longer report no ids are kept: sent again it is saved again, which adds nothing to listings that stand.
MOST_KEPT: Final = 10_000
READ_AT_ONCE: Final = 500


def id_of_listing(report: Report, eviction: "Eviction") -> str:
    """The id of the listing that a reported eviction makes."""
    return listing_id(report.source, eviction.identity.subject_id, eviction.evicted_on, eviction.reasons)


def answers_for_content(
    bucket: "FileBucket", registry: "RegistryTable", report: Report, now: datetime, key_state: ReadKeyState = KeyState
) -> bool:
    """Whether the same content sent again is this report: it is not finished, or each of its listings stands.

    A refused report, a report of which no row was taken, and a report of more than `MOST_KEPT` rows never are; nor is
    one from before the key of the digests was rotated, so that its subjects move to the new one.
    """
    if report.status not in FINISHED:
        return True
    if report.status != DONE or not 0 < report.accepted <= MOST_KEPT:
        return False
    if report.received_at < key_state().moves_before:
        return False
    kept = False
    for ids in _batches(bucket, rows_key(report, "listings")):
        kept = True
        if not _all_stand(registry, ids, iso(now)):
            return False
    return kept


def _all_stand(registry: "RegistryTable", ids: list[str], at: str) -> bool:
    """Whether each listing is active, or ended so that no report opens it again."""
    subjects = registry.subjects(subject_of(each) for each in ids)
    for each in ids:
        subject = subjects.get(subject_of(each))
        listing = subject.listings.get(each) if subject else None
        if listing is None or not (listing.state == ACTIVE or is_final(listing, at)):
            return False
    return True


def _batches(bucket: "FileBucket", key: str) -> Iterator[list[str]]:
    ids = (bucket.get(key) or b"").decode().split()
    for start in range(0, len(ids), READ_AT_ONCE):
        yield ids[start : start + READ_AT_ONCE]
