"""Which listings block a merchant, and which changes may begin or end that: what opens tasks and restricts entry."""

from typing import Final

from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.listing_history import OPENINGS
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts.rules import campaign, decide_verdict, rules_in_force
from chalicelib.verdicts.rules.rules_in_force import Rules

# Kinds of change after which a listing may block that did not before.
OPENING: Final = ("opened", "amended", "reopened", "guard_lifted")
# Kinds of change after which a listing may block no more, so that what was closed for it may be reopened.
UNDOING: Final = ("amended", "withdrawn", "removed", "expired", "void", "voided", "dispute_closed")
# Changes after which deadlines may rest or run again: a source marks an objection by an amendment.
PAUSING: Final = ("disputed", "dispute_closed", "amended")
GRAVE: Final = 3


def blocks(subject: Subject, listing: Listing, today: str, rules: Rules = rules_in_force.EXCHANGE) -> bool:
    """Whether an active listing blocks a merchant that is exactly its subject.

    The same judgement as a lookup's, step by step, without any platform's own policy. `today` is a day in China.
    """
    if listing.state != listings.ACTIVE or not listings.is_shared(listing):
        return False
    if listing.expires_on and listing.expires_on <= today:
        return False
    return decide_verdict.judge_all("same_uscc", subject, [listing], rules, today)[0].verdict == "block"


def may_have_blocked(listing: Listing) -> bool:
    """Whether the listing may block by other rules, and so may have tasks."""
    return listing.severity >= campaign.LEAST_SEVERITY and listings.is_shared(listing)


def opening_revision(listing: Listing, revision: int) -> int:
    """The revision at which the listing was last opened, as of a revision: each opening gives one task."""
    return max(
        (event.revision for event in listing.history if event.kind in OPENINGS and event.revision <= revision),
        default=revision,
    )
