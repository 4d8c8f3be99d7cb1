"""What the routes of dead letters take, as pydantic models."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.handlers.requests.fields import NOT_A_PLACEHOLDER, Strict

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,100}$")]


class ChosenLetters(Strict):
    """Which dead letters of a queue: these, or all of them."""

    message_ids: list[MessageId] = Field(default_factory=list, max_length=50, description="these and no others")
    all: bool = Field(False, description="every dead letter of the queue, 200 in one request at most")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.all == bool(self.message_ids):
            raise PydanticCustomError("letters_or_all", "either message_ids or all")
        return self


class RedrivenLetters(ChosenLetters):
    """Which dead letters are sent to their queue again."""


class DiscardedLetters(ChosenLetters):
    """Which dead letters are discarded, and why."""

    why: Annotated[str, StringConstraints(min_length=1, max_length=1_000), NOT_A_PLACEHOLDER]
