"""Keyed digests of personal values: equal values meet, and nobody without the key can find out what they are.

HMAC-SHA-256. A plain hash would not do: there are only some 10^11 resident IDs, a minute's work to try them all.
PIPL (个人信息保护法) articles 6 and 51.

A digest names its key: `k2` and 40 hexadecimal digits; without a name it is by the first key. While several keys are in
use, a value's digest is its forms under all of them, the current key's first: `k2…|…`. Two digests are of one value
when they share a form. So whatever was stored under one key meets what is asked under two, and what is stored meanwhile
meets both what was before and what comes after. A field of several values holds the forms of each in turn.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.key_document import FIRST_KEY, HEARD_AFTER, number_of, read_key_document
from chalicelib.values.timestamps import iso

# (kind, normalised value) -> digest; the kind keeps a phone from ever meeting a bank account.
Digest = Callable[[str, str], str]
# Between the forms of one value.
FORMS: Final = "|"
_LENGTH: Final = 40
_FORM: Final = re.compile(r"(k\d+)?[0-9a-f]{40}")
_LEAST_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class KeyState:
    """How far the rotation of the keys of digests is.

    `is_rotated`: something may stand under another key than the current one, now or soon. `moves_before`: while two
    keys are in use, what was received before that moment may stand under the earlier one alone, and is taken again when
    it is sent again.
    """

    is_rotated: bool = False
    moves_before: str = ""


# What is asked for the state of the moment.
ReadKeyState = Callable[[], KeyState]


class DigestKeys:
    """The keys of digests that are in use, by id, the current one first."""

    def __init__(self, keys: Mapping[str, bytes], state: KeyState = KeyState()) -> None:
        """Raises ValueError for a key of less than 32 bytes."""
        if any(len(key) < _LEAST_KEY_BYTES for key in keys.values()):
            raise ValueError("the digest key is shorter than 32 bytes")
        self.state = state
        self._by_name = [("" if key_id == FIRST_KEY else key_id, key) for key_id, key in keys.items()]

    def digest(self, kind: str, value: str) -> str:
        """The digest of a value: its forms under all keys in use."""
        message = f"{kind}|{value}".encode()
        return FORMS.join(name + _hexadecimal(key, message) for name, key in self._by_name)


def digest_keys(secret: str) -> DigestKeys:
    """The keys that a secret holds; ValueError where it holds none, or one that is too short."""
    document = read_key_document(secret)
    keys = {key_id: document.keys[key_id].encode() for key_id in document.in_use}
    moves_before = iso(datetime.fromisoformat(document.moved_at) + HEARD_AFTER) if len(keys) > 1 else ""
    return DigestKeys(keys, KeyState(document.current != FIRST_KEY or len(document.keys) > 1, moves_before))


def keyed_digest(key: bytes) -> Digest:
    """The digest function of this one key, the first; raises ValueError for a key of less than 32 bytes."""
    return DigestKeys({FIRST_KEY: key}).digest


class RotatingDigest:
    """The digest function by the keys of the moment; it asks `keys` for them at each use."""

    def __init__(self, keys: Callable[[], DigestKeys]) -> None:
        self._keys = keys

    def __call__(self, kind: str, value: str) -> str:
        """The digest of a value: its forms under all keys in use."""
        return self._keys().digest(kind, value)

    def current(self, kind: str, value: str) -> str:
        """The form under the current key, for what is kept for days at most and joined with nothing earlier."""
        return current_form(self(kind, value))

    def state(self) -> KeyState:
        """How far the rotation of the keys is."""
        return self._keys().state


def forms_of(digest: str) -> tuple[str, ...]:
    """The forms of a value, or of several; the first is by the current key. None of ''."""
    return tuple(form for form in digest.split(FORMS) if form)


def values_of(digest: str) -> list[list[str]]:
    """The forms of each value of a field that holds several, such as phones: a value begins where keys do not go on
    falling."""
    values: list[list[str]] = []
    for form in forms_of(digest):
        if values and _number(values[-1][-1]) > _number(form):
            values[-1].append(form)
        else:
            values.append([form])
    return values


def is_form(text: str) -> bool:
    """Whether a text is one form of a digest."""
    return _FORM.fullmatch(text) is not None


def current_form(digest: str) -> str:
    """The form under the current key."""
    return digest.partition(FORMS)[0]


def key_of(form: str) -> str:
    """The id of the key of one form."""
    match = _FORM.fullmatch(form)
    return (match[1] if match else "") or FIRST_KEY


def are_same(digest: str, other: str) -> bool:
    """Whether two digests are of one value; of several values, whether they have one in common."""
    return not set(forms_of(digest)).isdisjoint(forms_of(other))


def have_same_values(digest: str, other: str) -> bool:
    """Whether two digests are of the same values in the same order, or both of none."""
    values, others = values_of(digest), values_of(other)
    return len(values) == len(others) and all(
        not set(value).isdisjoint(held) for value, held in zip(values, others, strict=True)
    )


def with_forms(held: str, given: str) -> str:
    """What is held, with the further forms of the same values that are given; values that are new are left out."""
    values, again = values_of(held), values_of(given)
    for place, value in enumerate(values):
        for other in again:
            if not set(value).isdisjoint(other):
                values[place] = sorted({*values[place], *other}, key=_number, reverse=True)
    return FORMS.join(form for value in values for form in value)


def without_keys(digest: str, dropped: Collection[str]) -> str:
    """The digest without its forms by some keys, but for values of which no other form is left: they stay as they
    are."""
    kept = [[form for form in value if key_of(form) not in dropped] or value for value in values_of(digest)]
    return FORMS.join(form for value in kept for form in value)


def _number(form: str) -> int:
    return number_of(key_of(form))


def _hexadecimal(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:_LENGTH]
