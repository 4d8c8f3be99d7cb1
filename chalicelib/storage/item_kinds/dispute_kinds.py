"""Kinds of items of disputes, what is said in them, and their evidence."""

from typing import Final

from chalicelib.storage.item_keys import dispute_keys
from chalicelib.storage.item_kind import PAST, Growth, ItemKind, names

_ENTRY: Final = names("entry_id number listing_id at")

KINDS: Final = (
    ItemKind(
        name="dispute",
        key=dispute_keys.dispute,
        fields=names("dispute_id listing_id by content statement contact contact_shown written_at"),
        holds="who disputes which listing and says what; `contact` and `content` are keyed digests",
        writer="disputes",
        limit="bounded: a statement of 4,000 characters",
        growth=(Growth("statement", 1, 16_000),),
    ),
    ItemKind(
        name="statement in a dispute",
        key=dispute_keys.dispute_statement,
        fields=names("statement written_at"),
        holds="what was said at a later step, under a digest of itself",
        writer="disputes",
        limit="bounded: a statement of 4,000 characters",
        growth=(Growth("statement", 1, 16_000),),
    ),
    ItemKind(
        name="dispute in the feed of all",
        key=dispute_keys.dispute_entry,
        fields=_ENTRY,
        holds="a dispute in the order of opening",
        writer="disputes",
    ),
    ItemKind(
        name="dispute in the feed of a platform",
        key=dispute_keys.dispute_entry_of,
        fields=_ENTRY,
        holds="a dispute in which the platform takes part",
        writer="disputes",
    ),
    ItemKind(
        name="answers due on a day",
        key=dispute_keys.answers_due,
        fields=names("disputes"),
        holds="the disputes (`<listing>|<dispute>`) whose clock has run out at the end of that day",
        writer="disputes",
        limit=PAST,
    ),
    ItemKind(
        name="part of the answers due on a day",
        key=dispute_keys.answers_due_part,
        fields=names("disputes"),
        holds="disputes (`<listing>|<dispute>`) whose answer is late after that day; 64 parts, and further ones",
        writer="disputes",
        limit="bounded: 1,000 disputes",
        growth=(Growth("disputes", 1_000, 140),),
    ),
    ItemKind(
        name="evidence of a dispute",
        key=dispute_keys.evidence_list,
        fields=names("members"),
        holds="the ids of its files",
        writer="disputes",
        limit="bounded: 20 files, a few more when forms are asked for at once",
        growth=(Growth("files", 100, 30),),
    ),
    ItemKind(
        name="evidence file",
        key=dispute_keys.evidence_file,
        fields=names("evidence_id file_name content_type by asked_at state bytes sha256 version arrived_at refused"),
        holds="a file of evidence: its name, and once it has arrived its size, SHA-256 and version",
        writer="disputes",
    ),
)
