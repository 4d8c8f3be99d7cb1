"""Keys of what scheduled jobs remember: who works, and up to where all is done."""

from typing import Final

from chalicelib.storage.item_kind import ItemKind, names

EXPIRED_UNTIL: Final = "expired-until"
TASK_CLOCKS_UNTIL: Final = "clocks-done-until"
DISPUTE_CLOCKS_UNTIL: Final = "disputes-chased-until"
LICENCES_REVIEWED_UNTIL: Final = "licences-reviewed-until"
SHOPS_VISITED_UNTIL: Final = "shops-looked-until"


def lease(name: str) -> str:
    """The lease under which one worker at a time does the work of that name."""
    return f"lease#{name}"


KINDS: Final = (
    ItemKind(
        "lease",
        lease,
        names("until"),
        "until when one worker holds the work of that name; '' when it is free",
        "storage",
        forms={"name": ".+"},
    ),
    ItemKind(
        "expiry done until", EXPIRED_UNTIL, names("day"), "the last day whose listings have all ended", "registry"
    ),
    ItemKind(
        "task clocks done until",
        TASK_CLOCKS_UNTIL,
        names("hour"),
        "the last hour (UTC) in which every task that was due is dealt with",
        "closure ledger",
    ),
    ItemKind(
        "dispute clocks done until",
        DISPUTE_CLOCKS_UNTIL,
        names("day"),
        "the last day whose late answers are all flagged",
        "disputes",
    ),
    ItemKind(
        "licence reviews done until",
        LICENCES_REVIEWED_UNTIL,
        names("day"),
        "the last day whose licences are all reviewed",
        "licences",
    ),
    ItemKind(
        "shop visits done until",
        SHOPS_VISITED_UNTIL,
        names("day"),
        "the last day whose shop pages are all visited",
        "displays",
    ),
)
