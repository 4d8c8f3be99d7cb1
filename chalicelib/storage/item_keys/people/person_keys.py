"""Keys of people who sign in to the console, of their sessions, and of how a sign-in finds its person."""

from datetime import timedelta
from typing import Final

# How long an item is kept after its moment; what the moment is, its kind says.
PERSON_SESSION_KEPT: Final = timedelta(hours=12)
SIGN_IN_ATTEMPT_KEPT: Final = timedelta(minutes=10)
SIGN_IN_LINK_KEPT: Final = timedelta(minutes=15)


def person(person_id: str) -> str:
    """A person."""
    return f"person#{person_id}"


def people(platform_id: str) -> str:
    """The ids of the people of an organisation."""
    return f"people#{platform_id}"


def invited_email(digest: str) -> str:
    """Which person was invited by an e-mail address (as a keyed digest)."""
    return f"invited#{digest}"


def sign_in_subject(digest: str) -> str:
    """Which person an account of an identity provider is (issuer and subject, as a keyed digest)."""
    return f"sign-in#{digest}"


def person_session(digest: str) -> str:
    """A person's session, by the digest of its cookie's secret."""
    return f"person-session#{digest}"


def sign_in_link(digest: str) -> str:
    """A link by which a person signs in once, by the digest of its secret."""
    return f"sign-in-link#{digest}"


def sign_in_attempt(digest: str) -> str:
    """A sign-in that was begun with the identity provider, by the digest of the browser's secret."""
    return f"sign-in-attempt#{digest}"
