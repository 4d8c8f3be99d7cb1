"""Keys of disputes, what is said in them, and their evidence."""

from chalicelib.storage.item_keys.numbered_log_keys import dispute_log_name, slot


def dispute(dispute_id: str) -> str:
    """A dispute as it was opened."""
    return f"dispute#{dispute_id}"


def dispute_statement(dispute_id: str, digest: str) -> str:
    """What was said at a later step of a dispute."""
    return f"dispute-words#{dispute_id}#{digest}"


def dispute_entry(number: int) -> str:
    """A dispute in the log of all."""
    return slot(dispute_log_name(""), number)


def dispute_entry_of(platform_id: str, number: int) -> str:
    """A dispute in the log of those in which a platform takes part."""
    return slot(dispute_log_name(platform_id), number)


def answers_due(day: str) -> str:
    """The disputes whose answer is late after that day, as earlier versions stored them."""
    return f"answer-due#{day}"


def answers_due_part(day: str, part: int) -> str:
    """The disputes whose answer is late after that day, one part of them."""
    return f"answer-due#{day}#{part:02x}"


def evidence_list(dispute_id: str) -> str:
    """The ids of the files of a dispute."""
    return f"evidence#{dispute_id}"


def evidence_file(dispute_id: str, evidence_id: str) -> str:
    """One file of a dispute."""
    return f"evidence#{dispute_id}#{evidence_id}"
