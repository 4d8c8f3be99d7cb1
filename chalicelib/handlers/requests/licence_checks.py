"""What the routes of licence checks take, as pydantic models."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.fields import LongText, Strict, Text
from chalicelib.licences.rules.wallet_presentation import MOST_BYTES

Role = Literal["法定代表人", "证照管理员", "办事人"]


class LicenceCheck(Strict):
    """Whose licence is to be shown, and what for."""

    uscc: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    purpose: Literal["onboarding", "recheck"]
    name: Text = Field("", description="the name that the merchant gave; the licence must bear it")
    method: Literal["", "local", "manual", "national"] = Field("", description="who verifies; '': the first that is on")


class WalletPresentation(Strict):
    """A wallet's answer: a signed presentation in compact form."""

    presentation: Annotated[str, StringConstraints(min_length=1, max_length=MOST_BYTES)]


class Review(Strict):
    """What one person read off an uploaded licence, without seeing what the other typed."""

    decision: Literal["genuine", "not_genuine"]
    uscc: Text = ""
    name: Text = ""
    entity_type: Text = ""
    legal_representative: Text = ""
    address: Text = ""
    registered_capital: Text = ""
    scope: LongText = ""
    authority: Text = ""
    established_on: Text = ""
    status: Text = Field("", description="在营 unless the register says otherwise")
    holder_role: Role | Literal[""] = Field("", description="who handed it in, by the papers that came with it")

    @model_validator(mode="after")
    def _typed(self) -> Self:
        if self.decision == "genuine" and not all((self.uscc, self.name, self.status, self.holder_role)):
            raise PydanticCustomError(
                "typed_missing", "a genuine licence is typed off: uscc, name, status, holder_role"
            )
        return self


class LicenceLink(Strict):
    """A display link (亮照链接), and the merchant whose it should be."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    uscc: Text | None = None
