"""Who a subject is: the identifiers that are kept of it, the identity that a report gives, and the id that follows.

A subject is named by its strongest identifier, or by a digest of its name.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from chalicelib.matching import parse_name
from chalicelib.values.keyed_digest import current_form, forms_of
from chalicelib.values.records import Record, declared, fields_that_are, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers(Record):
    """What distinguishes subjects beside their names, one value of each; '' is what is not known.

    Those with a prefix name the subject, the first that is known. Of a natural person `person` is a keyed digest of the
    resident ID, `permit` that of another document with its kind, `personal_account` that of the bank account, which
    its bank opened for that person alone (网络交易监督管理办法, MR/T 0001—2025: the name is checked against it).
    `unverified_uscc` is a credit code whose check character fails: it is compared like the others, for review at most.
    """

    uscc: str = stored("", identity=True, prefix="uscc")
    registration_no: str = stored("", identity=True, prefix="reg")
    org_code: str = stored("", identity=True, prefix="org")
    person: str = stored("", identity=True, prefix="person", digest=True)
    permit: str = stored("", identity=True, prefix="permit", digest=True)
    personal_account: str = stored("", identity=True, prefix="account", digest=True)
    unverified_uscc: str = stored("", identity=True, prefix="unverified")
    address: str = stored("", identity=True, signal=True, text=True, about="住所 or 经营场所")
    phone: str = stored("", identity=True, signal=True, digest=True)
    legal_representative: str = stored("", identity=True, signal=True, digest=True)
    bank_account: str = stored("", identity=True, signal=True, digest=True)
    legal_representative_shown: str = stored("", identity=True)
    shop_url: str = stored("", identity=True, signal=True, text=True, about="店铺链接")

    @property
    def strongest_id(self) -> str:
        """The id of the subject by its strongest identifier, '' without any."""
        for field, prefix in IDENTIFIERS:
            value = getattr(self, field)
            if value:
                return f"{prefix}:{current_form(value)}"
        return ""

    @property
    def ids_by_digest(self) -> tuple[str, ...]:
        """The ids of a subject that is named by a digest, one for each key in use, the current key's first."""
        field, prefix = next(((name, prefix) for name, prefix in IDENTIFIERS if getattr(self, name)), ("", ""))
        return tuple(f"{prefix}:{form}" for form in forms_of(getattr(self, field))) if field in DIGEST_FIELDS else ()

    @property
    def is_person(self) -> bool:
        """The subject is a natural person: identified, and by no code of a register."""
        has_code = self.uscc or self.registration_no or self.org_code or self.unverified_uscc
        return not has_code and bool(self.person or self.permit or self.personal_account)

    @property
    def signals(self) -> dict[str, str]:
        """What two subjects may share besides a name, by field."""
        return {field: value for field in SIGNAL_FIELDS if (value := getattr(self, field))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Identifiers):
    """What a report or a government list says of who is meant: identifiers and names.

    `named` is the id of the subject where that is not the id by its strongest identifier: a natural person whose
    subject was named under an earlier key of the digests.
    """

    named: str = stored("", identity=True)
    name: str = stored("", identity=True)
    former_name: str = stored("", identity=True, text=True, about="曾用名")
    shop_name: str = stored("", identity=True, text=True, about="店铺名称")

    @property
    def subject_id(self) -> str:
        """The one id of the subject: its strongest identifier, or a digest of its name where it has none.

        Names are digested after normalisation, so spelling variants of one name are one subject.
        """
        return self.named or self.strongest_id or name_id(self.name)


# Each identifier that may name a subject, strongest first, and the prefix of its ids.
IDENTIFIERS: Final = tuple((name, how.prefix) for name, how in declared(Identifiers).items() if how.prefix)
SINGLE_FIELDS: Final = fields_that_are(Identifiers, "identity")
SIGNAL_FIELDS: Final = fields_that_are(Identifiers, "signal")
IDENTITY_FIELDS: Final = fields_that_are(Identity, "identity")
DIGEST_FIELDS: Final = fields_that_are(Identifiers, "digest")


def ids_of(asked_id: str) -> tuple[str, ...]:
    """The ids that an id stands for whose value is a digest with several forms; of any other id itself, of '' none."""
    prefix, _, value = asked_id.partition(":")
    return tuple(f"{prefix}:{form}" for form in forms_of(value))


def name_id(name: str) -> str:
    """The id of a subject of which the name alone is known."""
    return "name:" + hashlib.sha256(parse_name.comparison_key(name).encode()).hexdigest()[:24]
