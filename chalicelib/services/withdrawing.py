"""A reporter takes its listing back; a change like any other, through the same save."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import listing as listings
from chalicelib.domain.moment import iso
from chalicelib.domain.resident import mask_personal
from chalicelib.domain.subject import Ended
from chalicelib.errors import NotFound
from chalicelib.services.admitting import Caller

if TYPE_CHECKING:
    from chalicelib.adapters.registry_table import RegistryTable


def withdraw(registry: "RegistryTable", caller: Caller, listing_id: str, why: str, now: datetime) -> dict[str, Any]:
    """End the caller's listing; doing it twice is fine. `why` stays in its history, personal numbers masked.

    `NotFound` for a listing that is not the caller's own.
    """
    subject_id = listings.subject_of(listing_id)
    subject = registry.subject(subject_id) if subject_id else None
    listing = subject["listings"].get(listing_id) if subject else None
    if subject is None or listing is None or listing["source"] != caller.source:
        raise NotFound("not_found", listing_id=listing_id)
    ended = Ended(subject_id, listing_id, "withdrawn", iso(now), caller.source, mask_personal(why)[0])
    saved = registry.save(ended, subject, just_read=True)
    return listings.view((saved or subject)["listings"][listing_id], caller.role, caller.platform_id)
