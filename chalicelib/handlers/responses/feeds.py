"""Answers about government lists: how each arrives, how it stands, what is held."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from chalicelib.handlers.responses.shared import (
    NEXT_UNTIL_END,
    Answer,
    Count,
    Empty,
    Moment,
    Sentence,
    UploadForm,
    absent,
)

ListType = Literal[
    "serious_violations", "beijing_serious_violations", "abnormal_operations", "penalties", "registration"
]
REMARKS = "how many entries carry each remark, by its code: kind_unknown, objection, unknown_state …"
UNKNOWN = "for operators and regulators: columns of the list that nothing here knows, 40 at most"
NEAREST = "for operators and regulators: for some unknown columns the name that is known and near"
HoldOutcome = TypeAliasType("HoldOutcome", Literal["released", "discarded"])


class FeedOpen(Answer):
    """What everyone may know of how a list arrives."""

    name: str
    list_type: ListType
    way: Literal["file", "manifest", "dropped", "pages"]
    delivers: Literal["all", "changes"]
    every_minutes: int
    stale_after_seconds: int
    shrink_percent: int
    growth_times: int
    unreadable_percent: int
    enabled: bool


class FeedEntryView(FeedOpen):
    """The entry of a list as it was put, and who put it."""

    address: str
    headers: dict[str, str]
    secret: str = Field(description="the name of the secret, never its value")
    edited_by: str
    edited_at: Moment


class HoldCounts(Answer):
    """What was read, beside what is there."""

    before: Count
    after: Count
    rejected: Count
    future_dates: Count
    persons_left_out: Count = absent("rows about natural persons, which are not read")


class Hold(Answer):
    """A delivery that waits for a person, and what was decided on it."""

    hold_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    feed: str
    reason: Literal["empty", "unreadable", "checksum_mismatch", "unreadable_rows", "future_dates", "shrunken", "grown"]
    counts: HoldCounts = absent("where the file could be read")
    held_at: Moment
    version: str
    decision: HoldOutcome = absent()
    decided_by: str = absent()
    decided_at: Moment = absent()
    why: str = absent()
    warnings: dict[str, Count] = absent(REMARKS)
    unknown_columns: list[str] = absent(UNKNOWN)
    nearest: dict[str, str] = absent(NEAREST)


class Saving(Answer):
    """How far a pull is that is being saved."""

    changes: Count
    chunks: Count
    done: Count


class FeedStatus(FeedOpen):
    """How a list arrives and how it stands; where it comes from is for operators and regulators."""

    address: str = absent("for operators and regulators")
    headers: dict[str, str] = absent("for operators and regulators")
    secret: str = absent("for operators and regulators: the name of the secret, never its value")
    problem: str = absent("for operators and regulators: why the last pull failed")
    slow_pulls: Count = absent("for operators and regulators: pulls in a row that took all of their time")
    rests_until: Moment = absent(
        "for operators and regulators: the source was too slow three times or more, and is left alone until then"
    )
    status: Literal["ok", "stale", "missing"]
    age_seconds: Count | None
    last_result: str = absent("applied, unchanged, held, discarded, failed …")
    version: str = absent()
    rows: Count = absent()
    rejected: Count = absent()
    persons_left_out: Count = absent("rows about natural persons, which are not read")
    changed: Count = absent()
    confirmed_at: Moment = absent("when the source last bore out what is held here")
    tried_at: Moment = absent()
    next_run_at: Moment | Empty = Field(description='"" for a list that is not pulled')
    saving: Saving = absent("while a pull is saved")
    warnings: dict[str, Count] = absent(REMARKS)
    unknown_columns: list[str] = absent(UNKNOWN)
    nearest: dict[str, str] = absent(NEAREST)
    hold: Hold = absent("what waits for a person")


class FeedList(Answer):
    """All government lists, by name."""

    feeds: list[FeedStatus]


class FeedRejection(Answer):
    """A row of a list that was not taken, and why."""

    file: int = Field(ge=1, description="the file of the delivery, counted from 1")
    row: int = Field(ge=1, description="counted from 1 within the file, without the header")
    column: str = Field(description='the column as the file names it; "" for the row as a whole')
    code: str
    value: str = Field(description="what stood there, cut and masked")
    values: dict[str, str] = Field(description="the cells that were read, by the headers of the file, cut and masked")
    message: Sentence


class FeedRejectionPage(Answer):
    """The rejected rows of one delivery of a list, in its order; they are erased after 90 days."""

    feed: str
    version: str = Field(description='the delivery; "" where none was read yet')
    rejected: Count = Field(description="how many rows of it were rejected")
    kept: Count = Field(description="how many of them can be read, 1,000 at most")
    rejections: list[FeedRejection]
    next: str = Field(description=NEXT_UNTIL_END)


class RemovedFeed(Answer):
    """A list that is pulled no more; what it listed stands until its own end."""

    name: str
    removed_by: str
    removed_at: Moment


class DropForm(Answer):
    """A form with which one file is put where the list looks for it."""

    feed: str
    upload: UploadForm
