"""Keys of what scheduled jobs remember: who works, and up to where all is done."""

from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import SET_ASIDE, slot

EXPIRED_UNTIL: Final = "expired-until"
TASK_CLOCKS_UNTIL: Final = "clocks-done-until"
DISPUTE_CLOCKS_UNTIL: Final = "disputes-chased-until"
LICENCES_REVIEWED_UNTIL: Final = "licences-reviewed-until"
SHOPS_VISITED_UNTIL: Final = "shops-looked-until"
SLOW_SHOP_HOSTS: Final = "slow-shop-hosts"
TASK_RECHECK: Final = "task-recheck"


def lease(name: str) -> str:
    """The lease under which one worker at a time does the work of that name."""
    return f"lease#{name}"


def set_aside(number: int) -> str:
    """What a loop could not save, read or send, in the log of all such records."""
    return slot(SET_ASIDE, number)
