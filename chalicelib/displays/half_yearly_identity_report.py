"""Making the half-yearly report of identity data, one file for each platform, in parts that survive any kill.

The item `identity#<platform>#<period>` says how far it is: each hundred displays are a part in the bucket; the parts
become one file at the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms as accounts
from chalicelib.accounts.roles import Role
from chalicelib.displays.display_store import find_displays
from chalicelib.displays.rules import identity_report_rows
from chalicelib.displays.rules.display import DELETED
from chalicelib.displays.rules.identity_report_rows import BUILDING, DONE, IdentityReport
from chalicelib.errors import NotFound
from chalicelib.licences import licence_store
from chalicelib.messages import ErrorCode
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.storage.item_keys import licence_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.numbered_log import NumberedLog

LINK_SECONDS: Final = 900
SHOWN: Final = ("platform_id", "period", "state", "rows", "asked_at", "done_at")


@dataclass(frozen=True, slots=True)
class Context:
    """What the reports are made with: `displays_log` gives a platform's list of its displays, read `part` at once.

    Without `sender` no notice says that a report is done: the caller that asked for it sees that.
    """

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    displays_log: Callable[[str], "NumberedLog"]
    sender: NoticeSender | None
    part: int = 100


def request_report(context: Context, platform_id: str, period: str, again: bool, now: datetime) -> IdentityReport:
    """The report of that half-year, begun unless it was; `again` makes it anew from what is there now."""
    report = IdentityReport(platform_id=platform_id, period=period, run=iso(now), asked_at=iso(now))
    item = {"id": licence_keys.identity_report(platform_id, period), **report.to_item()}
    taken = context.exchange.put_new(item)
    if taken is None:
        return report
    before = IdentityReport.from_item(taken)
    if again and before.state == DONE:
        context.exchange.put(item)
        return report
    return before


def build(context: Context, report: IdentityReport, now: datetime, time_is_left: Callable[[], bool]) -> IdentityReport:
    """Build a report as far as time allows; the report after that."""
    while report.state == BUILDING:
        entries = context.displays_log(report.platform_id).read(report.after, context.part)
        rows = _rows(context, [entry["display_id"] for entry in entries], now)
        body = identity_report_rows.lines(rows).encode()
        context.bucket.put(_part_key(report, report.parts + 1), body)
        after = entries[-1]["number"] if entries else report.after
        step = report.replace(parts=report.parts + 1, rows=report.rows + len(rows), after=after)
        fields = step.stored_fields("parts", "rows", "after")
        report_id = licence_keys.identity_report(report.platform_id, report.period)
        if not context.exchange.set_fields(report_id, fields, only_if={"parts": report.parts, "run": report.run}):
            # Another caller is building it.
            return _find(context, report.platform_id, report.period) or report
        report = step
        if len(entries) < context.part:
            return _finish(context, report, now)
        if not time_is_left():
            break
    return report


def build_due(context: Context, now: datetime, time_is_left: Callable[[], bool]) -> dict[str, int]:
    """Begin the reports that are due in January and July, and resume the others; how many are done and building."""
    period = identity_report_rows.period(now)
    platforms = accounts.ids_with_role(context.exchange, Role.PLATFORM)
    items = context.exchange.get_many(licence_keys.identity_report(platform_id, period) for platform_id in platforms)
    counts = {DONE: 0, BUILDING: 0}
    for platform_id in platforms:
        item = items.get(licence_keys.identity_report(platform_id, period))
        report = IdentityReport.from_item(item) if item else None
        if report is None and identity_report_rows.is_month_of_report(now):
            report = request_report(context, platform_id, period, False, now)
        if report and report.state == BUILDING:
            counts[build(context, report, now, time_is_left).state] += 1
        if not time_is_left():
            break
    return counts


def find(context: Context, platform_id: str, period: str) -> Json:
    """The report, with a link to its file once it is done; `NotFound` for one that was never requested."""
    report = _find(context, platform_id, period)
    if report is None:
        raise NotFound(ErrorCode.NOT_FOUND, period=period)
    return view(context, report)


def view(context: Context, report: IdentityReport) -> Json:
    """A report as its platform sees it."""
    seen = {field: value for field in SHOWN if (value := getattr(report, field)) != ""}
    if report.state == DONE:
        seen["url"] = context.bucket.link(report.file, LINK_SECONDS, "text/csv; charset=utf-8")
    return seen


def _find(context: Context, platform_id: str, period: str) -> IdentityReport | None:
    item = context.exchange.get(licence_keys.identity_report(platform_id, period))
    return IdentityReport.from_item(item) if item else None


def _rows(context: Context, display_ids: Sequence[str], now: datetime) -> list[dict[str, str]]:
    displays = [display for display in find_displays(context.exchange, display_ids) if display.state != DELETED]
    licences = licence_store.find_licences(context.exchange, (display.uscc for display in displays if display.uscc))
    today = china_date(now)
    return [identity_report_rows.row(display, licences.get(display.uscc), today) for display in displays]


def _finish(context: Context, report: IdentityReport, now: datetime) -> IdentityReport:
    """Put the parts into one file, send the notice of it, and only then call the report done."""
    parts = (context.bucket.get(_part_key(report, number)) or b"" for number in range(1, report.parts + 1))
    key = f"{_folder(report)}.csv"
    context.bucket.put(key, identity_report_rows.header().encode() + b"".join(parts), "text/csv; charset=utf-8")
    report_id = licence_keys.identity_report(report.platform_id, report.period)
    notice = Notice(
        notice_id=notice_id(f"{report_id}.{report.run}", report.platform_id),
        kind="identity_report_done",
        at=iso(now),
        content={"identity_report": {"period": report.period, "rows": report.rows}},
    )
    if context.sender:
        send_notice(context.sender, report.platform_id, notice, now)
    done = report.replace(state=DONE, done_at=iso(now), file=key)
    context.exchange.set_fields(report_id, done.changes_since(report), only_if={"run": report.run})
    return done


def _part_key(report: IdentityReport, number: int) -> str:
    return f"{_folder(report)}/part-{number:06d}.csv"


def _folder(report: IdentityReport) -> str:
    run = report.run.replace(":", "").replace(".", "")
    return f"results/identity/{report.platform_id}/{report.period}/{run}"
