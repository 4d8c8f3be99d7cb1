"""Answers of searches for merchants."""

from pydantic import Field

from chalicelib.handlers.responses.lookups import Match
from chalicelib.handlers.responses.shared import Answer


class MerchantsByName(Answer):
    """Listed merchants that a name may mean."""

    merchants: list[Match] = Field(description="the gravest first, 20 at most")
