"""Withdraw a listing: its reporter does, or the regulator that filed it; a change like any other, by the same save."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.reports.regulator_filing import may_withdraw
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


def withdraw(registry: "RegistryTable", caller: Caller, listing_id: str, why: str, now: datetime) -> Json:
    """End the caller's listing; doing it twice is fine. `why` stays in its history, personal numbers masked.

    A regulator that takes its own enforcement back revokes it: it is removed, as an entry of a government list is, and
    a platform that still blocks is notified. `NotFound` for a listing that is not the caller's to withdraw.
    """
    subject_id = listings.subject_of(listing_id)
    subject = registry.subject(subject_id) if subject_id else None
    listing = subject.listings.get(listing_id) if subject else None
    if subject is None or listing is None or not may_withdraw(caller, listing):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id)
    state, because = ("removed", "revoked") if listing.source.is_enforcement else ("withdrawn", "")
    ended = Ended(
        subject_id, listing_id, state, iso(now), caller.actor, mask_personal(why)[0], because, caller.person_id
    )
    saved = registry.save(ended, subject, just_read=True)
    return listings.view((saved or subject).listings[listing_id], caller.role, caller.platform_id)
