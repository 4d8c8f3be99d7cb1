"""Keys of lookups, of what people decided on their matches, and of which platforms a merchant concerns."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, Ttl, names


def lookup(lookup_id: str) -> str:
    """A lookup that was made, or the receipt of an onboarding check (its id begins with `o_`)."""
    return f"lookup#{lookup_id}"


def onboarding_receipt(receipt: str) -> str:
    """The receipt of an onboarding check; it is kept among the lookups, so that its matches can be decided on."""
    return lookup(receipt)


def recent_lookup_count(platform_id: str) -> str:
    """How many of a platform's lookups found something."""
    return f"lately#{platform_id}"


def recent_lookup(platform_id: str, place: int) -> str:
    """One of the places (0 to 199) in which a platform's latest lookups that found something are kept."""
    return f"lately#{platform_id}#{place}"


def match_decisions(platform_id: str, asked_id: str) -> str:
    """Which subjects a platform told apart from one applicant."""
    return f"decided#{platform_id}#{asked_id}"


def match_decisions_on(subject_id: str) -> str:
    """Which applicants any platform told apart from one subject."""
    return f"apart#{subject_id}"


def inquiry_index(subject_id: str) -> str:
    """Which platforms asked for a subject, or were given what stands against it."""
    return f"asked#{subject_id}"


def roster_index(subject_id: str) -> str:
    """Which platforms have a merchant with that identifier or name on their rosters."""
    return f"known#{subject_id}"


_LOOKUP: Final = names("platform_id purpose at asked_id verdict relations")
_MATCHES: Final = "bounded: `relations` has the matches, 20 by name and some 48 for each exact identifier"

KINDS: Final = (
    ItemKind(
        "lookup",
        lookup,
        names("lookup_id") + _LOOKUP,
        "who asked for whom, for which purpose, and what was answered (subject → relation)",
        "lookups",
        _MATCHES,
        ttl=Ttl(timedelta(days=360), "at"),
        forms={"lookup_id": "(?!o_)[^#]+"},
    ),
    ItemKind(
        "onboarding receipt",
        onboarding_receipt,
        _LOOKUP + names("said"),
        "a lookup that is the receipt of an onboarding check: `said` is the answer, packed with zlib; written once",
        "onboarding",
        _MATCHES,
        ttl=Ttl(timedelta(days=3 * 365 + 1), "at"),
        forms={"receipt": "o_[^#]+"},
    ),
    ItemKind(
        "count of recent lookups",
        recent_lookup_count,
        names("number"),
        "how many of a platform's lookups found something",
        "decisions",
    ),
    ItemKind(
        "recent lookup",
        recent_lookup,
        names("lookup_id number at asked_id relations"),
        "one of a platform's latest 200 lookups that found something, for dry runs of policies",
        "decisions",
        _MATCHES,
        ttl=Ttl(timedelta(days=360), "at"),
        forms={"place": r"\d+"},
    ),
    ItemKind(
        "match decisions",
        match_decisions,
        names("not:<subject_id>"),
        "the subjects that a platform told apart from an applicant, and when; '' when taken back",
        "lookups",
        UNBOUNDED + "one field for each subject told apart, never taken out; some 6,000 fill it",
    ),
    ItemKind(
        "match decisions on a subject",
        match_decisions_on,
        names("<platform_id>|<asked_id>"),
        "the applicants that were told apart from a subject, and when; '' when taken back",
        "lookups",
        UNBOUNDED + "one field for each platform and applicant, never taken out; some 5,000 fill it",
    ),
    ItemKind(
        "inquiry index",
        inquiry_index,
        names("asked_by:<platform_id> received_by:<platform_id>"),
        "which platforms asked for a subject, and which were given what stands against it, each when last",
        "monitoring",
        UNBOUNDED + "two fields for each platform; some 3,500 platforms fill it",
        ttl=Ttl(timedelta(days=360), "the last lookup, answer or task"),
    ),
    ItemKind(
        "roster index",
        roster_index,
        names("on:<platform_id> coded:<platform_id> more:on:<platform_id> more:coded:<platform_id>"),
        "under one identifier or name: each platform's own ids of its merchants (`coded`: those with a credit code)",
        "monitoring",
        UNBOUNDED + "20 merchants of some 110 bytes for each platform; some 190 platforms fill it",
    ),
)
