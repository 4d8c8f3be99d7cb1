"""What the identifying columns of a row come to: identifiers, or the fault for which the row cannot be taken."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RowIdentity:
    """What identifies a subject: numbers in normal form, those of persons as keyed digests.

    `person` is the digest of a resident ID, `permit` that of another document of a person, digested with its kind.
    `unverified_uscc` is a code of the right shape whose check character fails; a verified one makes it needless.
    `says_person`: the row has a person's number or type, whether the number can be read or not.
    """

    uscc: str = ""
    registration_no: str = ""
    org_code: str = ""
    person: str = ""
    permit: str = ""
    unverified_uscc: str = ""
    says_person: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def has_code(self) -> bool:
        """Whether a code of a register names the subject, be its check character right or wrong.

        It is that of an organisation, or of a sole trader (92).
        """
        return bool(self.uscc or self.registration_no or self.org_code or self.unverified_uscc)


UNIDENTIFIED: Final = RowIdentity()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken: the canonical field, the stable code, the value as it was written."""

    field: str
    code: str
    value: str


def merge(first: RowIdentity, second: RowIdentity) -> RowIdentity:
    """What two columns say together: of two values of one identifier the first stays."""
    if first is UNIDENTIFIED:
        return second
    if second is UNIDENTIFIED:
        return first
    warnings = first.warnings + second.warnings
    if len({first.uscc, second.uscc, first.unverified_uscc, second.unverified_uscc} - {""}) > 1:
        warnings += ("codes_disagree",)
    uscc = first.uscc or second.uscc
    return RowIdentity(
        uscc=uscc,
        registration_no=first.registration_no or second.registration_no,
        org_code=first.org_code or second.org_code,
        person=first.person or second.person,
        permit=first.permit or second.permit,
        unverified_uscc="" if uscc else first.unverified_uscc or second.unverified_uscc,
        says_person=first.says_person or second.says_person,
        warnings=tuple(dict.fromkeys(warnings)),
    )
