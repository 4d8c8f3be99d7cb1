"""Keyed digests of personal values: equal values meet, and nobody without the key can find out what they are.

HMAC-SHA-256. A plain hash would not do: there are only some 10^11 resident IDs, a minute's work to try them all.
PIPL (个人信息保护法) articles 6 and 51.
"""

import hashlib
import hmac
from collections.abc import Callable

# (kind, normalised value) -> digest; the kind keeps a phone from ever meeting a bank account.
Digest = Callable[[str, str], str]


def keyed_digest(key: bytes) -> Digest:
    """The digest function of this key; raises ValueError for a key of less than 32 bytes."""
    if len(key) < 32:
        raise ValueError("the digest key is shorter than 32 bytes")

    def digest(kind: str, value: str) -> str:
        return hmac.new(key, f"{kind}|{value}".encode(), hashlib.sha256).hexdigest()[:40]

    return digest
