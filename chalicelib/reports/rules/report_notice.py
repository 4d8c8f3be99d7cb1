"""The notice to a reporter that its report was processed."""

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.reports.rules.report import Report, view


def report_notice(report: Report, audience: str = "reporter") -> Notice:
    """The notice to the sender of a report, or to the platform that it was filed for: the report is done or refused."""
    kind = f"report_{report.status}"
    return Notice(
        notice_id=notice_id(f"{report.report_id}.{kind}", audience),
        kind=kind,
        at=report.done_at,
        content={"report": view(report)},
    )
