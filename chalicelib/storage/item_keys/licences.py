"""Keys of verified licences, their checks, and the displays that show them."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_feeds import display_feed, slot, verified_licence_feed
from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, Ttl, names


def licence(uscc: str) -> str:
    """The current state of a merchant's licence."""
    return f"licence#{uscc}"


def licences_due(day: str) -> str:
    """The licences that are to be verified again on that day."""
    return f"licences_due#{day}"


def licence_check(check_id: str) -> str:
    """A check of a licence: its challenge and its outcome."""
    return f"licence_check#{check_id}"


def presentation(proof: str) -> str:
    """Which check a presentation (as SHA-256) was used for."""
    return f"presented#{proof}"


def check_receipt(receipt_id: str) -> str:
    """The receipt of a decided check."""
    return f"receipt#{receipt_id}"


def verified_licence(platform_id: str, number: int) -> str:
    """A licence in the feed of those that were verified for one platform."""
    return slot(verified_licence_feed(platform_id), number)


def display(display_id: str) -> str:
    """A display of a licence."""
    return f"display#{display_id}"


def displays_of(uscc: str) -> str:
    """Every display of one merchant's licence."""
    return f"displays#{uscc}"


def display_entry(platform_id: str, number: int) -> str:
    """A display in the feed of one platform's displays."""
    return slot(display_feed(platform_id), number)


def shop_visits_due(day: str) -> str:
    """The displays whose shop pages are to be visited on that day."""
    return f"shops_due#{day}"


def identity_report(platform_id: str, period: str) -> str:
    """The report of identity data of one platform for a half-year."""
    return f"identity#{platform_id}#{period}"


_TEXTS: Final = names("name entity_type legal_representative address registered_capital scope authority established_on")

KINDS: Final = (
    ItemKind(
        "licence",
        licence,
        names("uscc")
        + _TEXTS
        + names("status status_at holder_role name_confirmed verified_by verified_at receipt_id check_id due_on state")
        + names("state_at verified_for rechecked_at rechecked_by version"),
        "the current state of a merchant's licence; `verified_for`: platform → when",
        "licences",
        UNBOUNDED + "one entry for each platform that verified it, never taken out; some 6,000 fill it",
    ),
    ItemKind(
        "licences due on a day",
        licences_due,
        names("usccs"),
        "the licences that were, at some time, to be verified again on that day",
        "licences",
        UNBOUNDED + "some 21,500 licences verified on one day fill it; each write rewrites the item",
    ),
    ItemKind(
        "licence check",
        licence_check,
        names("check_id receipt_id platform_id uscc name purpose method nonce audience session state outage polled_at")
        + names(
            "first_review second_review created_at answer_until facts said remarks reason signer presented_at proof"
        )
        + names("decided_at decided_on recorded_at"),
        "a check: whom it asks, how it stands, and once decided why",
        "licences",
        "bounded: eight texts of 2,000 characters from the licence, ten from each of two reviews",
        ttl=Ttl(timedelta(days=360), "created_at"),
    ),
    ItemKind(
        "presentation",
        presentation,
        names("check_id"),
        "the check that a presentation was used for, so that it is used once",
        "licences",
        ttl=Ttl(timedelta(days=1), "it was shown"),
    ),
    ItemKind(
        "receipt of a check",
        check_receipt,
        names("receipt_id check_id platform_id uscc purpose method state reason remarks proof signer presented_at")
        + names("decided_at"),
        "that and how a licence was checked; not the licence itself",
        "licences",
        ttl=Ttl(timedelta(days=3 * 366 + 31), "the check was recorded"),
    ),
    ItemKind(
        "verified licence of a platform",
        verified_licence,
        names("entry_id number check_id uscc purpose receipt_id verified_at"),
        "a licence that was verified for the platform",
        "licences",
    ),
    ItemKind(
        "display",
        display,
        names("display_id platform_id platform_name shop_id uscc declaration shop_name permits shop_links rules_url")
        + names("over_limit state why url look_on watch version made_at changed_at changed_by"),
        "a licence as a platform shows it: what was given, its state, what the last visit of its shop pages saw",
        "displays",
        "bounded: 20 permits and 20 links with short texts",
    ),
    ItemKind(
        "displays of a licence",
        displays_of,
        names("<display_id>"),
        "every display of a merchant's licence → its platform, deleted ones too",
        "displays",
        UNBOUNDED + "one field for each display, never taken out; some 10,000 fill it",
    ),
    ItemKind(
        "display of a platform",
        display_entry,
        names("entry_id number display_id"),
        "a display in the order of their making",
        "displays",
    ),
    ItemKind(
        "shop visits due on a day",
        shop_visits_due,
        names("displays"),
        "the displays whose shop pages were, at some time, to be visited on that day",
        "displays",
        UNBOUNDED + "some 17,000 displays fill it; each write rewrites the item",
    ),
    ItemKind(
        "identity report",
        identity_report,
        names("platform_id period state after parts rows run asked_at file done_at"),
        "how far a platform's half-yearly report of identity data is",
        "displays",
    ),
)
