"""Finish a report: its sender is notified, its status moves, and what held personal data is erased."""

from datetime import datetime

from chalicelib.accounts import file_turns
from chalicelib.errors import FileRefused, TooLarge
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import send_notice
from chalicelib.reports.dependencies import Context
from chalicelib.reports.read_report import find_report
from chalicelib.reports.rejected_while_saving import with_rejections
from chalicelib.reports.rules.report import DONE, FINISHED, REFUSED, Report
from chalicelib.reports.rules.report_notice import report_notice
from chalicelib.values.timestamps import iso
from chalicelib.verdicts import update_reporter_trust


def finish_report(context: Context, report: Report, now: datetime) -> None:
    """Count and end a report of which every chunk is saved, but for the rows that could not be."""
    saved = with_rejections(context, report)
    if report.is_own:
        update_reporter_trust.count_reported(context.exchange, report.platform_id, report.report_id, saved.accepted)
    _end(context, report, saved.replace(status=DONE, done_at=iso(now)), now)
    forget_count(context, report)


def refuse_report(context: Context, report: Report, error: FileRefused | TooLarge, now: datetime) -> None:
    """End a report whose file cannot be read, with the reason."""
    refused = {**error.body()["error"], "details": dict(error.details)}
    # Stored first, so that whoever goes on after a failure ends it for the same reason.
    context.exchange.set_fields(report.id, {"refused": refused})
    end_refused(context, report.replace(refused=refused), now)


def give_up(context: Context, report_id: str, now: datetime) -> None:
    """End a report that made its worker fail at every try: refused, with a notice that says so."""
    report = find_report(context.exchange, report_id)
    if report.status not in FINISHED:
        refuse_report(context, report, FileRefused(ErrorCode.PROCESSING_FAILED, file_name=report.file_name), now)


def end_refused(context: Context, report: Report, now: datetime) -> None:
    """End a report whose reason to be refused is stored."""
    _end(context, report, report.replace(status=REFUSED, done_at=iso(now)), now)


def end_repetition(context: Context, report: Report, first: Report, now: datetime) -> None:
    """End a report whose bytes are those of `first`; its sender is notified where that one is done, and else by the
    notice of that one."""
    repeated = report.replace(status=DONE, same_as=first.same_as or first.report_id, done_at=iso(now))
    if first.status == DONE:
        outcome = first.replace(report_id=report.report_id, same_as=repeated.same_as, done_at=repeated.done_at)
        _notify(context, outcome, now)
    context.exchange.set_fields(report.id, repeated.changes_since(report))
    erase_file(context, report)
    give_turn_back(context, report, now)


def erase_file(context: Context, report: Report) -> None:
    """Remove the version of the file that the report is made of; where none is recorded, every version."""
    context.bucket.erase(report.key, report.object_version)


def forget_count(context: Context, report: Report) -> None:
    """Remove the mark by which a report was counted once: that it is done says as much."""
    if report.is_own:
        update_reporter_trust.forget_report(context.exchange, report.platform_id, report.report_id)


def give_turn_back(context: Context, report: Report, now: datetime) -> None:
    """Let another file of the same platform be worked on, that which has waited longest."""
    messages = file_turns.end_turn(context.exchange, file_turns.REPORTS, report.platform_id, report.report_id, now)
    if messages:
        context.files.send(messages)


def _end(context: Context, report: Report, ended: Report, now: datetime) -> None:
    _notify(context, ended, now)
    context.exchange.set_fields(report.id, ended.changes_since(report))
    # Last, so that a file that cannot be erased does not leave its report without an end.
    erase_file(context, ended)
    give_turn_back(context, ended, now)


def _notify(context: Context, ended: Report, now: datetime) -> None:
    send_notice(context.sender, ended.platform_id, report_notice(ended), now)
    for platform_id in ended.recipients[1:]:
        send_notice(context.sender, platform_id, report_notice(ended, platform_id), now)
