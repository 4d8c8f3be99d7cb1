"""Answers of the pulls of government lists."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import NEXT_UNTIL_END, Answer, Count, Moment, absent


class FeedRunLine(Answer):
    """One pull of a list, and the list as it is applied since then."""

    at: Moment
    result: Literal["applied", "unchanged", "held", "discarded", "failed"]
    version: str = absent()
    rows: Count = absent("entries of the list")
    rejected: Count = absent("rows that were rejected")
    changed: Count = absent("changes that this pull applied")
    problem: str = absent("why it failed")
    held: str = absent("why a delivery is held")
    age_seconds: Count = absent("since the list was known to be current; absent where it never was")


class FeedRuns(Answer):
    """Pulls of a list, the newest first."""

    runs: list[FeedRunLine]
    next: str = Field(description=NEXT_UNTIL_END)
