"""An applicant: what a platform gives of a merchant that wants to open a shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.matching.readings.asked_names import Reading, read_names
from chalicelib.messages import FindingCode
from chalicelib.registry.rules.subject_id import IDENTIFIERS, name_id

# Whether a field that was given could be searched.
USED, UNUSABLE = "used", "unusable"
# What says by itself who is meant, beside a registered name; an account or a person's name may be many merchants'.
DECIDING: Final = (
    "uscc", "registration_no", "org_code", "person", "permit", "unverified_uscc", "shop_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a platform asks about: identifiers normalised, personal values digested; '' is what is not given.

    `uscc_as_given` is the credit code as it was typed, where `uscc` may be its one repair; `unverified_uscc` is one
    whose check character fails. `signals` are the values, by field, that may be shared with another subject besides a
    name. `asked` says of each field that was given whether it was used. `is_persons_name`: the name is perhaps a
    natural person's, and nobody is found by such a name.
    """

    uscc: str = ""
    uscc_as_given: str = ""
    registration_no: str = ""
    org_code: str = ""
    person: str = ""
    permit: str = ""
    personal_account: str = ""
    unverified_uscc: str = ""
    name: str = ""
    former_name: str = ""
    shop_name: str = ""
    signals: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    is_persons_name: bool = False

    @property
    def code(self) -> str:
        """The credit code, be its check character right or wrong."""
        return self.uscc or self.unverified_uscc

    @property
    def decides_alone(self) -> bool:
        """Whether anything says by itself who is meant, so that finding nothing means something."""
        deciding = any(getattr(self, identifying) for identifying in DECIDING)
        return deciding or bool((self.name or self.former_name) and not self.is_persons_name)

    @property
    def findings(self) -> tuple[FindingCode, ...]:
        """Why the answer cannot be `clear` although nothing was found."""
        unverified = (FindingCode.USCC_CHECK_FAILED,) if self.unverified_uscc else ()
        return unverified if self.decides_alone else (*unverified, FindingCode.CANNOT_DECIDE_ALONE)

    @property
    def repaired(self) -> bool:
        """Whether the USCC is what a typing error was corrected to."""
        return bool(self.uscc_as_given) and self.uscc_as_given != self.uscc

    @property
    def asked_id(self) -> str:
        """The one id under which decisions about the applicant are kept: its strongest identifier, else its name."""
        for identifier, prefix in IDENTIFIERS:
            if value := getattr(self, identifier):
                return f"{prefix}:{value}"
        name = self.name or self.former_name or self.shop_name
        return name_id(name) if name else ""

    @property
    def is_person(self) -> bool:
        """The applicant is a natural person: it gives a document of one, and no code of a register.

        A bank account alone does not say so, for a company has one too.
        """
        has_code = self.uscc or self.registration_no or self.org_code or self.unverified_uscc
        return not has_code and bool(self.person or self.permit)

    def readings(self) -> list[tuple[Reading, ...]]:
        """For each name that was given, its readings: the text as it stands first."""
        given = [read_names(name, self.uscc[2:8]) for name in (self.name, self.former_name) if name]
        return [*given, read_names(self.shop_name, shop=True)] if self.shop_name else given
