"""How a snapshot is made: subjects become parts, page by page, and the parts become one snapshot.

A part is finished work: its keys are digested and sorted. So what is left for the end is to merge sorted numbers.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.rules.listing import PUBLIC_FIELDS, PUBLIC_TEXTS
from chalicelib.registry.rules.subject import Subject, active_listings
from chalicelib.rosters.rules.snapshot_format import (
    NAME,
    SELF,
    SHOP,
    Views,
    id_key,
    key_of,
    layout,
    pack_record,
    padded,
    unpack,
)
from chalicelib.values.records import Json

# A verdict needs no texts; a lookup of the merchant shows them.
_OF_LISTING: Final = (*(field for field in PUBLIC_FIELDS if field not in PUBLIC_TEXTS), "reported_at", "publish_until")
_OF_SUBJECT: Final = (
    "subject_id", "uscc", "registration_no", "org_code", "person", "permit", "personal_account", "unverified_uscc",
    "address", "phone",
    "legal_representative", "legal_representative_shown", "bank_account", "shop_url", "registration", "successors",
)  # fmt: skip
# A part as it is read again: its head, and its sections.
Packed = tuple[Json, Views]
# Merged a slice at a time, by the highest byte of the digest, so that little more than the snapshot is in memory.
_SLICES: Final = 256


def snapshot_record(subject: Subject) -> Json:
    """What a verdict needs of a subject, besides its names."""
    item = subject.to_item()
    kept = {name: item[name] for name in _OF_SUBJECT if item.get(name)}
    kept["listings"] = {
        key: {name: listing[name] for name in _OF_LISTING if listing.get(name) not in (None, "")}
        for key, listing in item["listings"].items()
    }
    return kept


class SnapshotPart:
    """Takes subjects and gives the bytes of a part; subjects without an active listing are left out."""

    def __init__(self) -> None:
        self._pairs: list[int] = []
        self._owners = array("I")
        self._text_at = array("I", [0])
        self._first = array("I")
        self._record_at = array("I", [0])
        self._texts = bytearray()
        self._records = bytearray()
        self.listings = 0

    def __len__(self) -> int:
        """How many subjects it holds."""
        return len(self._first)

    def add(self, subject: Subject) -> None:
        """Take one subject."""
        active = len(active_listings(subject))
        if not active:
            return
        self.listings += active
        self._first.append(len(self._owners))
        itself = self._entry(SELF, subject.subject_id)
        places = {("n", text): self._entry(NAME, text) for text in dict.fromkeys(subject.names)}
        places |= {("s", text): self._entry(SHOP, text) for text in dict.fromkeys(subject.shop_names)}
        self._pairs.append(key_of(id_key(subject.subject_id)) << 32 | itself)
        for key, posting in postings_of(subject).items():
            digest = key_of(key) << 32
            if not posting:
                self._pairs.append(digest | itself)
            for kind, texts in posting.items():
                self._pairs.extend(digest | places[kind, text] for text in dict.fromkeys(texts))
        self._records += pack_record(snapshot_record(subject))
        self._record_at.append(len(self._records))

    def pack(self) -> bytes:
        """The part, its keys sorted."""
        self._pairs.sort()
        sections = {
            "keys": array("Q", (pair >> 32 for pair in self._pairs)).tobytes(),
            "entries": array("I", (pair & 0xFFFFFFFF for pair in self._pairs)).tobytes(),
            "owners": self._owners.tobytes(),
            "text_at": self._text_at.tobytes(),
            "first": self._first.tobytes(),
            "record_at": self._record_at.tobytes(),
            "texts": bytes(self._texts),
            "records": bytes(self._records),
        }
        about = {"subjects": len(self._first), "listings": self.listings}
        head = layout(about, {name: len(section) for name, section in sections.items()})
        return head + b"".join(padded(section) for section in sections.values())

    def _entry(self, kind: int, text: str) -> int:
        self._owners.append((len(self._first) - 1) << 2 | kind)
        self._texts += text.encode("utf-8", "replace")
        self._text_at.append(len(self._texts))
        return len(self._owners) - 1


def assemble(packed: Sequence[bytes], built_at: str, most_under_a_key: int) -> Iterator[bytes]:
    """The bytes of the snapshot made of these parts, piece by piece.

    A key under which more than `most_under_a_key` subjects lie identifies nobody, and is left out, as the registry
    makes it common.
    """
    parts = [unpack(part) for part in packed]
    entry_base, subject_base = _bases(parts, "owners"), _bases(parts, "record_at", spare=1)
    owners = array("I")
    for (_, views), base in zip(parts, subject_base, strict=True):
        owners.extend(owner + (base << 2) for owner in views["owners"])
    keys, starts, entries = _merged(parts, entry_base, owners, most_under_a_key)
    sections: dict[str, array[int]] = {"keys": keys, "starts": starts, "entries": entries, "owners": owners}
    sections["text_at"] = _joined(parts, "text_at", "texts")
    sections["record_at"] = _joined(parts, "record_at", "records")
    first = array("I")
    for (_, views), base in zip(parts, entry_base, strict=True):
        first.extend(entry + base for entry in views["first"])
    first.append(len(owners))
    sections["first"] = first
    sizes = {name: len(section) * section.itemsize for name, section in sections.items()}
    heaps = {name: sum(len(views[name]) for _, views in parts) for name in ("texts", "records")}
    counts = {name: sum(about[name] for about, _ in parts) for name in ("subjects", "listings")}
    order = [*sections, *heaps]
    yield layout({"built_at": built_at, **counts}, {name: {**sizes, **heaps}[name] for name in order})
    for section in sections.values():
        yield padded(section.tobytes())
    for name, size in heaps.items():
        for _, views in parts:
            yield bytes(views[name])
        yield bytes(-size % 8)


def _bases(parts: Sequence[Packed], section: str, spare: int = 0) -> list[int]:
    """Where the numbers of each part start in the whole."""
    bases, base = [], 0
    for _, views in parts:
        bases.append(base)
        base += len(views[section]) - spare
    return bases


def _joined(parts: Sequence[Packed], section: str, heap: str) -> "array[int]":
    """The starts of the pieces of a heap that is joined from the parts' heaps."""
    joined, base = array("I", [0]), 0
    for _, views in parts:
        joined.extend(start + base for start in views[section][1:])
        base += len(views[heap])
    return joined


def _merged(
    parts: Sequence[Packed], bases: Sequence[int], owners: "array[int]", most: int
) -> tuple["array[int]", "array[int]", "array[int]"]:
    """Distinct keys in order, where the entries of each start, and the entries; crowded keys left out."""
    keys, starts, entries = array("Q"), array("I"), array("I")
    for slice_ in range(_SLICES):
        pairs: list[int] = []
        for (_, views), base in zip(parts, bases, strict=True):
            low = bisect_left(views["keys"], slice_ << 56)
            high = bisect_left(views["keys"], (slice_ + 1) << 56, low) if slice_ < _SLICES - 1 else len(views["keys"])
            some = zip(views["keys"][low:high], views["entries"][low:high], strict=True)
            pairs.extend(key << 32 | (entry + base) for key, entry in some)
        pairs.sort()
        place = 0
        while place < len(pairs):
            key, start = pairs[place] >> 32, place
            while place < len(pairs) and pairs[place] >> 32 == key:
                place += 1
            under = [pair & 0xFFFFFFFF for pair in pairs[start:place]]
            if place - start > most and len({owners[entry] >> 2 for entry in under}) > most:
                continue
            keys.append(key)
            starts.append(len(entries))
            entries.extend(under)
    starts.append(len(entries))
    return keys, starts, entries
