"""Answers of the lists of reports and rosters."""

from pydantic import Field

from chalicelib.handlers.responses.reports import ReportStatus, RosterStatus
from chalicelib.handlers.responses.shared import NEXT_UNTIL_END, Answer, Empty, Moment


class ListedReport(ReportStatus):
    """A report and who sent it."""

    platform_id: str


class ReportPage(Answer):
    """Reports, the newest first."""

    reports: list[ListedReport]
    next: str = Field(description=f"{NEXT_UNTIL_END}; a page may be short before that")


class RosterPage(Answer):
    """Rosters, the newest first."""

    rosters: list[RosterStatus]
    next: str = Field(description=f"{NEXT_UNTIL_END}; a page may be short before that")
    current: str = Field(description='the run whose merchants count now, a screening without a file too; "" for none')
    screened_at: Moment | Empty = Field(description="when they were last screened")
