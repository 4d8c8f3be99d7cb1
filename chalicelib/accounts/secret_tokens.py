"""Secrets that a caller holds and the exchange does not: of each only the digest is stored.

A secret is at least 128 random bits, which no table of guesses reaches; a slow hash would only slow each request.
"""

import hashlib
import hmac


def digest_of(secret: str) -> str:
    """The SHA-256 of a secret, under which it is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_key(secret: str) -> str:
    """What each form of a session carries, so that no other page can post in its name: an HMAC keyed by its secret."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()[:32]


def is_equal(given: str, expected: str) -> bool:
    """Whether two texts are equal; how long the comparison takes says nothing of where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
