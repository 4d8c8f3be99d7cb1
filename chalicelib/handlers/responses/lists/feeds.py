"""Answers of the pulls of government lists."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import NEXT_UNTIL_END, Answer, Count, Day, Moment, absent


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


class HoldEntryCounts(Answer):
    """How many entries a release would add, change and end, and of how many platforms have listed the merchant."""

    added: Count
    changed: Count
    ended: Count
    touched: Count = Field(description="among the entries that are kept")


class FieldDifference(Answer):
    """A field of an entry that would change; numbers of persons masked."""

    field: str
    before: str
    after: str


class HoldEntryLine(Answer):
    """An entry that a release would add, change or end."""

    kind: Literal["added", "changed", "ended"]
    name: str = absent()
    uscc: str = absent()
    registration_no: str = absent()
    org_code: str = absent()
    listed_on: Day = absent()
    document_no: str = absent()
    status: str = absent("of the company register")
    reasons: list[str] = absent("codes")
    differences: list[FieldDifference] = absent("of one that would change")
    touched_by: Count = Field(description="how many platforms have listed the merchant")
    touches: list[str] = absent("for regulators: which platforms")


class HoldEntryPage(Answer):
    """Entries of a held delivery, of one kind, as they were when it was pulled last; they are erased after 90 days."""

    feed: str
    hold_id: str
    at: Moment = Field(description="when they were computed, against the list as it was applied")
    counts: HoldEntryCounts
    kept: Count = Field(description="of this kind, 4,000 at most; of all kinds of which platforms have listed some")
    is_whole: bool = Field(description="false: the delivery has over 100,000 changes, of which those were looked at")
    entries: list[HoldEntryLine]
    next: str = Field(description=NEXT_UNTIL_END)
