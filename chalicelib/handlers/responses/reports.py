"""Answers about reports of evictions and rosters of merchants."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.handlers.responses.lookups import MatchReason
from chalicelib.handlers.responses.shared import (
    NEXT_UNTIL_END,
    Answer,
    Coded,
    Count,
    JudgedListing,
    Moment,
    Relation,
    Sentence,
    Subject,
    UploadForm,
    Url,
    Verdict,
    absent,
)

REPORT_ID = r"^r_[0-9a-f]{24}$"
ROSTER_ID = r"^m_[0-9a-f]{24}$"


class FileRefusal(Answer):
    """Why a file was refused whole."""

    code: str = Field(description="unreadable_file, unknown_columns, empty_file, too_large or processing_failed")
    message: Sentence
    details: dict[str, Any]


class RowCounts(Answer):
    """How the rows of a file ended; all 0 while it is processed."""

    rows: Count
    accepted: Count
    rejected: Count
    warnings: Count = Field(description="accepted rows with a remark")
    nearest: dict[str, str] = absent("for each column that is not understood, the name that was perhaps meant")


class ReportStatus(RowCounts):
    """How far a report is, and how its rows ended."""

    report_id: str = Field(pattern=REPORT_ID)
    same_as: str = absent(
        "the report that the same rows came with before; its outcome is this one's", pattern=REPORT_ID
    )
    followed_by: str = absent(
        "the report made of the latest file that was posted with its form after it had one", pattern=REPORT_ID
    )
    on_behalf_of: str = absent("the platform that a regulator filed it for")
    enforcement: bool = absent("whether it is a regulator's own enforcement")
    file_name: str
    received_at: Moment
    done_at: Moment = absent("once it is done or refused")
    status: Literal["received", "processing", "done", "refused"]
    refused: FileRefusal = absent("why, where status is refused")
    waits_until: Moment = absent("when its file is looked at again, while a quota of rows is used up")


class ReportUploadForm(ReportStatus):
    """A report whose file is still to be posted, and the form to post it with."""

    upload: UploadForm


class RejectedRow(Answer):
    """A row that was not taken, and why."""

    row: int = Field(ge=1, description="counted from 1, without the header")
    column: str = Field(description='the column as the file names it; "" for the row as a whole')
    code: str
    value: str = Field(description="what stood there, cut and masked")
    nearest: dict[str, list[str]] = absent("for each reason code that is not known, those that were perhaps meant")
    message: Sentence


class RejectionPage(Answer):
    """The rejected rows, in the order of the file."""

    rejections: list[RejectedRow]
    next: str = Field(description=NEXT_UNTIL_END)


class RowWarnings(Answer):
    """A row that was taken, and what was put right or left out."""

    row: int = Field(ge=1)
    warnings: list[Coded]
    nearest: dict[str, list[str]] = absent("for each reason code that is not known, those that were perhaps meant")


class WarningPage(Answer):
    """The rows that were taken with a remark, in the order of the file."""

    warnings: list[RowWarnings]
    next: str = Field(description=NEXT_UNTIL_END)


class RosterCounts(Answer):
    """What a roster holds after the run, what the run changed, and the merchants by verdict (clear ones not)."""

    merchants: Count
    added: Count
    changed: Count
    removed: Count
    kept_enrolled: Count = Field(description="kept because they were enrolled by a call after the file was made")
    outcomes_changed: Count = Field(description="merchants whose result is another than before")
    block: Count
    review: Count
    inform: Count
    unknown: Count


class RosterStatus(RowCounts):
    """How far a roster is, how fast, and for how much longer."""

    roster_id: str = Field(pattern=ROSTER_ID)
    followed_by: str = absent(
        "the roster made of the latest file that was posted with its form after it had one", pattern=ROSTER_ID
    )
    mode: Literal["full", "patch", "rescreen"]
    file_name: str = absent("none where the merchants were screened again without a file")
    received_at: Moment
    started_at: Moment = absent()
    done_at: Moment = absent()
    status: Literal["received", "processing", "done", "refused"]
    refused: FileRefusal = absent("why, where status is refused")
    waits_until: Moment = absent("when its file is looked at again, while a quota of rows is used up")
    screened: bool = absent("whether there was a snapshot to screen against")
    snapshot_built_at: Moment = absent("how things stood then is what the results say")
    rest: Literal["clear", "unknown"] = absent("the verdict on every merchant that the results do not name")
    previous_screening: Moment = absent("when the merchants were screened before that")
    not_hosted: Count = absent("rows that say that the merchant has left: it is taken off, and the row has a warning")
    counts: RosterCounts = absent("once it is done")
    merchants_done: Count
    merchants_a_second: float = absent(ge=0)
    seconds_left: Count = absent()


class RosterUploadForm(RosterStatus):
    """A roster whose file is still to be posted, and the form to post it with."""

    upload: UploadForm


class RosterMatch(Answer):
    """A listed subject that a merchant of the roster may be."""

    subject: Subject
    verdict: Verdict
    relation: Relation
    score: float = Field(ge=0, le=1)
    reasons: list[MatchReason]
    listings: list[JudgedListing]


class RosterResult(Answer):
    """A merchant of the roster that matched or cannot be screened, or of late no longer does (`changed_since=last`)."""

    merchant_id: str
    verdict: Verdict
    was: Verdict = absent("the verdict before, where only changes were asked for")
    since: Moment
    matches: list[RosterMatch] = absent("none where the merchant matches nobody any more")
    findings: list[Coded] = absent("why it is `unknown` although it matches nobody")


class ResultLinks(Answer):
    """Links to all results as files."""

    jsonl: Url
    csv: Url
    expire_in_seconds: int


class RosterResults(Answer):
    """One page of results, and links to all of them."""

    results: list[RosterResult]
    next: str = Field(description="`after` of the next page; the same as `after` at the end")
    rest: Literal["clear", "unknown"] = Field(description="the verdict on every merchant that the results do not name")
    links: ResultLinks
