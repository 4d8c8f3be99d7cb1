"""What numbered logs keep beside their entries; the entries are declared with what they are."""

from typing import Final

from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.item_kind import ItemKind, Ttl, names

_PLACES: Final = {"place": r"\d{6,}"}

KINDS: Final = (
    ItemKind(
        name="head of a log",
        key=numbered_log_keys.head,
        fields=names("number cuts"),
        holds="a hint of where the log ends, never past it; after each restore, where it ended then",
        writer="storage",
    ),
    ItemKind(
        name="number of an entry",
        key=numbered_log_keys.entry_number,
        fields=names("number"),
        holds="by this an entry that comes twice keeps its number",
        writer="storage",
    ),
    ItemKind(
        name="count of a day",
        key=numbered_log_keys.count_of_day,
        fields=names("n"),
        holds="how many reports, rosters, licence checks or onboarding checks (`<log>`) a platform made on a day, "
        "or how often a list was pulled",
        writer="storage",
    ),
    ItemKind(
        name="entry of a day",
        key=numbered_log_keys.entry_of_day,
        fields=names("entry_id"),
        holds="the id of a report or roster, in the order of a day",
        writer="storage",
        forms=_PLACES,
    ),
    ItemKind(
        name="expiring entry of a day",
        key=numbered_log_keys.expiring_entry_of_day,
        fields=names("entry_id"),
        holds="the id of a licence check or of the receipt of an onboarding check, in the order of a day",
        writer="storage",
        ttl=Ttl(numbered_log_keys.EXPIRING_ENTRY_KEPT, "it was made"),
        forms=_PLACES,
    ),
)
