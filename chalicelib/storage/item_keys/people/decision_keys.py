"""Keys of decisions that wait for a second person, and of the rule that says which do."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_log_keys import slot

SECOND_PERSON_RULE: Final = "second-person-rule"
# As long as the entries of the audit log that name it.
DECISION_KEPT: Final = timedelta(days=3 * 365 + 1)


def decision_log_name(platform_id: str) -> str:
    """The name of the log of the decisions of one organisation that waited for a second person."""
    return f"pending:{platform_id}"


def pending_decision(platform_id: str, number: int) -> str:
    """A decision of an organisation that waits, or waited, for a second person."""
    return slot(decision_log_name(platform_id), number)
