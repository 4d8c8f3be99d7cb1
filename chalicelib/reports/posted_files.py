"""The versions of a report's file: a form may be used again, and what it was used for is never thrown away.

The first version is the report's own. Every other one becomes a report of its own, unless it has the same bytes and the
report answers for them.
"""

import tempfile
from datetime import datetime
from pathlib import Path

from chalicelib.reports.dependencies import Context
from chalicelib.reports.receive_report import create_report
from chalicelib.reports.rules.report import RECEIVED, Report
from chalicelib.reports.standing_listings import answers_for_content


def receive_other_versions(context: Context, report: Report, versions: list[str], now: datetime) -> None:
    """Make a report of each version that is not the report's own; `report` is as it is after its own was read."""
    for version in versions:
        if version == report.object_version:
            continue
        with tempfile.TemporaryDirectory() as folder:
            content = context.bucket.download(report.key, Path(folder) / "file", version)
        same = content == report.content
        if not (same and answers_for_content(context.bucket, context.registry, report, now, context.key_state)):
            _receive_version(context, report, version, now)
        context.bucket.erase(report.key, version)


def _receive_version(context: Context, report: Report, version: str, now: datetime) -> None:
    # Named by the version, so that one that is received twice is one report.
    submission = report.submission
    report_id = submission.report_id(f"posted|{report.report_id}|{version}")
    other = create_report(context.exchange, submission, report_id, now)
    if other.status == RECEIVED:
        context.bucket.copy(report.key, other.key, version)
    context.exchange.set_fields(report.id, {"followed_by": report_id})
