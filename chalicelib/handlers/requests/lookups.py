"""What the routes of lookups take, as pydantic models."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from chalicelib.handlers.requests.fields import Strict, Text


class Applicant(Strict):
    """An applicant, as much as the platform knows of it; at least one field that can be used."""

    uscc: Text | None = None
    registration_no: Text | None = None
    org_code: Text | None = Field(None, description="organisation code 组织机构代码 (GB 11714)")
    name: Text | None = None
    former_name: Text | None = Field(None, description="曾用名: a name that the applicant had before")
    shop_name: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    legal_representative: Text | None = None
    id_type: Text | None = Field(None, description="证件类型 of id_no, where it is known: a word, a code of GA/T 517")
    id_no: Text | None = Field(None, description="证件号码 of a natural person: resident ID, travel permit, passport")
    resident_id: Text | None = Field(None, description="the same as id_no; the older name of the field")
    bank_account: Text | None = None
    shop_url: Text | None = None


class UnfitApplicant(Applicant):
    """An applicant of a batch that does not fit the model: it is answered by its own error."""

    _problems: list[Any] = PrivateAttr(default_factory=list)

    @property
    def problems(self) -> list[Any]:
        """What is wrong with each field, as pydantic says it."""
        return self._problems


def _kept_apart(value: Any, read: ValidatorFunctionWrapHandler) -> Applicant:
    """The applicant, or one that is unfit and refuses no other."""
    try:
        applicant: Applicant = read(value)
    except ValidationError as error:
        applicant = UnfitApplicant.model_construct()
        applicant._problems = error.errors(include_url=False, include_input=False)
    return applicant


Purpose = Literal["onboarding", "recheck", "investigation"]


class Lookup(Applicant):
    """One lookup; the purpose is kept with it (个人信息保护法 6: bound to a purpose)."""

    purpose: Purpose


class Lookups(Strict):
    """Up to 100 lookups in one call, all for one purpose; each applicant is answered by itself."""

    judged_by_row: ClassVar[tuple[str, ...]] = ("applicants",)
    purpose: Purpose
    applicants: list[Annotated[Applicant, WrapValidator(_kept_apart)]] = Field(min_length=1, max_length=100)


class MatchDecision(Strict):
    """What a person of the platform decided about one match of a lookup."""

    subject_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    decision: Literal["not_same", "undecided"]
