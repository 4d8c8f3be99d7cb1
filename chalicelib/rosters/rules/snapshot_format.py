"""A snapshot: the registry as it was at one moment, in memory, under the same keys as a lookup asks for.

One run of bytes with views on it, and no Python object for each key: sorted 64-bit digests of the keys, and for each
the entries under it. An entry is a subject itself (its identifiers and signals) or one name of it. So a listing takes
some hundred bytes, and a key is found by bisection.
"""

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal

from chalicelib.lookups.rules.posting_lists import EXACT
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json

Names = dict[str, list[str]]
# The sections of a snapshot by name, as whole numbers.
Views = dict[str, "memoryview[int]"]

# What an entry stands for, kept in the two lowest bits beside its subject's number.
SELF, NAME, SHOP = 0, 1, 2
KINDS: Final = {NAME: "n", SHOP: "s"}
# Each section and what its items are: Q and I are whole numbers of 8 and 4 bytes, little-endian; B are bytes.
SECTIONS: Final[dict[str, Literal["Q", "I", "B"]]] = {
    "keys": "Q",  # digests of the keys, sorted
    "starts": "I",  # where the entries of each key start in `entries`; one more than there are keys
    "entries": "I",
    "owners": "I",  # of each entry: four times its subject's number, and its kind
    "text_at": "I",  # where the text of each entry starts: a name, or the subject's id; one more than entries
    "first": "I",  # of each subject: its first entry; one more than subjects
    "record_at": "I",  # where the record of each subject starts; one more than subjects
    "texts": "B",
    "records": "B",
}
MAGIC: Final = b"lianfang-snapshot-1\n"
_FIELD_OF: Final = {prefix: name for name, prefix, _ in EXACT}
# What records have in common, so that each is packed small. A change of it is a change of the format.
_COMMON: Final = (
    b'{"subject_id":"uscc:91","uscc":"91110105MA","version":1,"address":"","phone":"","legal_representative":"",'
    b'"legal_representative_shown":"","registration":{"name":"","status":"","approved_on":"","former_names":[]},'
    b'"listings":{"l_uscc-91110105MA":{"listing_id":"l_uscc-91110105MA","source":"government:serious_violations",'
    b'"source":"platform:","state":"active","listed_on":"2026-01-","expires_on":"2027-","reasons":["PR01","QC01"],'
    b'"severity":3,"evidence_level":"E2","reported_at":"2026-01-03T00:00:00.000Z","revision":1}}}'
)


@dataclass(frozen=True, slots=True)
class SnapshotCandidates:
    """What a lookup reads from a snapshot, in the form in which the registry's tables give it."""

    subjects: Mapping[str, Subject]
    postings: Mapping[str, Mapping[str, Names]]
    others: Sequence[Json] = field(default_factory=tuple)


