"""What the routes of onboarding take, as pydantic models."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.lookups import Applicant


class OnboardingCheck(Applicant):
    """One applicant, everything that is to be checked of it at once, and whether it goes onto the roster."""

    merchant_id: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = Field(
        None, description="the platform's own id of the merchant; needed to enrol it"
    )
    licence_check_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        None, description="a licence check of this platform; without it, the licence as it was last verified"
    )
    display_link: Annotated[str, StringConstraints(max_length=4_000)] | None = Field(
        None, description="亮照链接 of the shop"
    )
    enrol: bool = Field(True, description="put the merchant on the roster, to be told of what becomes of it later")

    @model_validator(mode="after")
    def _can_be_enrolled(self) -> Self:
        if self.enrol and not (self.merchant_id or "").strip():
            raise PydanticCustomError(
                "merchant_id_missing", 'enrolling needs a merchant_id; send "enrol": false to go without'
            )
        return self
