"""By which identifiers a merchant of a platform is monitored, from its roster or from a lookup."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from chalicelib.lookups.rules.find_candidates import EXACT, Applicant
from chalicelib.lookups.rules.find_candidates import known_as as known_as_of
from chalicelib.matching.matching_signals import SIGNALS

Merchant = dict[str, Any]


FIELDS: Final = (
    "uscc",
    "uscc_as_given",
    "registration_no",
    "org_code",
    "person",
    "name",
    "shop_name",
    *SIGNALS,
)


# Merchants that were enrolled by a call wait in so many items of a platform.
SLOTS: Final = 256


SLOT: Final = "in:"


def kept_fields(identity: Mapping[str, Any]) -> Merchant:
    """What is kept of a merchant, empty fields left out."""
    return {field: identity[field] for field in FIELDS if identity.get(field)}


def applicant(merchant: Mapping[str, Any]) -> Applicant:
    """The merchant as a lookup sees whoever is asked for."""
    return Applicant(
        uscc=merchant.get("uscc", ""),
        uscc_as_given=merchant.get("uscc_as_given", ""),
        registration_no=merchant.get("registration_no", ""),
        org_code=merchant.get("org_code", ""),
        person=merchant.get("person", ""),
        name=merchant.get("name", ""),
        shop_name=merchant.get("shop_name", ""),
        signals={field: merchant[field] for field in SIGNALS if merchant.get(field)},
    )


def known_as(merchant: Mapping[str, Any]) -> str:
    """The id under which a platform's decisions about the merchant are kept, as those about an applicant are."""
    return known_as_of(applicant(merchant))


def exact_ids(identity: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each exact identifier of a merchant or a subject, as a subject's id, with the relation of whoever shares it.

    A code that had to be repaired identifies nobody exactly. A credit code holds an organisation code.
    """
    repaired = identity.get("uscc_as_given", "") not in ("", identity.get("uscc", ""))
    uscc = "" if repaired else identity.get("uscc", "")
    values = {"uscc": uscc, "org_code": identity.get("org_code") or uscc[8:17]}
    for field, prefix, relation in EXACT:
        value = values[field] if field in values else identity.get(field, "")
        if value:
            yield relation, f"{prefix}:{value}"


def hash_of(merchant_id: str) -> int:
    """A number by which merchants are spread evenly: the same for ever."""
    return int.from_bytes(blake2b(merchant_id.encode("utf-8", "replace"), digest_size=4).digest(), "big")


def slot_id(platform_id: str, merchant_id: str) -> str:
    """The item in which a merchant that was enrolled by a call waits for the next run."""
    return f"enrolled#{platform_id}#{hash_of(merchant_id) % SLOTS:02x}"


def news_id(platform_id: str) -> str:
    """The item that says what a platform sent last, and when a call last enrolled a merchant."""
    return f"roster-news#{platform_id}"