def key_of(text: str) -> int:
    """The 64-bit digest of a key. Among 30 million keys one in 600 billion others meets a false one, which costs a
    comparison and changes no answer: exact identifiers are read again in the subject."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def id_key(subject_id: str) -> str:
    """The key under which a subject is found by its id; no other kind of key has this form."""
    return f"id#{subject_id}"


class Snapshot:
    """The registry at one moment; it never changes."""

    def __init__(self, data: bytes) -> None:
        self.about, views = unpack(data)
        self._keys, self._starts, self._entries = views["keys"], views["starts"], views["entries"]
        self._owners, self._text_at, self._first = views["owners"], views["text_at"], views["first"]
        self._record_at, self._texts, self._records = views["record_at"], views["texts"], views["records"]

    def __len__(self) -> int:
        """How many subjects there are."""
        return len(self._first) - 1

    def has_any(self, ids: Iterable[str], keys: Iterable[str]) -> bool:
        """Whether any of these leads to a subject; most merchants are let through by this alone."""
        has_id = any(self._place(id_key(subject_id)) >= 0 for subject_id in ids)
        return has_id or any(self._place(key) >= 0 for key in keys)

    def find(self, ids: Iterable[str], keys: Iterable[str]) -> SnapshotCandidates:
        """The subjects with these ids and the posting lists of these keys, as the registry's tables give them."""
        subjects: dict[str, Subject] = {}
        for subject_id in ids:
            for entry in self._under(id_key(subject_id)):
                if self._text(entry) == subject_id:
                    subjects[subject_id] = self._subject(self._owners[entry] >> 2)
        postings = {}
        for key in keys:
            posting = self._posting(key)
            if posting:
                postings[key] = posting
        return SnapshotCandidates(subjects, postings)

    def subjects(self, ids: Iterable[str]) -> dict[str, Subject]:
        """Those of the subjects that the snapshot holds, by id."""
        return dict(self.find(ids, ()).subjects)

    def _place(self, key: str) -> int:
        digest = key_of(key)
        place = bisect_left(self._keys, digest)
        return place if place < len(self._keys) and self._keys[place] == digest else -1

    def _under(self, key: str) -> Sequence[int]:
        place = self._place(key)
        return self._entries[self._starts[place] : self._starts[place + 1]] if place >= 0 else ()

    def _posting(self, key: str) -> dict[str, Names]:
        posting: dict[str, Names] = {}
        exact = _FIELD_OF.get(key.partition("#")[0])
        for entry in self._under(key):
            owner, kind = self._owners[entry] >> 2, self._owners[entry] & 3
            if exact and not _has_identifier(self._subject(owner), exact, key.partition("#")[2]):
                continue
            names = posting.setdefault(self._text(self._first[owner]), {})
            if kind != SELF:
                names.setdefault(KINDS[kind], []).append(self._text(entry))
        return posting

    def _text(self, entry: int) -> str:
        return str(self._texts[self._text_at[entry] : self._text_at[entry + 1]], "utf-8")

    def _subject(self, owner: int) -> Subject:
        packed = self._records[self._record_at[owner] : self._record_at[owner + 1]]
        subject: Json = json.loads(_unpacked(packed))
        names = {"n": "names", "s": "shop_names"}
        for entry in range(self._first[owner] + 1, self._first[owner + 1]):
            subject.setdefault(names[KINDS[self._owners[entry] & 3]], []).append(self._text(entry))
        return Subject.from_item(subject)


def pack_record(record: Json) -> bytes:
    """The record of a subject, packed small."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _COMMON)
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return packer.compress(text.encode()) + packer.flush()


def layout(about: Json, sizes: Mapping[str, int]) -> bytes:
    """The head of a snapshot whose sections have these sizes in bytes; the sections follow, each at a multiple of 8."""
    head = json.dumps({**about, "sizes": dict(sizes)}, separators=(",", ":")).encode()
    return padded(MAGIC + len(head).to_bytes(4, "little") + head)


def padded(section: bytes) -> bytes:
    """The section, filled up to a multiple of 8 bytes."""
    return section + bytes(-len(section) % 8)


def unpack(data: bytes) -> "tuple[Json, Views]":
    """The head of a snapshot, and a view on each section; raises `ValueError` for what is no snapshot, or is short."""
    if not data.startswith(MAGIC):
        raise ValueError("this is no snapshot")
    at = len(MAGIC) + 4
    length = int.from_bytes(data[at - 4 : at], "little")
    about: Json = json.loads(data[at : at + length])
    at += length + -(at + length) % 8
    views: Views = {}
    for name, size in about.pop("sizes").items():
        if at + size > len(data):
            raise ValueError(f"the snapshot is short: section {name} is cut off")
        views[name] = memoryview(data)[at : at + size].cast(SECTIONS[name])
        at += size + -size % 8
    return about, views


def _unpacked(packed: "memoryview[int]") -> bytes:
    return zlib.decompressobj(-15, _COMMON).decompress(packed)


def _has_identifier(subject: Subject, field_name: str, value: str) -> bool:
    code = subject.uscc[8:17] if field_name == "org_code" else ""
    return value in (getattr(subject, field_name), code)
