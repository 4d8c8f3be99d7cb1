"""What numbered logs keep beside their entries; the entries are declared with what they are."""

from typing import Final

from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.item_kind import ItemKind, names

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
)
