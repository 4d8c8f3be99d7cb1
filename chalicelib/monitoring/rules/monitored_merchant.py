"""By which identifiers a merchant of a platform is monitored, from its roster or from a lookup."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.posting_lists import EXACT
from chalicelib.matching.matching_signals import SIGNALS
from chalicelib.registry.rules.subject import Subject
from chalicelib.table_files.rules.natural_person import names_an_organisation
from chalicelib.values.keyed_digest import forms_of, have_same_values
from chalicelib.values.records import Record, stored

# Merchants that were added by a call wait in so many items of a platform.
SLOTS: Final = 256
# A merchant's id as the name of a field of such an item.
SLOT: Final = "in:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant(Record):
    """A merchant of a platform: the platform's own id of it and what identifies it, '' for what is not given.

    `person`, `permit`, `personal_account` and the signals of persons are keyed digests.
    """

    id: str = stored("")
    uscc: str = stored("")
    uscc_as_given: str = stored("")
    registration_no: str = stored("")
    org_code: str = stored("")
    person: str = stored("")
    permit: str = stored("")
    personal_account: str = stored("")
    name: str = stored("")
    former_name: str = stored("")
    shop_name: str = stored("")
    legal_representative: str = stored("")
    phone: str = stored("")
    bank_account: str = stored("")
    address: str = stored("")
    domain: str = stored("")
    shop_url: str = stored("")
    unverified_uscc: str = stored("")

    @property
    def signals(self) -> dict[str, str]:
        """What the merchant may share with a subject besides a name, by field."""
        return {field: value for field in SIGNALS if (value := getattr(self, field))}

    def says_the_same(self, other: "Merchant") -> bool:
        """Whether nothing distinguishes the two but the keys of their digests."""
        if self == other:
            return True
        pairs = [(getattr(self, field), getattr(other, field)) for field in _DIGESTS]
        bare = dict.fromkeys(_DIGESTS, "")
        return self.replace(**bare) == other.replace(**bare) and all(have_same_values(a, b) for a, b in pairs)

    @property
    def is_identified(self) -> bool:
        """Whether anything is given besides the platform's own id."""
        return any(getattr(self, field) for field in _IDENTITY_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(Record):
    """The roster entry of a merchant as a call set it at a moment: added with these values, or `gone`."""

    at: str = stored()
    merchant: Merchant | None = stored(None, record=Merchant, name="m")
    gone: bool = stored(False)


_DIGESTS: Final = ("person", "permit", "personal_account", "legal_representative", "phone", "bank_account")
_IDENTITY_FIELDS: Final = tuple(name for name in Merchant.__dataclass_fields__ if name not in ("id", "unknown"))


def applicant(merchant: Merchant) -> Applicant:
    """The merchant as an applicant of a lookup."""
    return Applicant(
        uscc=merchant.uscc,
        uscc_as_given=merchant.uscc_as_given,
        registration_no=merchant.registration_no,
        org_code=merchant.org_code,
        person=merchant.person,
        permit=merchant.permit,
        personal_account=merchant.personal_account,
        unverified_uscc=merchant.unverified_uscc,
        name=merchant.name,
        former_name=merchant.former_name,
        shop_name=merchant.shop_name,
        signals=merchant.signals,
    )


def merchant_of(applicant: Applicant, merchant_id: str) -> Merchant:
    """The merchant that an applicant becomes once the platform has opened its shop; of a natural person no name."""
    is_person = applicant.is_person or (applicant.personal_account and not names_an_organisation(applicant.name))
    signals = {field: applicant.signals.get(field, "") for field in SIGNALS}
    merchant = Merchant(
        id=merchant_id,
        uscc=applicant.uscc,
        uscc_as_given=applicant.uscc_as_given,
        registration_no=applicant.registration_no,
        org_code=applicant.org_code,
        person=applicant.person,
        permit=applicant.permit,
        personal_account=applicant.personal_account,
        unverified_uscc=applicant.unverified_uscc,
        name="" if is_person else applicant.name,
        former_name="" if is_person else applicant.former_name,
        shop_name=applicant.shop_name,
    )
    return merchant.replace(**signals)


def known_as(merchant: Merchant) -> str:
    """The id under which a platform's decisions about the merchant are kept, as those about an applicant are."""
    return applicant(merchant).asked_id


def exact_ids_of(merchant: Merchant) -> Iterator[tuple[str, str]]:
    """Each exact identifier of a merchant, as a subject's id, with the relation that it means.

    A code that had to be repaired identifies nobody exactly.
    """
    repaired = merchant.uscc_as_given not in ("", merchant.uscc)
    return exact_ids(merchant.replace(uscc="") if repaired else merchant)


def exact_ids(merchant: Merchant | Subject) -> Iterator[tuple[str, str]]:
    """Each exact identifier, as a subject's id, with the relation that it means. A credit code holds an organisation
    code (GB 32100: characters 9 to 17)."""
    for field, prefix, relation in EXACT:
        value = getattr(merchant, field)
        if field == "org_code":
            value = value or merchant.uscc[8:17]
        for form in forms_of(value):
            yield relation, f"{prefix}:{form}"


def hash_of(merchant_id: str) -> int:
    """A number by which merchants are spread evenly: the same for ever."""
    return int.from_bytes(blake2b(merchant_id.encode("utf-8", "replace"), digest_size=4).digest(), "big")
