"""Kinds of items of verified licences, their checks, and the displays that show them."""

from typing import Final

from chalicelib.storage.item_keys import licence_keys
from chalicelib.storage.item_kind import PAST, Growth, ItemKind, Ttl, names

_TEXTS: Final = names("name entity_type legal_representative address registered_capital scope authority established_on")

KINDS: Final = (
    ItemKind(
        name="licence",
        key=licence_keys.licence,
        fields=names("uscc")
        + _TEXTS
        + names("status status_at holder_role name_confirmed verified_by verified_at receipt_id check_id due_on state")
        + names("state_at verified_for rechecked_at rechecked_by version"),
        holds="the current state of a merchant's licence; `verified_for`: platform → when",
        writer="licences",
        limit="bounded: one entry for each of 1,000 participants",
        growth=(Growth("platforms", 1_000, 85), Growth("texts of the licence", 8, 6_100)),
    ),
    ItemKind(
        name="licences due on a day",
        key=licence_keys.licences_due,
        fields=names("usccs"),
        holds="the licences that were, at some time, to be verified again on that day",
        writer="licences",
        limit=PAST,
    ),
    ItemKind(
        name="part of the licences due on a day",
        key=licence_keys.licences_due_part,
        fields=names("usccs"),
        holds="licences that were, at some time, to be verified again that day; 16 parts, and further ones once full",
        writer="licences",
        limit="bounded: 8,000 licences",
        growth=(Growth("licences", 8_000, 19),),
    ),
    ItemKind(
        name="licence check",
        key=licence_keys.licence_check,
        fields=names(
            "check_id receipt_id platform_id uscc name purpose method nonce audience session state outage "
            "polled_at unproved first_review second_review created_at answer_until facts said remarks reason signer "
            "presented_at proof decided_at decided_on recorded_at"
        ),
        holds="a check: whom it asks, how it stands, and once decided why",
        writer="licences",
        limit="bounded: eight texts of 2,000 characters from the licence, ten shorter ones from each of two reviews",
        growth=(Growth("texts of the licence", 8, 6_100), Growth("texts of reviews", 20, 3_100)),
        ttl=Ttl(licence_keys.LICENCE_CHECK_KEPT, "created_at"),
    ),
    ItemKind(
        name="presentation",
        key=licence_keys.presentation,
        fields=names("check_id"),
        holds="the check that a presentation was used for, so that it is used once",
        writer="licences",
        ttl=Ttl(licence_keys.PRESENTATION_KEPT, "it was shown"),
    ),
    ItemKind(
        name="receipt of a check",
        key=licence_keys.check_receipt,
        fields=names(
            "receipt_id check_id platform_id uscc purpose method state reason remarks proof signer presented_at "
            "decided_at"
        ),
        holds="that and how a licence was checked; not the licence itself",
        writer="licences",
        ttl=Ttl(licence_keys.CHECK_RECEIPT_KEPT, "the check was recorded"),
    ),
    ItemKind(
        name="verified licence of a platform",
        key=licence_keys.verified_licence,
        fields=names("entry_id number check_id uscc purpose receipt_id verified_at"),
        holds="a licence that was verified for the platform",
        writer="licences",
    ),
    ItemKind(
        name="display",
        key=licence_keys.display,
        fields=names(
            "display_id platform_id platform_name shop_id uscc declaration shop_name permits shop_links rules_url "
            "over_limit state why url look_on visit_due watch version made_at changed_at changed_by"
        ),
        holds=(
            "a licence as a platform shows it: what was given, its state, what the last visit of its shop pages saw"
        ),
        writer="displays",
        limit="bounded: 20 permits and 20 links with short texts",
        growth=(Growth("permits", 20, 4_000), Growth("links", 20, 5_000)),
    ),
    ItemKind(
        name="displays of a licence",
        key=licence_keys.displays_of,
        fields=names("<display_id>"),
        holds="every display of a merchant's licence → its platform, deleted ones too",
        writer="displays",
        limit="bounded: 3,000 displays; past that those that were deleted are taken out, or no further one is made",
        growth=(Growth("displays", 3_100, 80),),
    ),
    ItemKind(
        name="display of a platform",
        key=licence_keys.display_entry,
        fields=names("entry_id number display_id"),
        holds="a display in the order of their making",
        writer="displays",
    ),
    ItemKind(
        name="shop visits due on a day",
        key=licence_keys.shop_visits_due,
        fields=names("displays"),
        holds="the displays whose shop pages were, at some time, to be visited on that day",
        writer="displays",
        limit=PAST,
    ),
    ItemKind(
        name="part of the shop visits due on a day",
        key=licence_keys.shop_visits_due_part,
        fields=names("displays"),
        holds="displays whose shop pages were, at some time, to be visited that day; 64 parts, and further ones",
        writer="displays",
        limit="bounded: 2,000 displays",
        growth=(Growth("displays", 2_000, 40),),
    ),
    ItemKind(
        name="identity report",
        key=licence_keys.identity_report,
        fields=names("platform_id period state after parts rows run asked_at file done_at"),
        holds="how far a platform's half-yearly report of identity data is",
        writer="displays",
    ),
)
