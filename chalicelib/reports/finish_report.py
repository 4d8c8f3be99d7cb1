"""Finish a report: its sender is notified, and what held personal data is erased; the status moves last."""

from datetime import datetime

from chalicelib.errors import FileRefused, TooLarge
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.dependencies import Context
from chalicelib.reports.rules.report import DONE, REFUSED, Report
from chalicelib.reports.rules.report_notice import report_notice
from chalicelib.values.timestamps import iso
from chalicelib.verdicts import update_reporter_trust


def finish_report(context: Context, report: Report, now: datetime) -> None:
    """Count and end a report of which every chunk is saved."""
    if report.is_own:
        update_reporter_trust.count_reported(context.exchange, report.platform_id, report.report_id, report.accepted)
    _end(context, report, report.replace(status=DONE, done_at=iso(now)), now)
    forget_count(context, report)


def refuse_report(context: Context, report: Report, error: FileRefused | TooLarge, now: datetime) -> None:
    """End a report whose file cannot be read, with the reason."""
    refused = {**error.body()["error"], "details": dict(error.details)}
    _end(context, report, report.replace(status=REFUSED, refused=refused, done_at=iso(now)), now)


def forget_count(context: Context, report: Report) -> None:
    """Remove the mark by which a report was counted once: that it is done says as much."""
    if report.is_own:
        update_reporter_trust.forget_report(context.exchange, report.platform_id, report.report_id)


def _end(context: Context, report: Report, ended: Report, now: datetime) -> None:
    send_notice(context.sender, report.platform_id, report_notice(ended), now)
    for platform_id in report.recipients[1:]:
        send_notice(context.sender, platform_id, report_notice(ended, platform_id), now)
    context.bucket.erase(report.key)
    context.exchange.set_fields(report.id, ended.changes_since(report))
