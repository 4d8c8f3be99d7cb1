"""Keys of disputes, what is said in them, and their evidence."""

from typing import Final

from chalicelib.storage.item_keys.numbered_feeds import dispute_feed, slot
from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, names


def dispute(dispute_id: str) -> str:
    """A dispute as it was opened."""
    return f"dispute#{dispute_id}"


def dispute_statement(dispute_id: str, digest: str) -> str:
    """What was said at a later step of a dispute."""
    return f"dispute-words#{dispute_id}#{digest}"


def dispute_entry(number: int) -> str:
    """A dispute in the feed of all."""
    return slot(dispute_feed(""), number)


def dispute_entry_of(platform_id: str, number: int) -> str:
    """A dispute in the feed of those in which a platform takes part."""
    return slot(dispute_feed(platform_id), number)


def answers_due(day: str) -> str:
    """The disputes whose answer is late after that day."""
    return f"answer-due#{day}"


def evidence_list(dispute_id: str) -> str:
    """The ids of the files of a dispute."""
    return f"evidence#{dispute_id}"


def evidence_file(dispute_id: str, evidence_id: str) -> str:
    """One file of a dispute."""
    return f"evidence#{dispute_id}#{evidence_id}"


_ENTRY: Final = names("entry_id number listing_id at")

KINDS: Final = (
    ItemKind(
        "dispute",
        dispute,
        names("dispute_id listing_id by content statement contact contact_shown written_at"),
        "who disputes which listing and says what; `contact` and `content` are keyed digests",
        "disputes",
        "bounded: a statement of 4,000 characters",
    ),
    ItemKind(
        "statement in a dispute",
        dispute_statement,
        names("statement written_at"),
        "what was said at a later step, under a digest of itself",
        "disputes",
        "bounded: a statement of 4,000 characters",
    ),
    ItemKind("dispute in the feed of all", dispute_entry, _ENTRY, "a dispute in the order of opening", "disputes"),
    ItemKind(
        "dispute in the feed of a platform",
        dispute_entry_of,
        _ENTRY,
        "a dispute in which the platform takes part",
        "disputes",
    ),
    ItemKind(
        "answers due on a day",
        answers_due,
        names("disputes"),
        "the disputes (`<listing>|<dispute>`) whose clock has run out at the end of that day",
        "disputes",
        UNBOUNDED + "some 3,500 disputes fill it; each write rewrites the item",
    ),
    ItemKind(
        "evidence of a dispute",
        evidence_list,
        names("members"),
        "the ids of its files",
        "disputes",
        "bounded: 20 files, a few more when forms are asked for at once",
    ),
    ItemKind(
        "evidence file",
        evidence_file,
        names("evidence_id file_name content_type by asked_at state bytes sha256 version arrived_at refused"),
        "a file of evidence: its name, and once it has arrived its size, SHA-256 and version",
        "disputes",
    ),
)
