"""What a secret that rotates holds: its keys by id, which of them is current, and which comes next.

A secret begins as a plain value, the key of the id `k1`. The first rotation makes it a JSON document:

    {"current": "k2", "next": "", "keys": {"k1": "…", "k2": "…"}, "moved_at": "2026-11-27T02:00:00+00:00"}

`next` is a key that every function knows already and none uses yet, so that no function meets a key that it lacks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

# The key of everything that names none: what was stored before keys had ids.
FIRST_KEY: Final = "k1"
# By then every function has heard of a step: it reads a secret every five minutes, and runs for fifteen at most.
HEARD_AFTER: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """The keys of a secret by id (`k` and a number), as they stand in it; `moved_at`: when the last step was taken."""

    current: str
    keys: Mapping[str, str] = field(repr=False)
    next: str = ""
    moved_at: str = ""

    @property
    def in_use(self) -> tuple[str, ...]:
        """The ids of the keys that count: the current one, then earlier ones, the latest first."""
        earlier = sorted(set(self.keys) - {self.current, self.next}, key=number_of, reverse=True)
        return (self.current, *earlier)

    def text(self) -> str:
        """The document as the secret holds it."""
        held = {"current": self.current, "next": self.next, "keys": dict(self.keys), "moved_at": self.moved_at}
        return json.dumps(held)


def read_key_document(text: str) -> KeyDocument:
    """The document of a secret; a plain value is the key `k1`. ValueError for a document that is none.

    What begins like a document is never taken for a plain key: digests by it would meet nothing that is stored.
    """
    if not text.lstrip().startswith("{"):
        return KeyDocument(FIRST_KEY, {FIRST_KEY: text})
    held = json.loads(text)
    try:
        keys = {str(name): str(key) for name, key in held["keys"].items()}
        document = KeyDocument(str(held["current"]), keys, str(held["next"]), str(held["moved_at"]))
    except (AttributeError, LookupError, TypeError) as error:
        raise ValueError("the secret is no document of keys") from error
    named = {document.current, document.next} - {""}
    if not document.current or document.current == document.next or not named <= keys.keys():
        raise ValueError("the secret names a key that it does not hold")
    for name in keys:
        number_of(name)
    return document


def number_of(key_id: str) -> int:
    """The number in the id of a key; ValueError for what is no id."""
    if not (key_id.startswith("k") and key_id[1:].isascii() and key_id[1:].isdigit()):
        raise ValueError("a key's id is k and a number")
    return int(key_id[1:])
