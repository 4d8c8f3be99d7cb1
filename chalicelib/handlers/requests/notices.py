"""What the routes of notices and subscriptions take, as pydantic models."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.fields import PlatformId, Strict
from chalicelib.registry.rules.reason_codes import REASONS, nearest_codes

Severity = Annotated[int, Field(ge=1, le=3)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,40}$")]
Source = Annotated[str, StringConstraints(pattern=r"^(platform|government):[a-z0-9_-]{0,60}$")]


class Acknowledgement(Strict):
    """Which of its own notices the platform has dealt with."""

    through: Annotated[int, Field(ge=1, lt=10**12)] | None = Field(None, description="all up to this sequence number")
    notice_ids: list[Annotated[str, StringConstraints(pattern=r"^n_[0-9a-f]{24}$")]] = Field(
        default_factory=list, max_length=100
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.through is None and not self.notice_ids:
            raise PydanticCustomError("nothing_acknowledged", "give through, notice_ids or both")
        return self


class Filter(Strict):
    """What a subscription lets through: all of the given fields must fit, each by one of its values."""

    reasons: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}\d{2}$")]] = Field(
        default_factory=list, max_length=40
    )
    severity: list[Severity] = Field(default_factory=list, max_length=3)
    region: list[Annotated[str, StringConstraints(pattern=r"^[1-9]\d(\d{2}){0,2}$")]] = Field(
        default_factory=list, max_length=40, description="division codes of GB/T 2260: 2, 4 or 6 digits"
    )
    source: list[Source] = Field(
        default_factory=list, max_length=40, description="such as platform:beidou; government: is all lists"
    )
    kind: list[Word] = Field(default_factory=list, max_length=20)
    without_own: bool = Field(False, description="leave out the listings that this platform reported")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        unknown = sorted(set(self.reasons) - set(REASONS))
        if unknown:
            given = {"codes": ", ".join(unknown)[:200], "nearest": nearest_codes(unknown)}
            raise PydanticCustomError("unknown_reason", "no such reasons: {codes}", given)
        if self.without_own and self.source:
            raise PydanticCustomError("two_sources", "give source or without_own, not both")
        return self


class Subscription(Strict):
    """An endpoint that notices are to be pushed to."""

    topic: Literal["closures", "own"]
    protocol: Literal["sqs", "https", "email"]
    endpoint: Annotated[str, StringConstraints(min_length=3, max_length=1_000, pattern=r"^\S+$")] = Field(
        description="the ARN of a queue in the platform's own AWS account, an https address, or an e-mail address"
    )
    filter: Filter = Field(default_factory=lambda: Filter(without_own=False))


class DeliveryTest(Strict):
    """Whose subscription is tested."""

    platform_id: PlatformId = Field("", description="for operators: whose subscription it is; others test their own")
