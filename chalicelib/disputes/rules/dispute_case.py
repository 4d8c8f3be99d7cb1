"""A dispute as its parties read it: what was written at its opening, the listing, and its state in the listing."""

from dataclasses import dataclass
from typing import Final

from chalicelib.disputes.rules.dispute import MERCHANT
from chalicelib.registry.rules.listing import Dispute, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Record, stored

REGULATOR: Final = "regulator:"
# Who disputes a listing in its own name: `merchant:<subject id>`.
BY_MERCHANT: Final = "merchant:"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDispute(Record):
    """What was written when a dispute opened; the state of the dispute is in the listing.

    `content` is a keyed digest of the request, by which a repeated one is recognised; `contact` is one of the contact,
    and `contact_shown` its masked form.
    """

    id: str = stored()
    dispute_id: str = stored()
    listing_id: str = stored()
    by: str = stored()
    content: str = stored()
    statement: str = stored()
    contact: str = stored("", always=True)
    contact_shown: str = stored("", always=True)
    written_at: str = stored()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Record):
    """What was said at a later step of a dispute, stored under a digest of itself."""

    id: str = stored()
    statement: str = stored()
    written_at: str = stored()


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute: what was written when it opened, the subject, its listing, and the dispute in it."""

    opened: OpenedDispute
    subject: Subject
    listing: Listing
    dispute: Dispute

    @property
    def origin(self) -> str:
        """Whether the merchant itself disputes the listing, or a platform."""
        return MERCHANT if self.opened.by.startswith(BY_MERCHANT) else "platform"

    @property
    def parties(self) -> tuple[str, str]:
        """The opener and the reporter."""
        return self.opened.by, self.listing.source

    def takes_part(self, by: str) -> bool:
        """Whether an actor is the opener, the reporter, or a regulator."""
        return by in self.parties or by.startswith(REGULATOR)


def case_of(opened: OpenedDispute, subject: Subject | None) -> Case | None:
    """The dispute; None where an item was written for a dispute that its listing never took: the listing decides."""
    listing = subject.listings.get(opened.listing_id) if subject else None
    dispute = listing.disputes.get(opened.dispute_id) if listing else None
    return Case(opened, subject, listing, dispute) if subject and listing and dispute else None


def masked_contact(contact: str) -> str:
    """Enough of a contact to recognise one's own, and no more."""
    plain = contact.strip()
    if "@" in plain:
        name, _, host = plain.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{plain[0]}****{plain[-2:] if plain[-2:].isdigit() else ''}" if plain else ""
