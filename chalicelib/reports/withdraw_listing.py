"""A reporter takes its listing back, or whoever filed it for one; a change like any other, through the same save."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import listing_source
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.reports import regulator_filing
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


def withdraw(registry: "RegistryTable", caller: Caller, listing_id: str, why: str, now: datetime) -> dict[str, Any]:
    """End the caller's listing; doing it twice is fine. `why` stays in its history, personal numbers masked.

    A regulator that takes its own enforcement back revokes it: it is removed, as an entry of a government list is, and
    a platform that still blocks hears of it. `NotFound` for a listing that is not the caller's to withdraw.
    """
    subject_id = listings.subject_of(listing_id)
    subject = registry.subject(subject_id) if subject_id else None
    listing = subject.listings.get(listing_id) if subject else None
    if subject is None or listing is None or not regulator_filing.may_withdraw(caller, listing):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id)
    by = caller.source if caller.role == Role.PLATFORM else listing_source.regulator(caller.platform_id)
    revoked = listing.source.startswith(listing_source.ENFORCEMENT)
    state, because = ("removed", "revoked") if revoked else ("withdrawn", "")
    ended = Ended(subject_id, listing_id, state, iso(now), by, mask_personal(why)[0], because)
    saved = registry.save(ended, subject, just_read=True)
    return listings.view((saved or subject).listings[listing_id], caller.role, caller.platform_id)
