"""What the routes of disputes take, as pydantic models."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.parameters import is_day
from chalicelib.handlers.requests.fields import NOT_A_PLACEHOLDER, Strict
from chalicelib.registry.rules.reason_codes import REASONS, nearest_codes

Statement = Annotated[str, StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True), NOT_A_PLACEHOLDER]


class NewDispute(Strict):
    """A dispute over one listing, carried for its merchant or on a platform's own finding."""

    listing_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    kind: Literal["for_merchant", "found_otherwise"] = Field(
        description="on behalf of the merchant 代商户申诉, or another platform found otherwise 其他平台另有认定"
    )
    statement: Statement = Field(description="numbers of persons are masked before it is stored")
    contact: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="whom to ask; kept as a keyed digest and a masked form only"
    )


class Evidence(Strict):
    """One file that will be posted straight to the bucket."""

    file_name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content_type: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        description="application/pdf, image/jpeg, image/png or video/mp4"
    )
    bytes: Annotated[int, Field(ge=0)] = Field(0, description="its size, where it is known: too much is refused early")


class DisputeAnswer(Strict):
    """What the reporter says to a dispute."""

    stand: Literal["stand_by", "concede"]
    statement: Statement


class DisputeWithdrawal(Strict):
    """Why the opener takes its dispute back."""

    statement: Annotated[str, StringConstraints(max_length=4_000)] = ""


class DisputeDecision(Strict):
    """What the regulator decides; to amend names at least one field."""

    decision: Literal["uphold", "amend", "void"]
    statement: Statement
    severity: Annotated[int, Field(ge=1, le=3)] | None = None
    reasons: list[str] | None = Field(None, min_length=1, max_length=6)
    evidence_level: Literal["E1", "E2", "E3", "E4", "E5"] | None = None
    expires_on: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = Field(
        None, description="a day to come; 9999-12-31 is no end"
    )

    @field_validator("reasons")
    @classmethod
    def _known(cls, reasons: list[str] | None) -> list[str] | None:
        unknown = [code for code in reasons or () if code not in REASONS]
        if unknown:
            given = {"codes": ", ".join(unknown)[:200], "nearest": nearest_codes(unknown)}
            raise PydanticCustomError("unknown_reason", "no such codes: {codes}", given)
        return list(dict.fromkeys(reasons)) if reasons else None

    @field_validator("expires_on")
    @classmethod
    def _a_day(cls, day: str | None) -> str | None:
        if day and not is_day(day):
            raise PydanticCustomError("unreal_day", "a day that exists, as YYYY-MM-DD")
        return day

    @model_validator(mode="after")
    def _amends_something(self) -> Self:
        if bool(self.fields()) != (self.decision == "amend"):
            raise PydanticCustomError("amendment", "to amend, and only then, name at least one field")
        return self

    def fields(self) -> dict[str, object]:
        """What is to be amended."""
        names = ("severity", "reasons", "evidence_level", "expires_on")
        return {name: value for name in names if (value := getattr(self, name)) is not None}
