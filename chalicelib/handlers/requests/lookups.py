"""What the routes of lookups take, as pydantic models."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.fields import Strict, Text

IDENTIFYING = (
    "uscc",
    "registration_no",
    "name",
    "shop_name",
    "address",
    "phone",
    "legal_representative",
    "id_no",
    "resident_id",
    "bank_account",
    "shop_url",
)


class Applicant(Strict):
    """An applicant, as much as the platform knows of it; at least one field."""

    uscc: Text | None = None
    registration_no: Text | None = None
    name: Text | None = None
    shop_name: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    legal_representative: Text | None = None
    id_type: Text | None = Field(None, description="证件类型 of id_no, where it is known: a word, a code of GA/T 517")
    id_no: Text | None = Field(None, description="证件号码 of a natural person: resident ID, travel permit, passport")
    resident_id: Text | None = Field(None, description="the same as id_no; the older name of the field")
    bank_account: Text | None = None
    shop_url: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((getattr(self, field) or "").strip() for field in IDENTIFYING):
            raise PydanticCustomError(
                "nothing_to_look_up", "at least one of {fields}", {"fields": ", ".join(IDENTIFYING)}
            )
        return self


Purpose = Literal["onboarding", "recheck", "investigation"]


class Lookup(Applicant):
    """One lookup; the purpose is kept with it (个人信息保护法 6: bound to a purpose)."""

    purpose: Purpose


class Lookups(Strict):
    """Up to 100 lookups in one call, all for one purpose."""

    purpose: Purpose
    applicants: list[Applicant] = Field(min_length=1, max_length=100)


class MatchDecision(Strict):
    """What a person of the platform decided about one match of a lookup."""

    subject_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    decision: Literal["not_same", "undecided"]
