"""What the routes of decisions that wait for a second person take, as pydantic models."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.handlers.requests.fields import Strict

Mode = Literal["off", "people", "all"]
Ident = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]


class Refusal(Strict):
    """Why a decision is refused."""

    why: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class SecondPersonRule(Strict):
    """For whom acts wait for a second person."""

    mode: Mode = Field(description="nobody's; those of people where there are two; those of keys as well")
    organisations: dict[Ident, Mode] = Field(
        default_factory=dict, max_length=1_000, description="the mode of single organisations, where it differs"
    )
